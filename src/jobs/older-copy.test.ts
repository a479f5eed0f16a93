import { cp, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { Job, Progress } from '../contract/index.ts';
import { appendAudit } from './audit.ts';
import { defineOperation } from './context.ts';
import { encodeDraft } from './engine.test-support.ts';
import { openSession, type Session } from './session.ts';

const before = process.env.BACKLOT_KEYS;
let folder: string;
const root = () => join(folder, 'workspace');
const heads = () => join(folder, 'keys', 'audit-heads');

const act = (name: string, permits: boolean) =>
  defineOperation({
    ...{ name, summary: 'An act', example: name, permits },
    input: z.strictObject({}),
    output: z.strictObject({ row: z.int() }),
    handler: async ({ db, who }) => {
      const { seq } = await appendAudit(db, { who, what: name, subject: 'one', details: {} });
      return { row: seq };
    },
  });
const revokes = act('rights.revoke', false);
const trains = act('train', true);
const runs = defineOperation({
  ...{ name: 'shots.run', summary: 'A run', example: 'shots run' },
  input: z.strictObject({}),
  output: z.unknown(),
  handler: ({ engine }) => engine.run(encodeDraft(1)).catch((error) => ({ code: error.code })),
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-older-'));
  process.env.BACKLOT_KEYS = join(folder, 'keys');
});
afterEach(async () => {
  process.env.BACKLOT_KEYS = before;
  await rm(folder, { recursive: true });
});

/** What became of an act, and of what was told. */
async function perform(...operations: (typeof trains | typeof runs)[]) {
  const session: Session = await openSession(root(), operations, 'test', async (_, job: Job) => {
    throw Object.assign(new Error('asked'), { code: `cleared ${job.kind}` });
  });
  const told: Progress[] = [];
  const done: unknown[] = [];
  for (const one of operations)
    done.push(await session.perform(one, {}, 'ann', (step) => told.push(step)).catch((error) => error));
  await session.close();
  return { done, notices: told.flatMap(({ notice }) => notice ?? []) };
}

/** An act, a copy, a withdrawal, and the copy in the place of the workspace. */
async function putBack() {
  await perform(revokes);
  await cp(root(), join(folder, 'copy'), { recursive: true });
  await perform(revokes);
  await rename(root(), join(folder, 'after'));
  await cp(join(folder, 'copy'), root(), { recursive: true });
}

it('an older copy that was put back permits nothing until its withdrawals were given again and a person accepts it', async () => {
  await putBack();
  const { done, notices } = await perform(trains, runs, revokes);
  expect(done).toMatchObject([{ code: 'audit-behind' }, { code: 'audit-behind' }, { row: 2 }]);
  const [name = ''] = await readdir(heads());
  const said = `2 rows were kept.*ends after 1.*rights revoke.*remove ${join(heads(), name)}`;
  expect(String((done[0] as Error).message)).toMatch(new RegExp(said, 's'));
  expect(notices).toEqual([expect.stringContaining('older copy of the workspace')]);
  expect((await perform(trains)).done).toMatchObject([{ code: 'audit-behind' }]);
  await rm(heads(), { recursive: true });
  expect(await perform(trains, runs)).toMatchObject({
    done: [{ row: 3 }, { code: 'cleared encode' }],
    notices: [expect.stringContaining('would not be seen')],
  });
});

it('a new workspace permits without a word, and a copy on a machine that has kept nothing of it says so once', async () => {
  expect(await perform(trains, runs)).toMatchObject({
    done: [{ row: 1 }, { code: 'cleared encode' }],
    notices: [],
  });
  await rm(join(folder, 'keys'), { recursive: true });
  expect(await perform(trains, trains)).toMatchObject({
    done: [{ row: 2 }, { row: 3 }],
    notices: [expect.stringContaining('which has 1 rows')],
  });
});
