import { expect, it } from 'vitest';
import { bootstrap, type ClipLoss, lossOver, overScenes, powerLaw, rangeOf } from './curve.ts';

const loss = (scene: string, value: number): ClipLoss => ({ id: `${scene}${value}`, scene, loss: value });
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

it('a range holds the middle 95 % of what was drawn', () => {
  const drawn = Array.from({ length: 1001 }, (_, n) => 1000 - n);
  expect(rangeOf(drawn, 500)).toEqual({ value: 500, low: 25, high: 975 });
});

it('a scene that is drawn twice counts twice, with all its clips', () => {
  const losses = [loss('a', 1), loss('a', 3), loss('b', 8)];
  expect(lossOver(losses, ['a', 'b'])).toBe(4);
  expect(lossOver(losses, ['a', 'a', 'b'])).toBe((1 + 3 + 1 + 3 + 8) / 5);
});

it('scenes are drawn with replacement, the same ones for the same seed', () => {
  const scenes = ['0', '1', '2', '3'];
  const means = (seed: number) => bootstrap(scenes, seed, (drawn) => mean(drawn.map(Number)));
  expect(means(1)).toEqual(means(1));
  expect(means(1)).not.toEqual(means(2));
  // The mean of four draws from 0..3 has mean 1.5 and standard deviation sqrt(1.25 / 4) = 0.56.
  expect(mean(means(1))).toBeCloseTo(1.5, 1);
  expect(rangeOf(means(1), 1.5).low).toBeGreaterThan(0.2);
  expect(rangeOf(means(1), 1.5).low).toBeLessThan(0.8);
});

it('a power law is found again and carried on', () => {
  const law = (clips: number) => 2 * clips ** -0.3;
  const points = [10, 20, 40].map((clips) => ({ clips, loss: law(clips) }));
  expect(powerLaw(points, 80)).toBeCloseTo(law(80), 10);
});

it('a mean over fewer than five scenes gets no interval, as draws from them are too much alike', () => {
  const over = (count: number) =>
    overScenes(
      Array.from({ length: count }, (_, n) => String(n)),
      1,
      (drawn) => mean(drawn.map(Number)),
    );
  expect(over(4)).toEqual({ value: 1.5, low: null, high: null });
  expect(over(5).low).toBeLessThan(2);
});
