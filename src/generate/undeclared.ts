import { type SQL, sql } from 'drizzle-orm';
import { BacklotError } from '../contract/index.ts';
import type { Db } from '../db/index.ts';
import { copies, isShipped, originsOf } from '../train/index.ts';

/** A model that takes are drawn with, or that one of those was made from. */
export type Used = {
  id: string;
  name: string;
  kind: string;
  sha256: string;
  snapshotId: string | null;
  /** Of the snapshot; null where there is none, or it is not here. */
  record: unknown;
};

/** Weights that a job reads; without a folder: whichever model's. */
export type Read = { sha256: string; path?: string };

/** Rows of `train_models` that are read: of models that have the same weights the one of the folder, all where it is none of theirs. */
export const isRead = (inputs: readonly Read[]): SQL => {
  const read = sql`jsonb_to_recordset(${JSON.stringify(inputs)}::jsonb) as r(sha256 text, path text)`;
  return sql`exists (select 1 from ${read} where r.sha256 = train_models.sha256 and (r.path = train_models.path
    or not exists (select 1 from train_models o where o.sha256 = r.sha256 and o.path = r.path)))`;
};

/** Models that are read, those that they started from, and those that they are copies of. */
export async function modelsUsed(db: Db, inputs: readonly Read[]): Promise<Used[]> {
  const { rows } = await db.execute<Used>(sql`
    with recursive used as (
      select id, base_id from train_models where ${isRead(inputs)}
      union select m.id, m.base_id from train_models m join used on m.id = used.base_id
        or m.id in (select original from ${copies} c where copy = used.id))
    select m.id, m.name, m.kind, m.sha256, m.snapshot_id as "snapshotId", s.record from used join train_models m using (id)
    left join dataset_snapshots s on s.id = m.snapshot_id order by m.id`);
  return rows;
}

/**
 * Of each model must be known what it learned from: a dataset that is here, by which the ledger decides; rendered worlds, of what came
 * with Backlot; or a person's word (ADR 0108).
 * @throws BacklotError `origin-undeclared`
 */
export async function refuseUndeclared(
  db: Db,
  inputs: readonly Read[],
  used: readonly Used[],
): Promise<void> {
  for (const { sha256: hash } of inputs)
    if (!used.some(({ sha256 }) => sha256 === hash) && !(await isShipped(hash)))
      throw undeclared(`weights with sha256 ${hash}, which are no model of this workspace`);
  const unknown = used.filter(({ record }) => !record);
  const declared = await originsOf(
    db,
    unknown.map(({ id }) => id),
  );
  for (const { id, name, kind, sha256, snapshotId } of unknown) {
    if (declared.has(id) || (await isShipped(sha256))) continue;
    const what = `${kind} "${name}" (${id})`;
    if (snapshotId !== null) throw undeclared(`${what}: its dataset ${snapshotId} is not here`);
    throw undeclared(`${what}: nobody has said what it learned from`, id);
  }
}

export const undeclared = (found: string, id = ''): BacklotError =>
  new BacklotError('origin-undeclared', {
    expected: 'models of which is recorded or declared what they learned from',
    where: 'drawing takes',
    found,
    remedy:
      id === ''
        ? 'Draw with a model that `backlot models` lists, whose dataset is here.'
        : `Say it: \`backlot model declare ${id} --maker ... --licence ... --learned-from ...\`, or draw with another model.`,
  });
