import { expect, test } from 'vitest';
import type { CheckLine } from '../contract/index.ts';
import type { Expect } from '../generate/index.ts';
import { shippedChecker } from './check.ts';
import type { Limits } from './schema.ts';
import { usable } from './usable.ts';

const named = (name: string, probability = 0.95) => ({ name, probability });
const likely = {
  ...{ character: { Pim: 0.95, Brinka: 0.04 }, set: { harbour: 0.95, desert: 0.04 } },
  ...{ action: { 'walks left': 0.95 }, camera: { still: 0.95 }, time: { night: 0.95 } },
};
const reading: CheckLine = {
  id: 'tak_1',
  characters: [named('Pim')],
  set: named('harbour'),
  action: named('walks left'),
  camera: named('still'),
  time: named('night'),
  look: {},
  likely,
  figure: 30,
  bodies: { Pim: 0.9 },
  bodyShares: {},
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
  ...{ probability: 0.5, figure: 10, body: 0.7, sharpness: [5, 20], seams: [0.5, 4], flicker: [0, 4] },
  motion: { 'walks left': [1, 9], stands: [0, 2] },
};
const copyLimit = 0.4;

const judge = (changed: Partial<CheckLine>, asked: Expect = expected) =>
  usable({ ...reading, ...changed }, asked, limits, copyLimit);

test('a take that shows what was asked is usable', () => {
  expect(judge({})).toEqual({ verdict: 'usable', reasons: [] });
});

type Attribute = keyof typeof likely;

/** A reading in which one attribute is likely to be what is named, the likeliest first. */
function showing(what: Attribute, chances: Record<string, number>): Partial<CheckLine> {
  const [[name, probability] = ['', 0]] = Object.entries(chances);
  const seen = { name, probability };
  const read = what === 'character' ? { characters: name === 'nobody' ? [] : [seen] } : { [what]: seen };
  return { ...read, likely: { ...likely, [what]: chances } };
}

test('what was asked may be less likely than another name where all of it at once is likely enough', () => {
  const less = { ...reading, ...showing('set', { desert: 0.6, harbour: 0.4 }) };
  expect(usable(less, expected, { ...limits, probability: 0.12 }, copyLimit).verdict).toBe('usable');
});

test('a checker without a limit for it does not ask whether somebody stands out', () => {
  const { figure: _, body: __, ...others } = limits;
  expect(usable({ ...reading, figure: 0, bodies: {} }, expected, others, copyLimit).verdict).toBe('usable');
});

test('a person whose colours nobody measured leaves a take unchecked, where nothing else is wrong', () => {
  expect(judge({ bodies: { Brinka: 0.9 } })).toEqual({
    verdict: 'unchecked',
    reasons: ['body: nobody measured the colours of Pim'],
  });
  expect(judge({ bodies: {}, figure: 9 }).verdict).toBe('not usable');
});

test('who has less of a body in true clips too needs no more than a share of that, where the card has one', () => {
  const little = { ...reading, bodies: { Pim: 0.65 }, bodyShares: { Pim: 0.92 } };
  const shared = { ...limits, bodyShare: 0.9 };
  expect(usable(little, expected, shared, copyLimit).verdict).toBe('usable');
  expect(usable(little, expected, limits, copyLimit).verdict).toBe('not usable');
  expect(usable({ ...little, bodyShares: { Pim: 0.88 } }, expected, shared, copyLimit).reasons).toEqual([
    'body: 0.65 of one in the colours of Pim, must be 0.70, or 0.900 of what true clips have of them at that time, is 0.880',
  ]);
  expect(usable({ ...little, bodyShares: {} }, expected, shared, copyLimit).verdict).toBe('not usable');
});

test('a name of another title is less likely to be what is seen where the checker knows which names are of one', () => {
  const mistaken = { ...reading, ...showing('character', { Brinka: 0.8, Pim: 0.1 }) };
  const asked = { ...limits, probability: 0.12, otherTitles: 5 };
  const apart = [
    ['Pim', 'harbour'],
    ['Brinka', 'desert'],
  ];
  expect(usable(mistaken, expected, asked, copyLimit).verdict).toBe('not usable');
  expect(usable(mistaken, expected, { ...asked, titles: apart }, copyLimit).verdict).toBe('usable');
  expect(usable(mistaken, expected, { ...asked, titles: [apart.flat()] }, copyLimit).verdict).toBe(
    'not usable',
  );
  expect(usable(mistaken, expected, { ...asked, otherTitles: 1, titles: apart }, copyLimit).verdict).toBe(
    'not usable',
  );
});

