import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { catalogue, forgetLedgers, importing } from './catalogued.test-support.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { restingOn } from './resting-store.ts';

let context: Context;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
  await catalogue(context, 'pier', 'pier.mp4');
});
afterAll(() => close());
beforeEach(() => forgetLedgers(context));

const [harbour] = clearedFile().titles ?? [];
const [g1] = clearedFile().grants ?? [];
const titles = [harbour, { ...harbour, id: 'pier', name: 'Pier', files: ['pier.mp4'] }];
const both = { ...g1, titles: ['harbour', 'pier'] };
const g2 = { ...g1, id: 'g2', uses: ['index'] };
const ledger = (...grants: object[]) => ({ ...clearedFile(), titles, grants });

test.each([
  ['that came with it', [both]],
  ['that stood beside it before', [both, g2]],
])('on a grant %s rests what was permitted by the one that it replaces', async (_, first) => {
  await importing(context, ledger(...first));
  await importing(context, ledger(both, { ...g2, supersedes: 'g1' }));
  const found = await restingOn(context.db, { grant: 'g2' });
  expect([...(found?.resting.shots.keys() ?? [])].sort()).toEqual([
    ...['sht_harbour-0', 'sht_harbour-1', 'sht_pier-0', 'sht_pier-1'],
  ]);
  expect(found?.resting.uses).toEqual(expect.arrayContaining(['train.style']));
});

test('and by what that one replaced in the same file, though it was never in force between them', async () => {
  await importing(context, ledger(both));
  await importing(context, ledger(both, { ...g2, supersedes: 'g1' }, { ...g2, id: 'g3', supersedes: 'g2' }));
  const found = await restingOn(context.db, { grant: 'g3' });
  expect([...(found?.resting.shots.keys() ?? [])]).toContain('sht_pier-0');
  expect(found?.resting.uses).toContain('train.style');
});
