import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventSchema, type RunEvent } from '../contract/index.ts';

const POLL_MS = 150;

/** The events of a run so far. */
export async function readEvents(directory: string): Promise<RunEvent[]> {
  return (await readLines(directory)).map((line) => eventSchema.parse(line));
}

/** All whole lines of a run's `events.jsonl`, of any engine; one still being written is left for the next read. */
export const readLines = async (directory: string): Promise<unknown[]> => parsed(await linesIn(directory));

/** The same as they lie there, whatever a full disk or a hand has made of them. */
export const linesIn = async (directory: string): Promise<string[]> =>
  linesOf((await linesAfter(directory, 0)).text);

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

const parsed = (lines: readonly string[]): unknown[] => lines.map((line) => JSON.parse(line) as unknown);

/** A line's end in bytes. */
const NEWLINE = 10;

/** Where the whole lines of a run's events end so far, in bytes. */
export const endOfEvents = async (directory: string): Promise<number> => (await linesAfter(directory, 0)).end;

/** Tells each event that lies after the first `from` bytes, once, until `ended` says that no more will come. */
export async function followEvents(
  directory: string,
  from: number,
  onEvent: (event: RunEvent) => void,
  ended: () => boolean,
): Promise<void> {
  let at = from;
  for (;;) {
    const last = ended();
    const { text, end } = await linesAfter(directory, at);
    at = end;
    for (const event of parsed(linesOf(text))) onEvent(eventSchema.parse(event));
    if (last) return;
    await sleep(POLL_MS);
  }
}

/** What was appended since: a training of a day tells so much that reading all of it anew each time would keep a core busy. A file that was made shorter is another. */
async function linesAfter(directory: string, from: number): Promise<{ text: string; end: number }> {
  const file = await open(join(directory, 'events.jsonl')).catch(() => null);
  if (file === null) return { text: '', end: from };
  try {
    const { size } = await file.stat();
    const start = size < from ? 0 : from;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), { position: start });
    const whole = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
    return { text: buffer.toString('utf8', 0, whole), end: start + whole };
  } finally {
    await file.close();
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
