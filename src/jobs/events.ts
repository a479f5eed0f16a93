import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventSchema, type RunEvent } from '../contract/index.ts';

const POLL_MS = 150;

/** The events of a run so far. */
export async function readEvents(directory: string): Promise<RunEvent[]> {
  return (await readLines(directory)).map((line) => eventSchema.parse(line));
}

/** All whole lines of a run's `events.jsonl`, of any engine; one still being written is left for the next read. */
export async function readLines(directory: string): Promise<unknown[]> {
  const text = await readFile(join(directory, 'events.jsonl'), 'utf8').catch(() => '');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

/** Tells each event after the first `told`, until `ended` says that no more will come. */
export async function followEvents(
  directory: string,
  told: number,
  onEvent: (event: RunEvent) => void,
  ended: () => boolean,
): Promise<void> {
  let seen = told;
  for (;;) {
    const last = ended();
    const events = await readEvents(directory);
    for (const event of events.slice(seen)) onEvent(event);
    seen = events.length;
    if (last) return;
    await sleep(POLL_MS);
  }
}

/** The first value of a metric in a run; null where it was never told. */
export async function firstMetric(directory: string, name: string): Promise<number | null> {
  const found = (await readEvents(directory)).find((event) => event.type === 'metric' && event.name === name);
  return found?.type === 'metric' ? found.value : null;
}

/** What this process has to say of a run, as the engine says things. */
export const noticeOf = (code: string, message: string): RunEvent => ({
  ...{ type: 'notice', seq: 0, at: new Date().toISOString() },
  ...{ code, message },
});
