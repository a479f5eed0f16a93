import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import type { RevokeInput } from '../rights/index.ts';
import type { Touched } from './schema.ts';
import { withdraw } from './withdraw.ts';
import { pathsIn, withdrawalWords } from './withdrawal-words.ts';
import { fillWorkspace, showTheSame } from './withdrawn.test-support.ts';

let context: Context;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
});
afterAll(() => close());

const revoking = (target: Partial<RevokeInput>) =>
  withdraw(context, { territory: 'world', dryRun: true, ...target });
const ids = (touched: readonly Touched[], kind: Touched['kind']) =>
  touched
    .filter((item) => item.kind === kind)
    .map(({ id }) => id)
    .sort();

it('a withdrawal lists what learned from a shot that shows the same, by which likeness, and does not count it as reached', async () => {
  await showTheSame(context, 'sht_harbour-0', 'sht_quarry-0');
  const found = await revoking({ grant: 'g-harbour' });
  const unlike = await revoking({ title: 'harbour' });
  await context.db.delete(tables.shotsCopies);
  const alone = await revoking({ grant: 'g-harbour' });
  expect(found.touched).toEqual(alone.touched);
  expect(alone.alike).toEqual([]);
  expect(ids(found.alike, 'snapshot')).toEqual(['dst_quarry']);
  expect(ids(found.alike, 'model')).toEqual(['mdl_quarry']);
  const take = found.alike.find(({ id }) => id === 'tak_quarry') as Touched;
  expect(pathsIn([...found.touched, ...found.alike])(take)).toEqual([
    'grants/g-harbour by likeness to shot sht_harbour-0, shot sht_quarry-0',
    'snapshot dst_quarry',
    'model mdl_quarry',
    'take tak_quarry',
  ]);
  expect(ids(unlike.alike, 'model')).toEqual(['mdl_quarry']);
  const task = found.tasks.find(({ subject }) => subject === 'model mdl_quarry');
  expect(task?.what).toContain('look at both');
  expect(withdrawalWords(found)).toContain('By likeness');
});
