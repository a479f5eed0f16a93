import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { type Context, fileHash } from '../jobs/index.ts';
import { addStudio } from './lineage.test-support.ts';
import { lineageOf } from './lineage.ts';

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await addStudio(context);
}, 120_000);
afterAll(() => close());

const lineage = async () => {
  const { snapshots, gaps } = await lineageOf(context, 'tak_1');
  return { grants: snapshots[0]?.grants, gaps: gaps.filter((gap) => gap.includes('grants that cleared')) };
};

it('the grants that cleared a dataset are told as they were frozen: of a list that was changed since none are', async () => {
  const list = join(context.paths.datasets, 'one', 'clips.jsonl');
  const [row] = await context.db.select().from(tables.datasetSnapshots);
  const record = { ...(row?.record as object), files: { 'clips.jsonl': await fileHash(list) } };
  await context.db.update(tables.datasetSnapshots).set({ record });
  expect(await lineage()).toEqual({ grants: ['g1'], gaps: [] });
  const first = (await lineageOf(context, 'tak_1')).snapshots[0]?.titles;
  await writeFile(list, '');
  expect(await lineage()).toEqual({ grants: null, gaps: [expect.stringContaining('as it was frozen')] });
  expect((await lineageOf(context, 'tak_1')).snapshots[0]?.titles).toEqual(first);
});

it('a job that was damaged leaves the engine unknown, and all else is told', async () => {
  const run = join(context.paths.runs, 'run_generate');
  await mkdir(run, { recursive: true });
  await writeFile(join(run, 'job.json'), '{"engine": "abc');
  expect((await lineageOf(context, 'tak_1')).take).toMatchObject({ id: 'tak_1', engine: null });
});
