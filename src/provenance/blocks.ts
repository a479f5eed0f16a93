import { basename, dirname } from 'node:path';
import { and, asc, eq, inArray } from 'drizzle-orm';
import { BacklotError, type Job, type JobInput } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { refuseRetired } from './retire.ts';
import type { Touched, WithdrawnItem } from './schema.ts';

/** What withdrawals have blocked: no model of it generates, no take of it is signed or cut. */

const { provenanceBlocks } = tables;

/** Rows a statement: well under the 65,535 values that PostgreSQL takes. */
const rowsAtOnce = 5000;

/** Blocks everything touched; what an earlier withdrawal blocked keeps that reason. */
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
  const rows = await db.select().from(provenanceBlocks).where(inArray(provenanceBlocks.id, ids));
  const found = rows.find((row) => items.some(({ kind, id }) => kind === row.kind && id === row.id));
  if (found) throw blocked(found);
}

/** What withdrawals have reached of some things of a kind, by the row that was withdrawn first. */
export async function withdrawnOf(
  db: Db,
  of: Touched['kind'],
  ids: readonly string[],
): Promise<WithdrawnItem[]> {
  const { kind, id, withdrawal, blockedAt } = provenanceBlocks;
  const rows = await db
    .select({ id, row: withdrawal, at: blockedAt })
    .from(provenanceBlocks)
    .where(and(eq(kind, of), inArray(id, [...ids])))
    .orderBy(asc(id));
  return rows.map((row) => ({ kind: of, ...row, at: row.at.toISOString() }));
}

/** Of takes that a withdrawal has reached, the row that was withdrawn. */
export const withdrawalsOf = async (db: Db, takes: readonly string[]): Promise<Map<string, string>> =>
  new Map((await withdrawnOf(db, 'take', takes)).map(({ id, row }) => [id, row]));

const blocked = ({ kind, id, withdrawal, via, blockedAt }: typeof provenanceBlocks.$inferSelect) =>
  new BacklotError('blocked', {
    expected: `a ${kind} that no withdrawal has reached`,
    where: id,
    found: `${withdrawal}, withdrawn ${blockedAt.toISOString()}, reached it through ${via}`,
    remedy:
      'Freeze the dataset again without it and train anew; `backlot provenance tasks` lists what is open.',
  });

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
