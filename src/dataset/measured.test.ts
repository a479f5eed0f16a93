import { expect, it } from 'vitest';
import { wordsForShot } from './measured.ts';

it("says of a shot what was measured: light, movement, a colour that stands out, and the camera's move", () => {
  const words = (luma: number, motion: number, colour: [number, number, number]) =>
    wordsForShot({ luma, motion, colour, sharpness: 3 });
  expect(words(180, 1, [180, 180, 178])).toBe('a bright, calm shot');
  expect(words(30, 4, [20, 30, 70])).toBe('a dark, moving shot, mostly blue');
  expect(words(100, 12, [140, 130, 60])).toBe('a medium-lit, fast shot, mostly yellow');
  const camera = { move: 'pans left' as const, pan: -0.1, tilt: 0, zoom: 0, shake: 0 };
  const facts = { luma: 100, motion: 4, colour: [90, 90, 90] as [number, number, number], sharpness: 3 };
  expect(wordsForShot({ ...facts, camera })).toBe('a medium-lit, moving shot, the camera pans left');
  const still = { ...camera, move: 'still' as const };
  expect(wordsForShot({ ...facts, camera: still })).toBe('a medium-lit, moving shot');
});
