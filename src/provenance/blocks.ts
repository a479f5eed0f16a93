import { basename, dirname } from 'node:path';
import type { Job, JobInput } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { refuseBlocked, withdrawalsOn } from '../train/index.ts';
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
