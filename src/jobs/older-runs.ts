import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '../contract/index.ts';
import { canonical } from './canonical.ts';
import { outcomeOf } from './outcome.ts';

/**
 * The run that another version of the engine began for the same wish and did not finish. It is not continued: its
 * last steps would be made by other code than its first.
 * @returns the run's directory, or null where there is none
 */
export async function unfinishedByOther(runsFolder: string, job: Job): Promise<string | null> {
  for (const name of await readdir(runsFolder).catch(() => [])) {
    const directory = join(runsFolder, name);
    if (name === job.id || !(await sameWish(directory, job))) continue;
    const outcome = await outcomeOf(directory);
    if (outcome === null || outcome.status === 'cancelled') return directory;
  }
  return null;
}

/** Whether the directory's job differs from `job` in the engine alone; jobs of the first engines name none. */
async function sameWish(directory: string, job: Job): Promise<boolean> {
  const text = await readFile(join(directory, 'job.json'), 'utf8').catch(() => null);
  if (text === null) return false;
  const { engine, id: _, ...wish } = JSON.parse(text) as Partial<Job>;
  const { engine: ours, id: __, ...asked } = job;
  return engine !== ours && canonical(wish) === canonical(asked);
}
