import { expect, it } from 'vitest';
import { wordsForShot } from './measured.ts';

it('says of a shot what was measured: light, movement, and a colour that stands out', () => {
  const words = (luma: number, motion: number, colour: [number, number, number]) =>
    wordsForShot({ luma, motion, colour, sharpness: 3 });
  expect(words(180, 1, [180, 180, 178])).toBe('a bright, calm shot');
  expect(words(30, 4, [20, 30, 70])).toBe('a dark, moving shot, mostly blue');
  expect(words(100, 12, [140, 130, 60])).toBe('a medium-lit, fast shot, mostly yellow');
});
