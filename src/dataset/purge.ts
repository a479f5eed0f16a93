import { lstat, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { eq } from 'drizzle-orm';
import type { Deletion } from '../contract/index.ts';
import { tables } from '../db/index.ts';
import { type Context, keptLatents, type WorkspacePaths } from '../jobs/index.ts';
import { isDeletionRecord, recordDeletion } from '../trust/index.ts';
import { emptyCaptions } from './caption-store.ts';
import { encodedFolder } from './encode-clips.ts';
import { indexPath, removeIndex } from './index-store.ts';
import { forgetLooks } from './looks.ts';

/** What says that the snapshot was there, of which films and by what right: no pictures and no words (ADR 0121). */
const isKept = (name: string): boolean =>
  ['snapshot.json', 'seal.json', 'clips.jsonl'].includes(name) || isDeletionRecord(name);

/** A run at work may keep latents there while they are removed, until it stops: that makes it fail. */
export const removing = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 } as const;

/** Folders of clips and what was made of them, which go whole with any snapshot: they do not say whose clips they hold. */
export const clipFolders = (paths: WorkspacePaths) => ({
  ...{ 'cut-clip': join(paths.datasets, 'cache'), 'encoded-clip': encodedFolder(paths.datasets) },
  latents: keptLatents(paths),
});

/** Where the index of shots lies. */
export const indexFolder = (paths: WorkspacePaths): string => dirname(indexPath(paths));

/**
 * Removes what a snapshot shows: clips, manifest with captions, and the captions in the database; the cache of cut
 * films, the videos of the last export and the latents kept for open bases go whole, as they hold the same clips. A signed `deletion.json` stays. Exports elsewhere stay; a withdrawal names their folders.
 * @returns what was still there to be removed
 */
export async function purgeSnapshot(
  { db, paths }: Pick<Context, 'db' | 'paths'>,
  snapshot: { id: string; path: string; digest: string },
  withdrawal: string,
): Promise<Pick<Deletion, 'files'>> {
  // Where it lies in this workspace: the row may lead into one that this was copied from.
  const folder = join(paths.datasets, basename(snapshot.path));
  const files = await shownIn(folder);
  if (files.length > 0) await removeFiles(folder, { snapshot: snapshot.digest, withdrawal, files });
  for (const held of Object.values(clipFolders(paths))) await rm(held, removing);
  const { datasetClips } = tables;
  await db.update(datasetClips).set({ caption: '' }).where(eq(datasetClips.snapshotId, snapshot.id));
  return { files };
}

/** Links as such: where they lead is not ours. */
async function shownIn(folder: string): Promise<Deletion['files']> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => !isKept(name));
  return Promise.all(names.map(async (name) => ({ name, bytes: (await lstat(join(folder, name))).size })));
}

/** The index of shots, which holds what sidecars say of them. Made anew, it leaves withdrawn shots' words out. */
export async function purgeIndex({ paths }: Pick<Context, 'paths'>): Promise<void> {
  forgetLooks();
  await removeIndex(indexPath(paths));
}

/**
 * Takes away what people and models wrote of withdrawn shots; who wrote it and when stays.
 * @returns how many captions
 */
export const purgeCaptions = ({ db }: Pick<Context, 'db'>, shots: Iterable<string>): Promise<number> =>
  emptyCaptions(db, [...shots]);

/** The record first: a purge that is stopped half-way has said what it was about to remove. */
async function removeFiles(
  folder: string,
  removed: Pick<Deletion, 'snapshot' | 'withdrawal' | 'files'>,
): Promise<void> {
  await recordDeletion(folder, removed);
  for (const { name } of removed.files) await rm(join(folder, name), { recursive: true, force: true });
}
