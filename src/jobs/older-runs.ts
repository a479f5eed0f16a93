import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, RunEvent } from '../contract/index.ts';
import { canonical } from './canonical.ts';
import { noticeOf } from './events.ts';
import { livePid, requestCancel, worksIn } from './live-run.ts';
import { outcomeOf } from './outcome.ts';

type Tell = (event: RunEvent) => void;

const POLL_MS = 100;

/**
 * Stops the runs that another version of the engine still works at, for whatever they were begun: the process that
 * followed them is gone, and nobody reads what they end with. They are asked through their cancel files, so training
 * keeps a checkpoint; their directories stay. Done when all have ended: two engines at once would measure each other.
 */
export async function stopOthers(runsFolder: string, engine: string, tell: Tell): Promise<void> {
  const directories = await runsIn(runsFolder);
  await Promise.all(directories.map((directory) => stopOther(directory, engine, tell)));
}

async function stopOther(directory: string, engine: string, tell: Tell): Promise<void> {
  const job = await jobIn(directory);
  if (job === null || job.engine === engine) return;
  const pid = await livePid(directory);
  if (pid === null) return;
  const message = `Another version of the engine was still at work in ${directory} (process ${pid}): it is asked to stop, as nothing goes on with what it makes. Delete that folder when you do not need it.`;
  tell(noticeOf('other-engine-stopped', message));
  await requestCancel(directory, pid);
  while (worksIn(directory, pid)) await sleep(POLL_MS);
}

/**
 * Says where the run lies that another version of the engine began for the same wish and did not finish. It is not
 * continued: its last steps would be made by other code than its first.
 */
export async function tellOfOther(runsFolder: string, job: Job, tell: Tell): Promise<void> {
  const other = await unfinishedByOther(runsFolder, job);
  if (other === null) return;
  const message = `Another version of the engine began this work in ${other} and did not finish. It begins anew: what one version began no other goes on with. Delete that folder when you do not need it.`;
  tell(noticeOf('other-engine', message));
}

async function unfinishedByOther(runsFolder: string, job: Job): Promise<string | null> {
  for (const directory of await runsIn(runsFolder)) {
    if (!(await sameWish(directory, job))) continue;
    const outcome = await outcomeOf(directory);
    if (outcome === null || outcome.status === 'cancelled') return directory;
  }
  return null;
}

/** Whether the directory's job differs from `job` in the engine alone; jobs of earlier engines name none, or no device, or no words of the base. */
async function sameWish(directory: string, job: Job): Promise<boolean> {
  const found = await jobIn(directory);
  if (found === null) return false;
  const { engine, id: _, ...said } = found;
  const { engine: ours, id: __, ...asked } = job;
  const later = 'knownWords' in asked ? { knownWords: asked.knownWords } : {};
  const wish = { device: 'cpu', ...later, ...said };
  return engine !== ours && canonical(wish) === canonical(asked);
}

/** Directories of the engine's runs, one that goes on from another included. */
export const runsIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).map((name) => join(folder, name));

/** What a run's directory says that it was asked for; null where it says nothing, or its file is torn: of other work no run depends on that. */
export async function jobIn(directory: string): Promise<Partial<Job> | null> {
  try {
    return JSON.parse(await readFile(join(directory, 'job.json'), 'utf8')) as Partial<Job>;
  } catch {
    return null;
  }
}
