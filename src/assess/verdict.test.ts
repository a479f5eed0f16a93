import { expect, it } from 'vitest';
import { verdictOf } from './verdict.ts';
import { forecastWords } from './words.ts';

it('enough needs the lower bound, not enough the upper; between them it cannot tell', () => {
  expect(verdictOf({ value: 0.7, low: 0.6, high: 0.8 })).toBe('enough');
  expect(verdictOf({ value: 0.7, low: 0.59, high: 0.8 })).toBe('cannot tell');
  expect(verdictOf({ value: 0.5, low: 0.4, high: 0.59 })).toBe('not enough');
  expect(verdictOf(null)).toBe('cannot tell');
});

const forecast = {
  clips: 20,
  untrainedLoss: 0.9,
  scenes: 9,
  trials: [{ clips: 20, value: 0.8, low: 0.75, high: 0.85 }],
  doubled: { clips: 40, value: 0.7, low: 0.65, high: 0.78 },
  usableAt4: { value: 0.7, low: 0.62, high: 0.8 },
  verdict: 'enough' as const,
};

it('the forecast in words gives each figure with its interval, and the verdict', () => {
  const words = forecastWords(forecast, { trainedSteps: 180 }, 3);
  expect(words).toContain('from 0.900 to 0.800 (95 % interval 0.750 to 0.850)');
  expect(words).toContain('With 40 clips it would be about 0.700 (0.650 to 0.780)');
  expect(words).toContain('70 % of briefs (62 % to 80 %)');
  expect(words).toContain('Verdict: enough.');
  expect(words).toContain('after fewer than 540 expect less');
});

it('the forecast says what it does not know', () => {
  const words = forecastWords(
    { ...forecast, doubled: null, usableAt4: null, verdict: 'cannot tell' },
    null,
    1,
  );
  expect(words).toContain('too few clips');
  expect(words).toContain('cannot tell whether this is enough');
});

it('a loss measured on one scene has no interval, and the words say so', () => {
  const unsure = { value: 0.8, low: null, high: null };
  const few = { scenes: 1, trials: [{ clips: 20, ...unsure }], doubled: { clips: 40, ...unsure } };
  const words = forecastWords({ ...forecast, ...few }, null, 1);
  expect(words).toContain('measured on 1 held-out scene: too few to say how sure that is');
  expect(words).not.toContain('95 %');
});
