import { existsSync } from 'node:fs';
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job, JobInput, Outcome } from '../contract/index.ts';
import { folderHash } from './hash.ts';
import { markedOutcome } from './outcome.ts';

/** What becomes of the folder of a run that has ended without success, where the same job is asked for again. */

/**
 * Whether a run goes on in its folder, from the newest whole checkpoint there, as one that was killed does: what it lacked was room. After any other
 * failure, and where it is not known how the run ended, it begins anew.
 */
export const goesOnInPlace = (outcome: Outcome | null): boolean =>
  outcome?.status === 'failed' && outcome.retryable;

/** Puts the whole folder aside: the run begins anew. */
export const setAside = (directory: string): Promise<void> =>
  rename(
    directory,
    freeName((n) => `${directory}.attempt-${n}`),
  );

/** Puts aside what the run ended with, and leaves all else for it to go on from. */
export const setOutcomeAside = (directory: string): Promise<void> =>
  rename(
    join(directory, 'outcome.json'),
    freeName((n) => join(directory, `outcome.attempt-${n}.json`)),
  );

function freeName(name: (n: number) => string): string {
  let n = 1;
  while (existsSync(name(n))) n++;
  return name(n);
}

/** Whether the checkpoint that a cancelled run names is there, as the run left it. */
export const isWhole = async ({ path, sha256 }: JobInput): Promise<boolean> =>
  (await folderHash(path).catch(() => null)) === sha256;

/** Whether a run needs what it went on from no more: it has ended well, or has a checkpoint of its own that was written whole. */
export async function standsAlone(directory: string, job: Job): Promise<boolean> {
  const outcome = await markedOutcome(directory, job).catch(() => null);
  if (outcome?.status === 'succeeded') return true;
  const names = await readdir(join(directory, 'checkpoints')).catch(() => []);
  return names.some((name) => name.startsWith('step-'));
}
