import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { linesIn } from './events.ts';
import { jsonAs } from './json.ts';
import { processAlive } from './process.ts';

/** How long a cancelled engine may take to reach the end of its step before it is killed. */
const CANCEL_GRACE_MS = 60_000;

/** Names the engine from the moment it is started: it tells of itself only when it has read what it needs. */
export const PID_FILE = 'engine.pid';

/** Of an event, what is needed here: other engines may write events that this version does not know. */
const startSchema = z.object({ type: z.literal('started'), pid: z.int() });

/** Whether the process is the engine that works in `directory`: a number is given again to other processes. */
export const worksIn = (directory: string, pid: number): boolean => processAlive(pid, basename(directory));

/** The engine that some process started in `directory` and that is still at work; null where there is none. */
export async function livePid(directory: string): Promise<number | null> {
  const starts = (await linesIn(directory)).map((line) => jsonAs(line, startSchema));
  const told = starts.findLast((start) => start !== null)?.pid;
  const started = Number(await readFile(join(directory, PID_FILE), 'utf8').catch(() => Number.NaN));
  return [started, told].find((pid) => pid !== undefined && pid > 0 && worksIn(directory, pid)) ?? null;
}

/** Asks the engine to stop at its next step; one that does not is killed. */
export async function requestCancel(directory: string, pid: number | undefined): Promise<void> {
  await writeFile(join(directory, 'cancel'), '');
  setTimeout(() => {
    if (pid !== undefined && worksIn(directory, pid)) process.kill(pid, 'SIGKILL');
  }, CANCEL_GRACE_MS).unref();
}
