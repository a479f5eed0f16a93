import { expect, it } from 'vitest';
import { blurIn, stepsOf } from './blur.ts';

const [width, height] = [120, 80];
const whole = { x: 0, y: 0, width, height };
const one = { scaleX: 1, scaleY: 1 };

/** Fields that meet at hard edges, as in a drawing, or pass into each other. */
function drawn(edges: 'hard' | 'soft', contrast: number): Float32Array {
  const wave = (place: number) => Math.sin((2 * Math.PI * (place + 0.5)) / 30);
  const shape = (place: number) => (edges === 'hard' ? Math.sign(wave(place)) : wave(place));
  return Float32Array.from({ length: width * height }, (_, i) => {
    return 100 + contrast * (shape(i % width) + shape(Math.floor(i / width)));
  });
}

const blurOf = (luma: Float32Array) => blurIn(stepsOf(luma, width, height), whole, one);

it('a drawing is sharp, however pale, and blurred where its edges are spread', () => {
  expect(blurOf(drawn('hard', 60))).toBeLessThan(0.3);
  expect(blurOf(drawn('hard', 15))).toBeCloseTo(blurOf(drawn('hard', 60)) as number, 5);
  expect(blurOf(drawn('soft', 60))).toBeGreaterThan(0.66);
});

it('nothing is said of a picture without edges', () => {
  expect(blurOf(new Float32Array(width * height).fill(90))).toBeNull();
});

it('bars round a blurred picture make it no sharper', () => {
  const part = { x: 0, y: 20, width, height: 40 };
  const between = drawn('soft', 60).map((level, i) => (i < 20 * width || i >= 60 * width ? 0 : level));
  expect(blurIn(stepsOf(between, width, height), part, one)).toBeGreaterThan(0.66);
});
