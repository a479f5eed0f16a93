import { afterAll, beforeAll, expect, test } from 'vitest';
import { actsIn } from '../../test/support/audit.ts';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import type { Model } from './schema.ts';
import { saveModel } from './store.ts';

let context: Context;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ context, close } = await testContext());
});
afterAll(() => close());

const model = (id: string, kind: Model['kind']): Model => ({
  ...{ id, name: id, kind, path: `/nowhere/${id}`, sha256: 'a' },
  ...{ baseId: null, snapshotId: 'dst_1', runId: 'run_1', record: {} },
});

test('a model that was trained is one row of the audit log; what shipped, and the same again, are none', async () => {
  await saveModel(context, model('mdl_base', 'base'));
  await saveModel(context, model('mdl_upscaler', 'upscaler'));
  for (let again = 0; again < 2; again++) await saveModel(context, model('mdl_adapter', 'adapter'));
  expect(await actsIn(context.db)).toEqual([{ who: 'test', what: 'train', subject: 'mdl_adapter' }]);
});
