import { createHash } from 'node:crypto';
import { type Context, canonical } from '../jobs/index.ts';
import type { Reused } from './schema.ts';
import { readWork, saveWork } from './store.ts';

/** How much of a killed call's time may be lost. */
const SAVE_EVERY_MS = 5_000;

/** What a job has cost. */
export interface Spent {
  /** All calls that did some of the work, also those that were killed. */
  seconds: number;
  /** Where this call found everything done: when it was, and how long finding that took. */
  reused: Reused | null;
}

export interface Watch {
  /** The context to work with: its progress moves the clock. */
  context: Context;
  end(made: unknown): Promise<Spent>;
}

const digestOf = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('hex');

/** Starts the clock of a wish; it goes on where the last call that did not finish left it. */
export async function startWatch(context: Context, wish: unknown): Promise<Watch> {
  const id = digestOf(wish);
  const before = await readWork(context.db, id);
  const startedAt = Date.now();
  const earlier = before?.made === null ? before.seconds : 0;
  const here = () => (Date.now() - startedAt) / 1000;
  const end = async (content: unknown): Promise<Spent> => {
    const made = digestOf(content);
    if (before?.made === made)
      return {
        seconds: before.seconds,
        reused: { finishedAt: before.changedAt.toISOString(), seconds: here() },
      };
    const seconds = earlier + here();
    await saveWork(context.db, { wish: id, seconds, made });
    return { seconds, reused: null };
  };
  if (before && before.made !== null) return { context, end };
  return { context: saving(context, () => ({ wish: id, seconds: earlier + here(), made: null })), end };
}

/** Saves the clock while the work goes on. A save that fails costs the measure, never the work. */
function saving(context: Context, now: () => Parameters<typeof saveWork>[1]): Context {
  let savedAt = Date.now();
  const report: Context['report'] = (progress) => {
    context.report(progress);
    if (Date.now() - savedAt < SAVE_EVERY_MS) return;
    savedAt = Date.now();
    saveWork(context.db, now()).catch(() => {});
  };
  return { ...context, report };
}
