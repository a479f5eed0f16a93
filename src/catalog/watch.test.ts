import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { watched } from './watch.ts';

const options = { signal: new AbortController().signal, stallSeconds: 0.05 };
const pressure = (avg60: number) => async () =>
  `some avg10=1.00 avg60=${avg60.toFixed(2)} avg300=1.00 total=1\n`;
const silent = (seconds: number) => (watch: { signal: AbortSignal }) =>
  sleep(seconds * 1000, 'done', { signal: watch.signal }).catch(() => watch.signal.throwIfAborted());

it('a decoder that says nothing hangs; on a machine where all wait for processors it is waited for, not for ever', async () => {
  const hangs = { code: 'decode-hangs' };
  await expect(watched(options, silent(0.12), pressure(20))).rejects.toMatchObject(hangs);
  await expect(watched(options, silent(0.12), async () => '')).rejects.toMatchObject(hangs);
  expect(await watched(options, silent(0.12), pressure(97))).toBe('done');
  await expect(watched(options, silent(30), pressure(97))).rejects.toMatchObject(hangs);
});
