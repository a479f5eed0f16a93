import { rm } from 'node:fs/promises';
import type { Removed } from '../contract/index.ts';
import { appendAudit, type Context, filesIn, removalsPath, removedFiles } from '../jobs/index.ts';
import { type Standing, standing, withdrawnSince } from '../rights/index.ts';
import { recordRemovals } from '../trust/index.ts';
import { clipFolders } from './purge.ts';

/** What commands at work leave of clips when a withdrawal is given meanwhile: it has looked before they were done (ADR 0151). */

type Folder = [Removed['what'], string];

/** Does what cuts, encodes or keeps clips: where it fails, and something was withdrawn since it began, what lies between commands goes. */
export async function whileStanding<T>(context: Context, work: (by: Standing) => Promise<T>): Promise<T> {
  const by = await standing(context.db);
  try {
    return await work(by);
  } catch (error) {
    await forgetClips(context, by);
    throw error;
  }
}

/**
 * Removes the folders of clips as a withdrawal does, and notes them in its signed record, where one was given since.
 * @param own folders that the command has made besides
 */
export async function forgetClips(
  { db, paths, who }: Pick<Context, 'db' | 'paths' | 'who'>,
  by: Standing,
  own: readonly Folder[] = [],
): Promise<void> {
  const rows = await withdrawnSince(db, by);
  if (rows.length === 0) return;
  const folders = [...(Object.entries(clipFolders(paths)) as Folder[]), ...own];
  const files: Folder[] = [];
  for (const [what, folder] of folders) for (const file of await filesIn(folder)) files.push([what, file]);
  if (files.length === 0) return;
  const removed = await removedFiles({ paths }, files);
  for (const row of rows) {
    await recordRemovals(removalsPath(paths, row), row, removed);
    const details = { withdrawal: row, files: removed.length };
    await appendAudit(db, { who, what: 'dataset.purge', subject: row, details });
  }
  for (const [, folder] of folders) await rm(folder, { recursive: true, force: true });
}
