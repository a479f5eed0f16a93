import { expect, it } from 'vitest';
import type { FieldLook } from '../media/index.ts';
import { mayBeWoven, wovenOrder } from './woven.ts';

const looks = (top: number, bottom: number, whole: number, still: number): FieldLook[] => [
  ...Array<FieldLook>(top).fill({ repeated: null, woven: true, order: 'top-first' }),
  ...Array<FieldLook>(bottom).fill({ repeated: null, woven: true, order: 'bottom-first' }),
  ...Array<FieldLook>(whole).fill({ repeated: null, woven: false, whole: true }),
  ...Array<FieldLook>(still).fill({ repeated: null, woven: false }),
];
const order = (...counts: Parameters<typeof looks>) => wovenOrder(looks(...counts), looks(...counts).length);

it('a film is woven where most of what moves is, in one order', () => {
  expect(order(125, 0, 0, 0)).toBe('top-first');
  expect(order(1, 30, 5, 60)).toBe('bottom-first');
});

it('fine patterns, which look woven in both orders or now and then, make no film interlaced', () => {
  // Frames as they look in a small clip from the web, an AVI file and a trailer, none of them interlaced.
  expect(order(8, 10, 5, 7)).toBeNull();
  expect(order(0, 28, 59, 9)).toBeNull();
  expect(order(56, 10, 821, 365)).toBeNull();
  expect(order(0, 0, 0, 30)).toBeNull();
});

it('fields are looked for at the rates of video', () => {
  expect(['25/1', '30000/1001', '24/1', '50/1', null].map(mayBeWoven)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
