import { inArray } from 'drizzle-orm';
import type { JobInput } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { isRead } from '../generate/index.ts';
import type { Touched } from './schema.ts';

/** What a job reads, as the items that withdrawals block. */

const { datasetSnapshots, trainModels } = tables;

/** Snapshots of this workspace by folder, as items: equal clips frozen again on other grounds lie in another. */
export async function snapshotIds(db: Db, paths: readonly string[]): Promise<Pick<Touched, 'kind' | 'id'>[]> {
  if (paths.length === 0) return [];
  const { id, path } = datasetSnapshots;
  const rows = await db
    .select({ id })
    .from(datasetSnapshots)
    .where(inArray(path, [...paths]));
  return rows.map((row) => ({ kind: 'snapshot', id: row.id }));
}

/** Models of this workspace by hash, as items: of those that have the same weights the one of the folder, all where it is none of theirs. */
export async function modelIds(
  db: Db,
  inputs: readonly Pick<JobInput, 'path' | 'sha256'>[],
): Promise<Pick<Touched, 'kind' | 'id'>[]> {
  if (inputs.length === 0) return [];
  const { id } = trainModels;
  const rows = await db.select({ id }).from(trainModels).where(isRead(inputs));
  return rows.map((row) => ({ kind: 'model', id: row.id }));
}
