import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { BacklotError, type Progress } from '../contract/index.ts';
import { closeDb, type Db, openInMemory } from '../db/index.ts';
import { openQueue, type Queue, type Work } from './queue.ts';

let db: Db;
let queue: Queue;
const wish = (operation: string) => ({ operation, input: { n: 1 }, who: 'test' });
const quiet = () => {};

async function working(on: Db, work: Work): Promise<Queue> {
  const opened = await openQueue(on, work);
  await opened.begin();
  return opened;
}

beforeAll(async () => {
  db = await openInMemory();
});
afterAll(() => closeDb(db));
afterEach(() => queue.close());

const rowOf = async (id: string) => (await queue.list()).find((job) => job.id === id);

async function until(holds: () => Promise<unknown>): Promise<void> {
  while (!(await holds())) await sleep(20);
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

it('work that is asked for gives its result to the one who waits, and is listed as done', async () => {
  queue = await working(db, async ({ operation, input, who }) => ({ operation, input, who }));
  const id = await queue.submit(wish('a'));
  expect(await queue.wait(id, quiet)).toEqual({ operation: 'a', input: { n: 1 }, who: 'test' });
  await until(async () => (await rowOf(id))?.state === 'done');
  expect(await rowOf(id)).toMatchObject({ operation: 'a', input: { n: 1 }, error: null, progress: null });
});

it('all progress of a job reaches the one who waits, also of one that ends at once', async () => {
  const said = [1, 2, 3].map((done): Progress => ({ phase: 'x', done, total: 3, unit: 'films' }));
  queue = await working(db, async (_queued, report) => said.forEach(report));
  const told: Progress[] = [];
  await queue.wait(await queue.submit(wish('a')), (progress) => told.push(progress));
  expect(told).toEqual(said);
});

it('what a job throws reaches the one who waits, and its message stays in the list', async () => {
  const facts = { expected: 'a film', where: 'x.mp4', found: 'noise', remedy: 'Give a film.' };
  queue = await working(db, () => Promise.reject(new BacklotError('not-a-film', facts)));
  const id = await queue.submit(wish('a'));
  await expect(queue.wait(id, quiet)).rejects.toMatchObject({ code: 'not-a-film', facts });
  await until(async () => (await rowOf(id))?.state === 'failed');
  expect((await rowOf(id))?.error).toContain('x.mp4: expected a film, found noise. Give a film.');
});

it('a job at work that is cancelled has its signal aborted, and is listed as cancelled', async () => {
  queue = await working(db, (_queued, _report, signal) => aborted(signal));
  const id = await queue.submit(wish('a'));
  const waiting = queue.wait(id, quiet);
  waiting.catch(quiet);
  await until(async () => (await rowOf(id))?.state === 'working');
  await queue.cancel(id);
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  await until(async () => (await rowOf(id))?.state !== 'working');
  expect(await rowOf(id)).toMatchObject({ state: 'cancelled', error: null });
});

it('one job works at a time; one that waits can be cancelled before it begins', async () => {
  const begun: string[] = [];
  const work: Work = ({ operation }, _report, signal) => {
    begun.push(operation);
    return aborted(signal);
  };
  queue = await working(db, work);
  const first = await queue.submit(wish('first'));
  await until(async () => begun.length === 1);
  const second = await queue.submit(wish('second'));
  const waiting = queue.wait(second, quiet);
  waiting.catch(quiet);
  await queue.cancel(second);
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  expect((await rowOf(second))?.state).toBe('cancelled');
  await queue.cancel(first);
  await until(async () => (await rowOf(first))?.state === 'cancelled');
  expect(begun).toEqual(['first']);
});

it('a job that is at work when the queue closes has its signal aborted and is interrupted', async () => {
  let reason: unknown;
  queue = await working(db, (_queued, _report, signal) =>
    aborted(signal).catch((error: unknown) => {
      reason = error;
      throw error;
    }),
  );
  const id = await queue.submit(wish('a'));
  await until(async () => (await rowOf(id))?.state === 'working');
  await queue.close();
  expect(String(reason)).toContain('interrupted');
  queue = await openQueue(db, async () => null);
  expect(await rowOf(id)).toMatchObject({ state: 'failed', error: expect.stringMatching(/^interrupted/) });
});

it('a job that a dead process was at is interrupted after opening again, and can be tried again', async () => {
  queue = await openQueue(db, async () => null);
  const id = await queue.submit(wish('a'));
  await queue.close();
  await db.$client.query("update pgboss.job set state = 'active', started_on = now() where id = $1", [id]);
  queue = await working(db, async () => 'second time');
  expect(await rowOf(id)).toMatchObject({ state: 'failed', error: expect.stringMatching(/^interrupted/) });
  await queue.retry(id);
  expect(await queue.wait(id, quiet)).toBe('second time');
  await until(async () => (await rowOf(id))?.state === 'done');
});

it('a process that only looks at the queue starts no job that waits; one that works does', async () => {
  queue = await openQueue(db, async () => 'never');
  const id = await queue.submit(wish('a'));
  await queue.close();
  queue = await openQueue(db, async () => 'then');
  await sleep(300);
  expect((await rowOf(id))?.state).toBe('waiting');
  await queue.begin();
  await until(async () => (await rowOf(id))?.state === 'done');
});

it('a job that is done can be neither cancelled nor tried again', async () => {
  queue = await working(db, async () => 'done');
  const id = await queue.submit(wish('a'));
  await until(async () => (await rowOf(id))?.state === 'done');
  for (const ask of [queue.cancel(id), queue.retry(id)])
    await expect(ask).rejects.toMatchObject({ code: 'wrong-job-state' });
});

it('a cancelled job can be tried again', async () => {
  let tries = 0;
  queue = await working(db, async (_queued, _report, signal) => (++tries === 1 ? aborted(signal) : 'done'));
  const id = await queue.submit(wish('a'));
  await until(async () => (await rowOf(id))?.state === 'working');
  await queue.cancel(id);
  await until(async () => (await rowOf(id))?.state === 'cancelled');
  await queue.retry(id);
  await until(async () => (await rowOf(id))?.state === 'done');
});

it('an id that no job has is refused, naming it', async () => {
  queue = await working(db, async () => null);
  const id = crypto.randomUUID();
  for (const ask of [queue.cancel(id), queue.retry(id), queue.wait(id, quiet)])
    await expect(ask).rejects.toMatchObject({ code: 'no-such-job', facts: { found: id } });
});

it('an id that is none is refused the same way', async () => {
  queue = await working(db, async () => null);
  await expect(queue.cancel('x')).rejects.toMatchObject({ code: 'no-such-job', facts: { found: 'x' } });
});
