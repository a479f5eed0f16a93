import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actsIn } from '../../test/support/audit.ts';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from './context.ts';
import { keepModel, type ModelRow, modelIdFor } from './models.ts';

let context: Context;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ context, close } = await testContext());
});
afterAll(() => close());

const model = (id: string, kind: string): ModelRow => ({
  ...{ id, name: id, kind, path: `/nowhere/${id}`, sha256: 'a' },
  ...{ baseId: null, snapshotId: 'dst_1', runId: 'run_1', record: {} },
});

test('a model that was trained is one row of the audit log; what shipped, and the same again, are none', async () => {
  await keepModel(context, { ...model('mdl_base', 'base'), runId: null });
  await keepModel(context, { ...model('mdl_upscaler', 'upscaler'), runId: null });
  for (let again = 0; again < 2; again++) await keepModel(context, model('mdl_adapter', 'adapter'));
  expect(await actsIn(context.db)).toEqual([{ who: 'test', what: 'train', subject: 'mdl_adapter' }]);
});

test('a trial that is trained again as a model is that model, and a model stays one', async () => {
  const kept = async (id: string) =>
    (await context.db.select().from(tables.trainModels).where(eq(tables.trainModels.id, id)))[0];
  await keepModel(context, model('mdl_both', 'trial'));
  await keepModel(context, { ...model('mdl_both', 'adapter'), name: 'mine' });
  await keepModel(context, model('mdl_both', 'trial'));
  expect(await kept('mdl_both')).toMatchObject({ kind: 'adapter', name: 'mine' });
  expect(await actsIn(context.db)).toHaveLength(3);
});

test('the same weights of a dataset for others are a model of their own; of the same dataset, or of none, the one that is there', async () => {
  const sha256 = 'b'.repeat(64);
  const { db } = context;
  const first = await modelIdFor(db, sha256, 'dst_nobody');
  expect(first).toBe(`mdl_${'b'.repeat(12)}`);
  await keepModel(context, { ...model(first, 'trial'), sha256, snapshotId: 'dst_nobody' });
  expect(await modelIdFor(db, sha256, 'dst_nobody')).toBe(first);
  expect(await modelIdFor(db, sha256, null)).toBe(first);
  const second = await modelIdFor(db, sha256, 'dst_bob');
  expect(second).not.toBe(first);
  await keepModel(context, { ...model(second, 'adapter'), sha256, snapshotId: 'dst_bob' });
  expect(await modelIdFor(db, sha256, 'dst_bob')).toBe(second);
  expect(await modelIdFor(db, sha256, 'dst_nobody')).toBe(first);
});
