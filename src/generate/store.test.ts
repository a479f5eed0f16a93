import { afterAll, beforeAll, expect, test } from 'vitest';
import { actsIn } from '../../test/support/audit.ts';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { keptBriefSchema, type Take } from './schema.ts';
import { saveTakes } from './store.ts';

let context: Context;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ context, close } = await testContext());
});
afterAll(() => close());

const takeOf = (runId: string, candidate: number): Take => ({
  ...{ id: `tak_${runId}_${candidate}`, briefId: 'b', brief: keptBriefSchema.parse({ id: 'b', text: 't' }) },
  ...{ modelId: 'mdl_1', runId, candidate, seed: 1, rawPath: 'r', rawSha256: 'a' },
  ...{ upscalerId: null, videoPath: 'v', videoSha256: 'b' },
  ...{ replicaOf: [], frames: 17, fps: '12/1' },
});

test('the takes of a run are one row of the audit log, and the same takes again are none', async () => {
  for (let again = 0; again < 2; again++) await saveTakes(context, [takeOf('run_1', 0), takeOf('run_1', 1)]);
  await saveTakes(context, [takeOf('run_2', 0)]);
  await saveTakes(context, []);
  expect(await actsIn(context.db)).toEqual(
    ['run_1', 'run_2'].map((subject) => ({ who: 'test', what: 'generate', subject })),
  );
});
