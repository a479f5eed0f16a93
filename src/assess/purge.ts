import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { appendAudit, type Context } from '../jobs/index.ts';
import { type Standing, withdrawnSince } from '../rights/index.ts';
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
    // Only what a run has written, where this workspace lies today: a row must not lead anywhere else, nor into one that it was copied from.
    const weights = join(paths.runs, basename(dirname(path)), basename(path));
    if (dirname(dirname(weights)) === paths.runs) await removeLearned(weights, { snapshot, withdrawal });
  }
  return trials.map(({ id }) => id);
}

/**
 * Removes at once what a run has learned that is recorded nowhere, where something was withdrawn since: nobody was told of it, and so
 * nobody has to decide about it (ADR 0151).
 * @param learned weights in a run's folder, and the digest of what they learned from
 */
export async function forgetLearned(
  { db, paths, who }: Pick<Context, 'db' | 'paths' | 'who'>,
  by: Standing,
  { weights, snapshot }: { weights: string; snapshot: string },
): Promise<void> {
  const withdrawal = (await withdrawnSince(db, by)).join(', ');
  if (withdrawal === '' || relative(paths.runs, weights).startsWith('..')) return;
  await removeLearned(weights, { snapshot, withdrawal });
  const details = { withdrawal };
  await appendAudit(db, { who, what: 'assess.purge', subject: basename(dirname(weights)), details });
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
