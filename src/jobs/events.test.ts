import { appendFile, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunEvent } from '../contract/index.ts';
import { endOfEvents, followEvents, readEvents } from './events.ts';

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-events-'));
  file = join(folder, 'events.jsonl');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const line = (seq: number, message = 'täglich') =>
  `${JSON.stringify({ seq, at: '2026-01-01T00:00:00.000Z', type: 'notice', code: 'c', message })}\n`;

/** Writes over what lies at the beginning of the file. */
async function spoil(bytes: number): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(Buffer.alloc(bytes, 'x'), 0, bytes, 0);
  await handle.close();
}

it('no line is read twice, however much a long training has told, and half a line waits for its end', async () => {
  await appendFile(file, line(0));
  const from = await endOfEvents(folder);
  expect((await readEvents(folder)).map(({ seq }) => seq)).toEqual([0]);
  const [first, half] = [line(1), line(2).slice(0, 40)];
  await appendFile(file, first + half);
  const told: RunEvent[] = [];
  let over = false;
  const onEvent = (event: RunEvent) => void told.push(event);
  const following = followEvents(folder, from, onEvent, () => over);
  await expect.poll(() => told.length).toBe(1);
  await spoil(from + Buffer.byteLength(first) - 1);
  await appendFile(file, line(2).slice(40) + line(3));
  over = true;
  await following;
  expect(told.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

it('a file that something made shorter is read from its beginning, and never from the midst of a line', async () => {
  await writeFile(file, line(0) + line(1));
  const told: RunEvent[] = [];
  let over = false;
  const from = await endOfEvents(folder);
  const following = followEvents(
    folder,
    from,
    (event) => void told.push(event),
    () => over,
  );
  await writeFile(file, line(2));
  await expect.poll(() => told.length).toBe(1);
  await appendFile(file, line(3) + line(4));
  over = true;
  await following;
  expect(told.map(({ seq }) => seq)).toEqual([2, 3, 4]);
});
