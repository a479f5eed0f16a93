import { expect, test } from 'vitest';
import { withoutRivals } from './rivals.ts';
import type { Copy } from './schema.ts';

const at = (shot: string, from = 0, to = 48) => ({ shot, in: from, out: to });
const pair = (a: Copy['a'], b: Copy['b'], similarity: number): Copy => ({
  ...{ a, b, similarity },
  ...{ kinds: [], speed: 1 },
});
const films = new Map([
  ['trailer', 'trailer.mp4'],
  ['first take', 'feature.mp4'],
  ['second take', 'feature.mp4'],
]);
const left = (copies: Copy[]) => withoutRivals(copies, films).map(({ b }) => b.shot);

test('of two takes that move alike, a shot is a copy of the one that it is like by far more', () => {
  const [first, second] = [at('first take'), at('second take')];
  expect(left([pair(at('trailer'), first, 0.99), pair(at('trailer'), second, 0.93)])).toEqual(['first take']);
});

test('two that are nearly as like both stay, and so does a shot that its film shows again', () => {
  const [first, second] = [at('first take'), at('second take')];
  const alike = [pair(at('trailer'), first, 0.98), pair(at('trailer'), second, 0.96)];
  expect(left(alike)).toEqual(['first take', 'second take']);
  const again = [
    pair(at('trailer'), first, 0.99),
    pair(at('trailer'), second, 0.9),
    pair(first, second, 0.9),
  ];
  expect(left(again)).toEqual(['first take', 'second take', 'second take']);
});

test('two shots taken for one are copies of two, each by its stretch', () => {
  const halves = [
    pair(at('trailer', 0, 40), at('first take'), 0.99),
    pair(at('trailer', 40, 90), at('second take'), 0.9),
  ];
  expect(left(halves)).toEqual(['first take', 'second take']);
});
