import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { allowed, catalogue, forgetLedgers, importing } from './catalogued.test-support.ts';
import { clearedFile } from './ledgers.test-support.ts';

/** What is permitted to somebody else alone keeps the house off: it is neither left out nor made less. */

let context: Context;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
});
afterAll(() => close());
beforeEach(() => forgetLedgers(context));

const [harbour] = clearedFile().titles ?? [];
const [g1] = clearedFile().grants ?? [];
const sole = { ...g1, id: 'sole', grantee: 'nia', uses: ['train.style', 'distil'], exclusive: true };
const rest = { consents: [], appearances: [], policies: [{ id: 'p1', house: 'studio' }] };
const ledger = (...grants: object[]) => ({ ...clearedFile(), ...rest, grants });

test('left out of a file that lets the house in', async () => {
  await importing(context, ledger(sole));
  await expect(importing(context, ledger(g1 as object))).rejects.toThrow('left out:\n  grants/sole: ');
  expect(await allowed(context)).toBe(0);
});

test.each([
  ['exclusive', { exclusive: false }],
  ['grantee', { grantee: 'studio' }],
  ['uses', { uses: ['distil'] }],
  ['until', { until: '2026-01-01' }],
  ['territories', { territories: ['DE'] }],
  ['trainers', { trainers: ['vendor'] }],
  ['outputs', { outputs: ['ad'] }],
])('made less in place: %s', async (field, parts) => {
  await importing(context, ledger(sole));
  await expect(importing(context, ledger({ ...sole, ...parts }))).rejects.toThrow(`grants/sole: ${field}: `);
  const less = importing(context, ledger(sole, { ...sole, ...parts, id: 'less', supersedes: 'sole' }));
  if (field !== 'grantee') await less;
  else
    await expect(less).rejects.toThrow(
      'grantee "nia", to whom alone "sole" permits it, found one to "studio"',
    );
});

test('replaced by one to the house: nobody has taken back what was promised', async () => {
  await importing(context, ledger(sole));
  const own = { ...g1, supersedes: 'sole' };
  await expect(importing(context, ledger(sole, own))).rejects.toThrow(
    'to whom alone "sole" permits it, found one to the house',
  );
  expect(await allowed(context)).toBe(0);
  const ended = { ...sole, id: 'ended', until: '2026-05-31', supersedes: 'sole' };
  await importing(context, ledger(sole, ended, { ...g1, from: '2026-06-01' } as object));
  expect(await allowed(context)).toBe(2);
});

test('a promise that is withdrawn from a day to come on is kept until then', async () => {
  const later = { ...sole, withdrawn: '2999-01-01' };
  await importing(context, ledger(later));
  const own = { ...g1, supersedes: 'sole' };
  await expect(importing(context, ledger(later, own))).rejects.toThrow('to whom alone "sole" permits it');
  expect(await allowed(context)).toBe(0);
});

test.each([
  ['has ended', { until: '2026-01-31' }, {}],
  ['was withdrawn before', { withdrawn: '2026-05-01' }, {}],
  ['is withdrawn in the same file', {}, { withdrawn: '2026-05-01' }],
])('one that %s is replaced by one to the house', async (_, before, now) => {
  await importing(context, ledger({ ...sole, ...before }));
  await importing(context, ledger({ ...sole, ...before, ...now }, { ...g1, supersedes: 'sole' } as object));
  expect(await allowed(context)).toBe(2);
});

test('made more, or withdrawn, in place, and one to the house left out, as ever', async () => {
  await importing(context, ledger({ ...sole, until: '2030-01-01' }));
  await importing(context, ledger({ ...sole, uses: ['train.foundation', ...sole.uses] }));
  await importing(
    context,
    ledger({ ...sole, uses: ['train.foundation', ...sole.uses], withdrawn: '2026-05-01' }),
  );
  await forgetLedgers(context);
  await importing(context, ledger({ ...sole, grantee: 'studio' }));
  await importing(context, ledger());
});

test('names the title that replaces its own', async () => {
  await importing(context, ledger(sole));
  const titles = [harbour, { ...harbour, id: 'pier', supersedes: 'harbour' }];
  const anew = (one: object) => ({ ...ledger(one, { ...g1, titles: ['pier'] }), titles });
  await expect(importing(context, anew(sole))).rejects.toThrow('"pier", which replaces "harbour"');
  expect(await allowed(context)).toBe(0);
});

test('also until it is withdrawn on a day to come', async () => {
  const pier = { ...harbour, id: 'pier', supersedes: 'harbour' };
  const anew = (one: object) => ({ ...ledger(one, { ...g1, titles: ['pier'] }), titles: [harbour, pier] });
  const told = '"pier", which replaces "harbour"';
  await expect(importing(context, anew({ ...sole, withdrawn: '2999-01-01' }))).rejects.toThrow(told);
  await importing(context, anew({ ...sole, withdrawn: '2026-05-01' }));
  expect(await allowed(context)).toBe(2);
});

test.each([
  ['2999-01-01', 1],
  ['2026-05-01', 0],
])('that a film leaves it is told where it is withdrawn on %s: %i times', async (withdrawn, times) => {
  const quay = { ...harbour, id: 'quay', files: ['quay.mp4'] };
  const rows = (...titles: object[]) => ({ ...ledger({ ...sole, withdrawn }), titles });
  await importing(context, rows(harbour as object, quay));
  const moved = rows({ ...harbour, files: ['other.mp4'] }, { ...quay, files: ['quay.mp4', 'harbour.mp4'] });
  const { warnings } = await importing(context, moved);
  expect(warnings.filter((words) => words.includes('grants/sole'))).toHaveLength(times);
});
