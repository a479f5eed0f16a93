import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { Context } from '../jobs/index.ts';
import { recordDeletion } from '../trust/index.ts';
import { trialsAmong } from './store.ts';

/**
 * Removes the weights and checkpoints of trials: nobody generates with them, so nobody has to decide about them. The runs' jobs,
 * events and outcomes stay, with a signed `deletion.json`. Stopped half-way it can be given again.
 * @param models ids; those that are no trials are left alone
 * @returns ids of the trials
 */
export async function purgeTrials(
  { db, paths }: Pick<Context, 'db' | 'paths'>,
  models: readonly string[],
  withdrawal: string,
): Promise<string[]> {
  const trials = await trialsAmong(db, models);
  for (const { path, snapshot } of trials) {
    // Only what a run has written: a row must not lead anywhere else.
    if (relative(paths.runs, path).startsWith('..')) continue;
    await removeLearned(path, { snapshot, withdrawal });
  }
  return trials.map(({ id }) => id);
}

/** The record first: a purge that is stopped half-way has said what it was about to remove. */
async function removeLearned(weights: string, of: { snapshot: string; withdrawal: string }): Promise<void> {
  const run = dirname(weights);
  const names = [basename(weights), 'checkpoints'];
  const files = (await Promise.all(names.map((name) => filesIn(run, name)))).flat();
  if (files.length === 0) return;
  await recordDeletion(run, { ...of, files });
  for (const name of names) await rm(join(run, name), { recursive: true, force: true });
}

async function filesIn(run: string, name: string): Promise<{ name: string; bytes: number }[]> {
  const found = await readdir(join(run, name), { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path) => ({ name: relative(run, path), bytes: (await stat(path)).size })),
  );
}
