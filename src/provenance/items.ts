import { inArray } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
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

/** Models of this workspace by hash, as items. */
export async function modelIds(db: Db, hashes: readonly string[]): Promise<Pick<Touched, 'kind' | 'id'>[]> {
  if (hashes.length === 0) return [];
  const { id, sha256 } = trainModels;
  const rows = await db
    .select({ id })
    .from(trainModels)
    .where(inArray(sha256, [...hashes]));
  return rows.map((row) => ({ kind: 'model', id: row.id }));
}