test('nobody is no title: where nobody is asked for, a person of another title is not held less likely', () => {
  const seen = { ...reading, ...showing('character', { Brinka: 0.8, nobody: 0.12 }) };
  const asked = { ...limits, probability: 0.2, otherTitles: 5, titles: [['harbour'], ['Brinka']] };
  expect(usable(seen, { ...expected, characters: [] }, asked, copyLimit).verdict).toBe('not usable');
});

test('the checker that ships knows which names are of one title', async () => {
  const titles = (await shippedChecker())?.card.limits.titles ?? [];
  expect(titles).toContainEqual(['Pimsy', 'Gorvo', 'Candorra', 'Frostelle']);
});

test('a take flickers no more than the camera move that was asked for does', () => {
  const least = { ...limits, flickerMost: { still: 1.5, 'pans left': 3 } };
  expect(usable(reading, expected, least, copyLimit).reasons).toEqual([
    'flicker: 2.00, must lie in 0.00 to 1.50',
  ]);
  expect(usable({ ...reading, flicker: 1.4 }, expected, least, copyLimit).verdict).toBe('usable');
  expect(usable(reading, { ...expected, camera: undefined }, least, copyLimit).verdict).toBe('usable');
});

test('where nobody was asked for nobody must be seen', () => {
  expect(judge(showing('character', { nobody: 0.9 }), { characters: [] }).verdict).toBe('usable');
  expect(judge({}, { characters: [] }).reasons).toEqual(['characters: asked for none, saw Pim']);
});

test.each<[string, Partial<CheckLine>, RegExp]>([
  ['another character', showing('character', { Brinka: 0.9 }), /^characters: asked for Pim, saw Brinka/],
  ['mush without a character', showing('character', { nobody: 0.7, Pim: 0.3 }), /^characters: .* saw none/],
  ['another set', showing('set', { desert: 0.9 }), /^set: asked for harbour, saw desert/],
  ['another action', showing('action', { stands: 0.9 }), /^action/],
  ['another camera move', showing('camera', { 'zooms in': 0.9 }), /^camera/],
  ['another time of day', showing('time', { day: 0.9 }), /^time/],
  [
    'a set that is hardly likely',
    showing('set', { harbour: 0.3, desert: 0.2 }),
    /^all of it: likely to 0\.\d\d only/,
  ],
  [
    'somebody who does not stand out from the place',
    { figure: 9 },
    /^figure: stands out by 9\.0 grey levels, must by 10\.0/,
  ],
  [
    'a smear with little of a body in the colours of who was asked for',
    { bodies: { Pim: 0.61, Brinka: 0.9 } },
    /^body: 0\.61 of one in the colours of Pim, must be 0\.70/,
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
  expect(judge(showing('set', { desert: 0.9 }), { characters: ['Pim'] }).verdict).toBe('usable');
});

test('all reasons are given, not only the first', () => {
  expect(judge({ ...showing('set', { desert: 0.9 }), flicker: 30, copyDistance: 0.1 }).reasons).toHaveLength(
    3,
  );
});

test('what cannot be judged makes a take unchecked, never usable', () => {
  expect(usable(reading, null, limits, copyLimit).verdict).toBe('unchecked');
  expect(usable(reading, expected, null, copyLimit).verdict).toBe('unchecked');
  expect(usable(reading, expected, limits, null).verdict).toBe('unchecked');
  const flying = showing('action', { flies: 0.9 });
  expect(judge(flying, { ...expected, action: 'flies' }).verdict).toBe('unchecked');
});

test('something wrong outweighs something unknown', () => {
  const other = { ...reading, ...showing('set', { desert: 0.9 }) };
  expect(usable(other, expected, limits, null).verdict).toBe('not usable');
});
