import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../src/contract/index.ts';
import { localEngine } from '../src/jobs/index.ts';
import type { Bench } from './takes.ts';

/** A run on each core, of one thread: two such do more than one of two threads (docs/LOG.md). */
export async function inLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  process.env.BACKLOT_THREADS = '1';
  const left = [...items.entries()];
  const done: R[] = [];
  const lane = async () => {
    for (let next = left.shift(); next; next = left.shift()) done[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return done;
}

/** An engine whose runs lie in `dir`; a run that is there already is not done again. */
export const benchIn = (dir: string, report: Report, note: string): Bench => ({
  engine: localEngine(join(dir, 'runs')),
  report: (progress) => report({ ...progress, phase: `${note}: ${progress.phase}` }),
  signal: new AbortController().signal,
});
