import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { Progress } from '../contract/index.ts';
import { tables } from '../db/index.ts';
import { appendAudit } from './audit.ts';
import { auditHeads, trueRoot } from './audit-head.ts';
import { defineOperation } from './context.ts';
import { openSession, type Session } from './session.ts';

const before = process.env.BACKLOT_KEYS;
let folder: string;
let session: Session;
let loaded = false;
let anew = false;

/** An act, which then fails where it is asked to. */
const act = defineOperation({
  name: 'catalog.act',
  summary: 'An act',
  example: 'catalog act',
  input: z.strictObject({ fails: z.boolean() }),
  output: z.strictObject({ hash: z.string() }),
  loads: async () => {
    loaded = true;
  },
  handler: async ({ db, who }, { fails }) => {
    if (anew) await db.delete(tables.provenanceAudit);
    const { hash } = await appendAudit(db, { who, what: 'catalog.act', subject: 'one', details: {} });
    if (fails) throw new Error('later trouble');
    return { hash };
  },
});

/** Works in the queue; earlier versions queued it with its default of 9. */
const count = defineOperation({
  name: 'catalog.count',
  summary: 'Counts',
  example: 'catalog count',
  input: z.strictObject({ to: z.int().optional() }),
  output: z.strictObject({ to: z.int().nullable() }),
  background: true,
  asGiven: ({ to, ...others }) => (to === 9 ? others : { to, ...others }),
  handler: async (_context, { to }) => ({ to: to ?? null }),
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-session-'));
  process.env.BACKLOT_KEYS = join(folder, 'keys');
  session = await openSession(join(folder, 'workspace'), [act, count], 'test', async () => []);
});
afterEach(() => {
  process.env.BACKLOT_KEYS = join(folder, 'keys');
});
afterAll(async () => {
  await session.close();
  process.env.BACKLOT_KEYS = before;
  await rm(folder, { recursive: true });
});

const perform = async (fails: boolean) => {
  const told: Progress[] = [];
  const done = await session.perform(act, { fails }, 'ann', (progress) => told.push(progress)).catch(String);
  return { done, notices: told.map(({ notice }) => notice) };
};
const kept = async () => {
  const root = await trueRoot(join(folder, 'workspace'));
  return (await auditHeads({ first: '', root })).map(({ rows }) => rows);
};

it('a new workspace is for its owner alone', async () => {
  const mode = async (path: string) => (await stat(path)).mode & 0o777;
  expect(await mode(join(folder, 'workspace'))).toBe(0o700);
});

it('what a first question needs is loaded by the time the workspace is open', () => {
  expect(loaded).toBe(true);
});

it('after each act, also one that failed later, how far the audit log has come is kept beside the keys', async () => {
  await perform(false);
  expect(await kept()).toEqual([1]);
  await perform(true);
  expect(await kept()).toEqual([2]);
});

it('where that cannot be kept the act is done all the same, and a notice says so', async () => {
  const file = join(folder, 'no folder');
  await writeFile(file, '');
  process.env.BACKLOT_KEYS = file;
  const { done, notices } = await perform(false);
  expect(done).toMatchObject({ hash: expect.any(String) });
  expect(notices).toEqual([expect.stringContaining('could not be kept')]);
});

it('where another log lay in the folder a notice says what that is and what to do', async () => {
  await perform(false);
  anew = true;
  const { notices } = await perform(false);
  const words =
    /^Another audit log lay here: \d+ rows .*`backlot audit acknowledge --reason "..."`.*keep both/;
  expect(notices).toEqual([expect.stringMatching(words)]);
});

it('of what an earlier version queued its defaults are dropped; what this one queues is what was said', async () => {
  const { queue } = session;
  await queue.begin();
  const earlier = { operation: count.name, input: { to: 9 }, who: 'ann' };
  expect(await queue.wait(await queue.submit(earlier), () => {})).toEqual({ to: null });
  expect(await session.perform(count, { to: 9 }, 'ann', () => {})).toEqual({ to: 9 });
});
