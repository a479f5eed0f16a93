import { expect, it } from 'vitest';
import { predictUsable } from './predict.ts';
import type { Calibration } from './schema.ts';
import { verdictOf } from './verdict.ts';

/** A sample studio of one title. */
const studio = (title: string, clips: number, gain: number, usable: number) => ({
  ...{ titles: [title], clips, gain, briefs: 40, usable },
});
const calibration = (...points: Calibration['points']): Calibration => ({
  ...{ base: 'b', steps: 30, trainedSteps: 180 },
  points,
});
const titles = ['a', 'b', 'c', 'd', 'e'];
const points = titles.flatMap((title) => [
  studio(title, 5, 0.05, 5),
  studio(title, 40, 0.12, 27),
  studio(title, 160, 0.15, 35),
]);
const measured = calibration(...points);
it('fewer than four measured studios predict nothing', () => {
  const few = points.filter(({ titles }) => titles[0] !== 'a' && titles[0] !== 'b');
  expect(predictUsable(calibration(...few), { gain: 0.1, clips: [40] }, 1)).toBeNull();
});

it('a catalogue like the poor studios is not enough, one like the rich ones is', () => {
  expect(verdictOf(predictUsable(measured, { gain: 0.05, clips: [5] }, 1))).toBe('not enough');
  expect(verdictOf(predictUsable(measured, { gain: 0.15, clips: [160] }, 1))).toBe('enough');
});

it('the prediction lies inside its interval, in 0..1, and is the same for the same seed', () => {
  const range = predictUsable(measured, { gain: 0.12, clips: [40] }, 7);
  expect(range).toEqual(predictUsable(measured, { gain: 0.12, clips: [40] }, 7));
  const { value, low, high } = range ?? { value: -1, low: -1, high: -1 };
  expect([0, low, value, high, 1]).toEqual([0, low, value, high, 1].sort((a, b) => a - b));
  expect(value).toBeCloseTo(27 / 40, 1);
});

it('clips shared among many titles promise less than as many of one', () => {
  const one = predictUsable(measured, { gain: 0.12, clips: [160] }, 1)?.value ?? 0;
  const eight = predictUsable(measured, { gain: 0.12, clips: Array(8).fill(20) }, 1)?.value ?? 1;
  expect(eight).toBeLessThan(one - 0.1);
});

it('studios that differ make the prediction less sure than studios that are alike', () => {
  const apart = calibration(
    ...points.map((point, i) => ({ ...point, usable: point.usable + (i < 6 ? 5 : -5) })),
  );
  const width = (of: Calibration) => {
    const range = predictUsable(of, { gain: 0.12, clips: [40] }, 3);
    return range ? range.high - range.low : 0;
  };
  expect(width(apart)).toBeGreaterThan(width(measured) * 1.2);
});

it('studios that all had every brief usable still give a finite prediction', () => {
  const all = calibration(...points.map((point) => ({ ...point, usable: point.briefs })));
  const range = predictUsable(all, { gain: 0.1, clips: [40] }, 1);
  expect(range?.value).toBeGreaterThan(0.9);
  expect(range?.low).toBeGreaterThan(0.8);
});
