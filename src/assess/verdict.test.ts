import { expect, it } from 'vitest';
import type { Calibration } from './schema.ts';
import { predictUsable, verdictOf } from './verdict.ts';
import { forecastWords } from './words.ts';

const studio = (gain: number, usable: number) => ({ title: 't', clips: 10, gain, briefs: 40, usable });
const calibration = (...points: Calibration['points']): Calibration => ({ base: 'b', steps: 30, points });
const rising = calibration(
  studio(0.05, 1),
  studio(0.15, 8),
  studio(0.25, 24),
  studio(0.35, 36),
  studio(0.45, 39),
);

it('enough needs the lower bound, not enough the upper; between them it cannot tell', () => {
  expect(verdictOf({ value: 0.7, low: 0.6, high: 0.8 })).toBe('enough');
  expect(verdictOf({ value: 0.7, low: 0.59, high: 0.8 })).toBe('cannot tell');
  expect(verdictOf({ value: 0.5, low: 0.4, high: 0.59 })).toBe('not enough');
  expect(verdictOf(null)).toBe('cannot tell');
});

it('fewer than four measured studios predict nothing', () => {
  expect(predictUsable({ ...rising, points: rising.points.slice(0, 3) }, 0.3, 1)).toBeNull();
});

it('a catalogue that learns like the poor studios is not enough, one like the rich ones is', () => {
  expect(verdictOf(predictUsable(rising, 0.08, 1))).toBe('not enough');
  expect(verdictOf(predictUsable(rising, 0.44, 1))).toBe('enough');
});

it('the prediction lies inside its interval, in 0..1, and is the same for the same seed', () => {
  const range = predictUsable(rising, 0.25, 7);
  expect(range).toEqual(predictUsable(rising, 0.25, 7));
  const { value, low, high } = range ?? { value: -1, low: -1, high: -1 };
  expect([0, low, value, high, 1]).toEqual([0, low, value, high, 1].sort((a, b) => a - b));
  expect(value).toBeCloseTo(24 / 40, 1);
});

it('titles that differ make the prediction less sure than briefs alone do', () => {
  const [one, two] = ['a', 'b'].map((title, i) =>
    [0.1, 0.2, 0.3, 0.4].map((gain, n) => ({ ...studio(gain, 4 + n * 8 + i * 8), title })),
  );
  const apart = predictUsable(calibration(...(one ?? []), ...(two ?? [])), 0.25, 3);
  const alike = predictUsable(
    calibration(...(one ?? []), ...(two ?? []).map((point) => ({ ...point, title: 'a' }))),
    0.25,
    3,
  );
  const width = (range: typeof apart) => (range ? range.high - range.low : 0);
  expect(width(apart)).toBeGreaterThan(width(alike));
});

it('studios that all had every brief usable still give a finite prediction', () => {
  const all = calibration(studio(0.1, 40), studio(0.2, 40), studio(0.3, 40), studio(0.4, 40));
  const range = predictUsable(all, 0.2, 1);
  expect(range?.value).toBeGreaterThan(0.9);
  expect(range?.low).toBeGreaterThan(0.8);
});

const forecast = {
  clips: 20,
  untrainedLoss: 0.9,
  trials: [{ clips: 20, value: 0.8, low: 0.75, high: 0.85 }],
  doubled: { clips: 40, value: 0.7, low: 0.65, high: 0.78 },
  usableAt4: { value: 0.7, low: 0.62, high: 0.8 },
  verdict: 'enough' as const,
};

it('the forecast in words gives each figure with its interval, and the verdict', () => {
  const words = forecastWords(forecast);
  expect(words).toContain('from 0.900 to 0.800 (95 % interval 0.750 to 0.850)');
  expect(words).toContain('With 40 clips it would be about 0.700 (0.650 to 0.780)');
  expect(words).toContain('70 % of briefs (62 % to 80 %)');
  expect(words).toContain('Verdict: enough.');
});

it('the forecast says what it does not know', () => {
  const words = forecastWords({ ...forecast, doubled: null, usableAt4: null, verdict: 'cannot tell' });
  expect(words).toContain('too few clips');
  expect(words).toContain('cannot tell whether this is enough');
});
