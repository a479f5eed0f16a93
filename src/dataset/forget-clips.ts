import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Removed } from '../contract/index.ts';
import { tables } from '../db/index.ts';
import { appendAudit, type Context, filesIn, removalsPath, removedFiles } from '../jobs/index.ts';
import { type Standing, standing, withdrawnSince } from '../rights/index.ts';
import { recordRemovals } from '../trust/index.ts';
import { clipFolders, removing } from './purge.ts';

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

/** How many commands cut or encode clips now, by the workspace's folder: one process alone has it open. */
const cutting = new Map<string, number>();

const cuttingIn = ({ paths }: Pick<Context, 'paths'>): number => cutting.get(paths.root) ?? 0;

/** A withdrawal's removing of what lies between commands, by the workspace's folder. */
const removingIn = new Map<string, Promise<void>>();

/** Lets nothing begin to cut or encode clips until `work` has ended, which asks for `leftClips` and removes them. */
export function withoutCutting<T>({ paths }: Pick<Context, 'paths'>, work: () => Promise<T>): Promise<T> {
  const done = work();
  const ended = Promise.allSettled([removingIn.get(paths.root), done]).then(() => {
    if (removingIn.get(paths.root) === ended) removingIn.delete(paths.root);
  });
  removingIn.set(paths.root, ended);
  return done;
}

/** As `whileStanding`, of a command that cuts clips and lays them into folders. */
export async function whileCutting<T>(context: Context, work: (by: Standing) => Promise<T>): Promise<T> {
  const { paths, report, signal } = context;
  const notice = 'Waits for a withdrawal that removes clips.';
  if (removingIn.has(paths.root)) report({ ...{ phase: 'rights', done: 0, total: 0, unit: '' }, notice });
  while (removingIn.has(paths.root)) await removingIn.get(paths.root);
  signal.throwIfAborted();
  const count = (more: number) => cutting.set(paths.root, cuttingIn(context) + more);
  count(1);
  return whileStanding(context, work).finally(() => count(-1));
}

/** A snapshot's folder, also while it is written. */
const snapshotName = /^[0-9a-f]{64}(-[0-9a-f]{12})?(\.part)?$/;

/**
 * Folders that freezes and exports which were killed have left, with what lies in them: clips that were cut or encoded, and snapshots that
 * nobody has recorded. Known by their names, as a workspace may lie elsewhere than where it was made. None while a command is at
 * work on its own, which decides anew.
 */
export async function leftClips(context: Pick<Context, 'db' | 'paths'>): Promise<Folder[]> {
  if (cuttingIn(context) > 0) return [];
  const { latents: _, ...cut } = clipFolders(context.paths);
  return [...(Object.entries(cut) as Folder[]), ...(await unrecorded(context))];
}

async function unrecorded({ db, paths }: Pick<Context, 'db' | 'paths'>): Promise<Folder[]> {
  const names = (await readdir(paths.datasets).catch(() => [])).filter((name) => snapshotName.test(name));
  const rows = await db.select({ path: tables.datasetSnapshots.path }).from(tables.datasetSnapshots);
  const recorded = new Set(rows.map(({ path }) => basename(path)));
  return names.filter((name) => !recorded.has(name)).map((name) => ['cut-clip', join(paths.datasets, name)]);
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
  await removeFolders(folders);
}

export async function removeFolders(folders: readonly (readonly [Removed['what'], string])[]): Promise<void> {
  for (const [, folder] of folders) await rm(folder, removing);
}
