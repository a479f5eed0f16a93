import { expect, test } from 'vitest';
import type { CheckLine } from '../contract/index.ts';
import type { Expect } from '../generate/index.ts';
import type { Limits } from './schema.ts';
import { usable } from './usable.ts';

const named = (name: string, probability = 0.9) => ({ name, probability });
const reading: CheckLine = {
  id: 'tak_1',
  characters: [named('Pim')],
  set: named('harbour'),
  action: named('walks left'),
  camera: named('still'),
  time: named('night'),
  look: {},
  sharpness: 8,
  flicker: 2,
  seams: 1,
  motion: 3,
  nearestClip: 'c'.repeat(64),
  copyDistance: 0.9,
};
const expected: Expect = {
  ...{ characters: ['Pim'], set: 'harbour', action: 'walks left', camera: 'still', time: 'night' },
};
const limits: Limits = {
  ...{ probability: 0.5, sharpness: [5, 20], seams: [0.5, 4], flicker: [0, 4] },
  motion: { 'walks left': [1, 9], stands: [0, 2] },
};
const copyLimit = 0.4;

const judge = (changed: Partial<CheckLine>, asked: Expect = expected) =>
  usable({ ...reading, ...changed }, asked, limits, copyLimit);

test('a take that shows what was asked is usable', () => {
  expect(judge({})).toEqual({ verdict: 'usable', reasons: [] });
});

test.each<[string, Partial<CheckLine>, RegExp]>([
  ['another character', { characters: [named('Brinka')] }, /^characters: asked for Pim, saw Brinka/],
  ['one character too many', { characters: [named('Pim'), named('Brinka')] }, /saw Pim, Brinka/],
  ['mush without a character', { characters: [named('Pim', 0.3)] }, /saw none/],
  ['another set', { set: named('desert') }, /^set: asked for harbour, saw desert/],
  ['another action', { action: named('stands') }, /^action/],
  ['another camera move', { camera: named('zooms in') }, /^camera/],
  ['another time of day', { time: named('day') }, /^time/],
  ['a set that cannot be made out', { set: named('harbour', 0.2) }, /could not be made out/],
  [
    'what is a little likely in everything',
    { set: named('harbour', 0.7), action: named('walks left', 0.6) },
    /^all of it: likely to 0\.\d\d only/,
  ],
  ['a copy of a training clip', { copyDistance: 0.1 }, /^copy: 0.10 from training clip cccccccccccc/],
  ['a distance exactly at the copy limit', { copyDistance: 0.4 }, /^copy/],
  ['a frozen picture', { motion: 0.1 }, /^motion: 0.10, must lie in 1.00 to 9.00/],
  ['a blurred picture', { sharpness: 2 }, /^sharpness/],
  ['noise', { sharpness: 60 }, /^sharpness/],
  ['flicker', { flicker: 30 }, /^flicker/],
  ['seams between blocks', { seams: 6 }, /^seams/],
])('%s is not usable, and the reason says so', (_, changed, reason) => {
  const { verdict, reasons } = judge(changed);
  expect(verdict).toBe('not usable');
  expect(reasons).toHaveLength(1);
  expect(reasons[0]).toMatch(reason);
});

test('only what the brief asks for is judged', () => {
  expect(judge({ set: named('desert'), time: named('day') }, { characters: ['Pim'] }).verdict).toBe('usable');
});

test('all reasons are given, not only the first', () => {
  expect(judge({ set: named('desert'), flicker: 30, copyDistance: 0.1 }).reasons).toHaveLength(3);
});

test('what cannot be judged makes a take unchecked, never usable', () => {
  expect(usable(reading, null, limits, copyLimit).verdict).toBe('unchecked');
  expect(usable(reading, expected, null, copyLimit).verdict).toBe('unchecked');
  expect(usable(reading, expected, limits, null).verdict).toBe('unchecked');
  expect(judge({ action: named('flies') }, { ...expected, action: 'flies' }).verdict).toBe('unchecked');
});

test('something wrong outweighs something unknown', () => {
  expect(usable({ ...reading, set: named('desert') }, expected, limits, null).verdict).toBe('not usable');
});
