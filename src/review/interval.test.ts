import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wilson } from './interval.ts';

test.each([
  // Published values: Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (score, no correction).
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
  // Symmetry of the first three.
  [20, 20, 0.8389, 1],
])('the interval of %i in %i is the published one', (successes, n, low, high) => {
  const interval = wilson(successes, n);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

test('the interval holds the share and stays within 0 and 1', () => {
  const trials = fc
    .integer({ min: 1, max: 500 })
    .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
  fc.assert(
    fc.property(trials, ([successes, n]) => {
      const { value, low, high } = wilson(successes, n);
      expect(0 <= low && low <= value && value <= high && high <= 1).toBe(true);
    }),
  );
});

test('no trials have no interval', () => {
  expect(() => wilson(0, 0)).toThrow(RangeError);
  expect(() => wilson(3, 2)).toThrow(RangeError);
});
