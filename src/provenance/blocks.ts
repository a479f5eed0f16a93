import { basename, dirname } from 'node:path';
import { asc, inArray } from 'drizzle-orm';
import { BacklotError, type Job, type JobInput } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { withdrawalsOn } from '../train/index.ts';
import { refuseRetired } from './retire.ts';
import type { Touched, WithdrawnItem } from './schema.ts';

/** What withdrawals have blocked: no model of it generates, no take of it is signed or cut. */

const { provenanceBlocks } = tables;

/** Rows a statement: well under the 65,535 values that PostgreSQL takes. */
const rowsAtOnce = 5000;

/** Blocks everything touched, beside what earlier withdrawals blocked of it; one that is given again keeps its rows as they are. */
export async function block(
  db: Pick<Db, 'insert'>,
  touched: readonly Touched[],
  withdrawal: string,
): Promise<void> {
  for (let i = 0; i < touched.length; i += rowsAtOnce) {
    const rows = touched.slice(i, i + rowsAtOnce).map((item) => ({ ...item, withdrawal }));
    await db.insert(provenanceBlocks).values(rows).onConflictDoNothing();
  }
}

/** @throws BacklotError `model-retired`, `blocked` where a withdrawal has reached one of the items */
export async function refuseBlocked(db: Db, items: readonly Pick<Touched, 'kind' | 'id'>[]): Promise<void> {
  if (items.length === 0) return;
  await refuseRetired(
    db,
    items.flatMap(({ kind, id }) => (kind === 'model' ? [id] : [])),
  );
  const ids = items.map(({ id }) => id);
  const { id, blockedAt, withdrawal } = provenanceBlocks;
  const rows = await db
    .select()
    .from(provenanceBlocks)
    .where(inArray(id, ids))
    .orderBy(asc(blockedAt), asc(withdrawal));
  const isOn = (row: BlockRow) => (item: Pick<Touched, 'kind' | 'id'>) =>
    item.kind === row.kind && item.id === row.id;
  const found = rows.find((row) => items.some(isOn(row)));
  if (found)
    throw blocked(
      found,
      rows.filter((row) => isOn(row)(found as Touched)),
    );
}

/** @throws BacklotError `blocked` */
export const refuseTakes = (db: Db, takes: readonly string[]): Promise<void> =>
  refuseBlocked(
    db,
    takes.map((id) => ({ kind: 'take', id })),
  );

/** What withdrawals have reached of some things of a kind: an item for each thing and withdrawal, in their order. */
export async function withdrawnOf(
  db: Db,
  kind: Touched['kind'],
  ids: readonly string[],
): Promise<WithdrawnItem[]> {
  const found = await withdrawalsOn(db, kind, ids);
  return [...found].flatMap(([id, by]) => by.map((one) => ({ kind, id, ...one })));
}

type BlockRow = typeof provenanceBlocks.$inferSelect;

const blocked = ({ kind, id }: BlockRow, rows: readonly BlockRow[]) =>
  new BacklotError('blocked', {
    expected: `a ${kind} that no withdrawal has reached`,
    where: id,
    found: rows.map(blockedWords).join('; '),
    remedy: `${kind === 'take' ? 'Use a take that no withdrawal has reached, nor what it was drawn from' : 'Freeze the dataset again without it and train anew'}; \`backlot provenance tasks\` lists what is open.`,
  });

const blockedWords = ({ withdrawal, via, blockedAt }: BlockRow): string =>
  `${withdrawal}, withdrawn ${blockedAt.toISOString()}, reached it through ${via}`;

/** Every model that a job reads, an adapter that it exports too. */
export function modelInputsOf(job: Job): JobInput[] {
  const base = 'base' in job ? [job.base] : [];
  if (job.kind === 'generate') return [...base, ...job.adapters];
  if (job.kind === 'upscale') return [job.upscaler];
  return job.kind === 'export-adapter' ? [...base, job.adapter] : base;
}

/** The checkpoint of another run that a training goes on from, as withdrawals name it. */
export function checkpointsOf(job: Job): Pick<Touched, 'kind' | 'id'>[] {
  if (job.kind !== 'train' || job.resumeFrom === null) return [];
  const { path } = job.resumeFrom;
  const run = basename(dirname(dirname(path)));
  return [
    { kind: 'run', id: run },
    { kind: 'checkpoint', id: `${run}/${basename(path)}` },
  ];
}
