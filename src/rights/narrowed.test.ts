import { expect, it } from 'vitest';
import { narrowedWords, titlesGone, usesPermitted } from './narrowed.ts';

const wide = { uses: ['train.foundation' as const], territories: ['world'], titles: ['a', 'b'] };

it.each([
  [
    'another use, which the old one includes',
    { uses: ['index' as const] },
    ['no longer permits train.foundation'],
  ],
  ['some territories of the world', { territories: ['DE', 'FR'] }, ['is for the territories DE, FR alone']],
  ['an end', { until: '2026-01-01' }, ['ends 2026-01-01']],
  ['a later beginning', { from: '2027-01-01' }, ['begins 2027-01-01']],
  ['one model of any', { models: ['one'] }, ['is for the models one alone']],
  ['a vendor in place of the house', { trainers: ['vendor'] }, ['is for the trainers vendor alone']],
])('a permission that gets %s permits less', (_, change, words) => {
  expect(narrowedWords(wide, { ...wide, ...change })).toEqual(words);
});

it('one that gets more, or the same in other words, does not', () => {
  const more = {
    ...wide,
    uses: ['train.foundation' as const, 'distil' as const],
    trainers: ['in-house', 'vendor'],
  };
  expect(narrowedWords(wide, more)).toEqual([]);
  expect(narrowedWords({ ...wide, until: '2026-01-01' }, wide)).toEqual([]);
  const window = { from: '2026-01-01', until: '2026-06-01' };
  expect(narrowedWords({ ...wide, ...window }, { ...wide, from: '2025-01-01', until: '2027-01-01' })).toEqual(
    [],
  );
  expect(narrowedWords({ ...wide, uses: ['index'] }, wide)).toEqual([]);
});

it('titles that it leaves out are known, and all uses that it permitted', () => {
  expect(titlesGone(wide, { ...wide, titles: ['b', 'c'] })).toEqual(['a']);
  expect(usesPermitted(wide)).toEqual(['index', 'eval', 'train.foundation']);
});
