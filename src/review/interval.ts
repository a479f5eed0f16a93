import type { Interval } from './schema.ts';

/** 97.5th percentile of the standard normal distribution: intervals are of 95 %. */
const z95 = 1.959963984540054;

/**
 * The score interval of a share: Wilson, "Probable inference, the law of succession, and statistical inference",
 * JASA 22 (1927), 209-212. It stays inside 0..1 and holds for few trials and for shares of 0 and 1.
 * @param successes 0..n @param n trials, at least 1
 */
export function wilson(successes: number, n: number): Interval {
  if (!(n >= 1 && successes >= 0 && successes <= n)) throw new RangeError(`wilson(${successes}, ${n})`);
  const value = successes / n;
  const scale = 1 + z95 ** 2 / n;
  const centre = (value + z95 ** 2 / (2 * n)) / scale;
  const half = (z95 / scale) * Math.sqrt((value * (1 - value)) / n + z95 ** 2 / (4 * n ** 2));
  return {
    value,
    low: Math.max(0, Math.min(value, centre - half)),
    high: Math.min(1, Math.max(value, centre + half)),
  };
}
