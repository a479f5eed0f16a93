import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { catalogue, forgetLedgers, importing } from './catalogued.test-support.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { revoke } from './revoke.ts';
import { revokeInputSchema } from './schema.ts';

/** What was withdrawn comes back under another id: it is told. */

const now = '2026-05-01T09:00:00.000Z';
let context: Context;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
});
afterAll(() => close());
beforeEach(() => forgetLedgers(context));

const [c1] = clearedFile().consents ?? [];
const [g1] = clearedFile().grants ?? [];
const withdrawing = (target: object) => revoke(context, revokeInputSchema.parse(target), now);

test.each<[string, object, string[]]>([
  ['of before the withdrawal', { on: '2026-01-01' }, ['consents/c1 was withdrawn on']],
  ['of which nobody says when it was given', {}, ['consents/c1 was withdrawn on']],
  ['given since', { on: '2026-05-02' }, []],
  ['for something that has reading alone in common', { on: '2026-01-01', uses: ['condition'] }, []],
  ['for something that has nothing in common', { uses: ['generate.final'] }, []],
  ['that has ended', { until: '2026-01-01' }, []],
  ['that says what it replaces', { supersedes: 'c1' }, []],
])('a new consent %s', async (_, parts, told) => {
  await importing(context, clearedFile());
  await withdrawing({ consent: 'c1' });
  const again = { ...c1, id: 'rekeyed', ...parts };
  const { warnings } = await importing(context, {
    ...clearedFile(),
    consents: [{ ...c1, withdrawn: now }, again],
  });
  expect(warnings).toEqual(told.map((words) => expect.stringContaining(words)));
  for (const words of warnings) expect(words).toContain('consents/rekeyed; where that was withdrawn too');
});

test('a new grant by the same owner, and no row that was there before or is of somebody else', async () => {
  await importing(context, { ...clearedFile(), grants: [g1, { ...g1, id: 'other' }] });
  await withdrawing({ grant: 'g1' });
  const grants = [
    { ...g1, withdrawn: now },
    { ...g1, id: 'other' },
    { ...g1, id: 'rekeyed' },
  ];
  const { warnings } = await importing(context, { ...clearedFile(), grants });
  expect(warnings).toEqual([expect.stringContaining('given since: grants/rekeyed; where')]);
});

test('of many the first, and how many more there are', async () => {
  const many = Array.from({ length: 22 }, (_, i) => ({ ...c1, id: `old${i}` }));
  await importing(context, { ...clearedFile(), consents: many });
  const rows = [...many.map((row) => ({ ...row, withdrawn: '2026-05-01' }))];
  const added = Array.from({ length: 12 }, (_, i) => ({ ...c1, id: `new${i}` }));
  const { warnings } = await importing(context, { ...clearedFile(), consents: [...rows, ...added] });
  expect(warnings).toHaveLength(0);
  await importing(context, { ...clearedFile(), consents: rows });
  const again = added.map((row) => ({ ...row, id: `again-${row.id}` }));
  const told = (await importing(context, { ...clearedFile(), consents: [...rows, ...again] })).warnings;
  expect(told).toHaveLength(21);
  expect(told[0]).toContain(' and more; where');
  expect(told[20]).toBe('of 2 more rows that were withdrawn what is new permits some of the same, too');
});
