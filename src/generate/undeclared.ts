import { sql } from 'drizzle-orm';
import { BacklotError } from '../contract/index.ts';
import type { Db } from '../db/index.ts';
import { isShipped, originsOf } from '../train/index.ts';

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

/** Models with these hashes, and those that they started from. */
export async function modelsUsed(db: Db, hashes: readonly string[]): Promise<Used[]> {
  const { rows } = await db.execute<Used>(sql`
    with recursive used as (
      select id, base_id from train_models where sha256 in (select jsonb_array_elements_text(${JSON.stringify(hashes)}::jsonb))
      union select m.id, m.base_id from train_models m join used on m.id = used.base_id)
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
  hashes: readonly string[],
  used: readonly Used[],
): Promise<void> {
  for (const hash of hashes)
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
