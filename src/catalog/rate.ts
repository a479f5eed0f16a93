import { formatRate, parseRate, type Rate, rateNumber, reduced, tryParseRate } from '../media/index.ts';

/** What a film's timestamps say about its rate. */
export interface Timing {
  fps: string;
  variableRate: boolean;
  /** Timestamps to keep: the file's own where they run forwards, else counted at the declared rate. */
  pts: number[];
  timeBase: string;
  timestamps: 'file' | 'counted';
}

const standardRates = [
  '24000/1001',
  '24/1',
  '25/1',
  '30000/1001',
  '30/1',
  '48/1',
  '50/1',
  '60000/1001',
  '60/1',
  '120/1',
].map(parseRate);

/** How far a timestamp may lie from its place at a constant rate, in frames: phones and raw streams jitter by less. */
const jitter = 0.05;

/** Declared rates closer than this (relative) to a standard one mean the standard one: `2997/100`. */
const sameRate = 1e-4;

/**
 * Finds the rational rate of decoded frames.
 * A declared rate is kept where the timestamps agree with it, because it says 24000/1001 where short films cannot.
 * @param pts timestamps in presentation order, units of `timeBase`; NaN where missing
 * @param declared rates that the file declares, most trusted first
 */
export function timingOf(
  pts: readonly number[],
  timeBase: string,
  declared: readonly (string | null)[],
): Timing {
  const rates = declared.map((text) => tryParseRate(text ?? undefined)).filter((rate) => rate !== null);
  if (!runsForwards(pts)) return counted(pts.length, snapped(rates[0] ?? { num: 24, den: 1 }));
  const kept = { pts: [...pts], timeBase, timestamps: 'file' as const };
  if (pts.length < 2)
    return { ...kept, fps: formatRate(snapped(rates[0] ?? { num: 24, den: 1 })), variableRate: false };
  const tick = rateNumber(parseRate(timeBase));
  const constant = constantRate(pts, tick, rates.map(snapped));
  const fps = formatRate(constant ?? averageRate(pts, tick));
  return { ...kept, fps, variableRate: constant === null };
}

function constantRate(pts: readonly number[], tick: number, declared: readonly Rate[]): Rate | null {
  const fits = (rate: Rate) => deviation(pts, tick, rate) <= Math.max(jitter / rateNumber(rate), 1.01 * tick);
  const said = declared.filter(fits);
  if (said.length > 0) return said.find(isStandard) ?? said[0] ?? null;
  const candidates = [...standardRates.filter(fits), averageRate(pts, tick)].filter(fits);
  return candidates.toSorted((a, b) => deviation(pts, tick, a) - deviation(pts, tick, b))[0] ?? null;
}

/** Seconds by which the worst timestamp misses its place at `rate`, for the best start. */
function deviation(pts: readonly number[], tick: number, rate: Rate): number {
  const period = rate.den / rate.num;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [index, value] of pts.entries()) {
    const miss = (value - (pts[0] ?? 0)) * tick - index * period;
    low = Math.min(low, miss);
    high = Math.max(high, miss);
  }
  return (high - low) / 2;
}

/** Frames a second over the whole film, to a thousandth. */
function averageRate(pts: readonly number[], tick: number): Rate {
  const seconds = ((pts.at(-1) ?? 0) - (pts[0] ?? 0)) * tick;
  return reduced(Math.max(1, Math.round(((pts.length - 1) / seconds) * 1000)), 1000);
}

const isStandard = (rate: Rate): boolean =>
  standardRates.some((one) => one.num === rate.num && one.den === rate.den);

function snapped(rate: Rate): Rate {
  const value = rateNumber(rate);
  return standardRates.find((one) => Math.abs(rateNumber(one) / value - 1) < sameRate) ?? rate;
}

const runsForwards = (pts: readonly number[]): boolean =>
  pts.every((value, index) => Number.isFinite(value) && (index === 0 || value > (pts[index - 1] ?? 0)));

/** Timestamps that follow from a rate alone. */
export function counted(frames: number, rate: Rate): Timing {
  return {
    fps: formatRate(rate),
    variableRate: false,
    pts: Array.from({ length: frames }, (_, index) => index),
    timeBase: `${rate.den}/${rate.num}`,
    timestamps: 'counted',
  };
}
