import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { startWatch } from './work.ts';

let context: Context;
let close: () => Promise<void>;
let now = 0;
beforeAll(async () => {
  ({ context, close } = await testContext());
});
afterAll(() => close());
beforeEach(async () => {
  await context.db.delete(tables.runWork);
  vi.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

const after = (seconds: number) => {
  now += seconds * 1000;
};
const wish = { name: 'run', seed: 1 };
const progress = { phase: 'x', done: 1, total: 2, unit: 'n' };

/** A call that works so long, telling of it, and is killed. */
async function killedAfter(seconds: number): Promise<void> {
  const watch = await startWatch(context, wish);
  after(seconds);
  watch.context.report(progress);
  await vi.waitFor(async () => expect(await context.db.$count(tables.runWork)).toBe(1));
}

/** A call that works so long and makes this. */
async function endedAfter(seconds: number, made: unknown, of: object = wish) {
  const watch = await startWatch(context, of);
  after(seconds);
  return watch.end(made);
}

test('work counts the seconds of all its calls, the killed ones too', async () => {
  await killedAfter(100);
  expect(await endedAfter(20, 'takes')).toEqual({ seconds: 120, reused: null });
});

test('a call that finds everything done keeps the seconds of the work and says what it took itself', async () => {
  await endedAfter(100, 'takes');
  expect(await endedAfter(16, 'takes')).toEqual({
    seconds: 100,
    reused: { finishedAt: expect.stringMatching(/Z$/), seconds: 16 },
  });
  expect((await endedAfter(17, 'takes')).seconds).toBe(100);
});

test('a call that makes something else than the last one is work of its own', async () => {
  await endedAfter(100, 'takes');
  expect(await endedAfter(30, 'other takes')).toEqual({ seconds: 30, reused: null });
});

test('another wish has a clock of its own', async () => {
  await killedAfter(100);
  expect((await endedAfter(5, 'takes', { ...wish, seed: 2 })).seconds).toBe(5);
});
