import { formatRate, parseRate, type Rate, rateNumber, reduced, tryParseRate } from '../media/index.ts';

/** What a film's timestamps say about its rate. */
export interface Timing {
  /** Of the frames beside the gaps, where there are any; of all on average, where frames last unequally. */
  fps: string;
  /** No constant rate fits the timestamps. */
  variableRate: boolean;
  /** Places where frames are missing, or pause, in a film that otherwise runs at `fps`. */
  timeGaps: number;
  /** Timestamps to keep: the file's own where they run forwards, else counted at the declared rate. */
  pts: number[];
  timeBase: string;
  timestamps: 'file' | 'counted';
  /** The timestamps alternate between two and three fields: film frames that a player shows by 3:2 pulldown. */
  softPulldown: boolean;
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

/** Rate of film that is shown as 29.97 frames of two fields. */
export const filmRate: Rate = { num: 24000, den: 1001 };
const fieldRate = 60000 / 1001;
/** Fields by which a frame's duration may miss two or three, and the share of neighbours that must be one of each. */
const fieldSlack = 0.1;
const alternating = 0.9;

/** How far a timestamp may lie from its place at a constant rate, in frames: phones and raw streams jitter by less. */
const jitter = 0.05;

/**
 * Share of the frames that must last equally for the others to be gaps. Of films with a hole, cut off or begun in the midst of
 * frames that refer to others nearly all do; of one that drops every third frame two of three.
 */
const mostlySteady = 0.75;

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
  const file = { pts: [...pts], timeBase, timestamps: 'file' as const };
  const kept = { ...file, variableRate: false, softPulldown: false, timeGaps: 0 };
  if (pts.length < 2) return { ...kept, fps: formatRate(snapped(rates[0] ?? { num: 24, den: 1 })) };
  const tick = rateNumber(parseRate(timeBase));
  const constant = constantRate(pts, tick, rates.map(snapped));
  if (constant !== null) return { ...kept, fps: formatRate(constant) };
  if (isPulledDown(pts, tick)) return { ...kept, fps: formatRate(filmRate), softPulldown: true };
  const steady = steadyRate(pts, tick, rates.map(snapped));
  const { rate, timeGaps } = steady ?? { rate: averageRate(pts, tick), timeGaps: 0 };
  return { ...kept, fps: formatRate(rate), variableRate: true, timeGaps };
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

/** The rate of the frames that last equally, and how many do not; null where too few do. */
function steadyRate(pts: readonly number[], tick: number, declared: readonly Rate[]) {
  const lasting = pts.slice(1).map((value, i) => value - (pts[i] as number));
  const usual = lasting.toSorted((a, b) => a - b)[lasting.length >> 1] as number;
  const slack = Math.max(jitter * usual, 1.01);
  const steady = lasting.filter((ticks) => Math.abs(ticks - usual) <= slack);
  if (steady.length < mostlySteady * lasting.length) return null;
  const timeGaps = lasting.length - steady.length;
  const period = (steady.reduce((sum, ticks) => sum + ticks, 0) / steady.length) * tick;
  // What the ends of each run between gaps may be off, shared by all their frames.
  const unsure = sameRate + (2 * (timeGaps + 1) * slack) / (usual * steady.length);
  const miss = (rate: Rate) => Math.abs(rateNumber(rate) * period - 1);
  const closest = standardRates.toSorted((a, b) => miss(a) - miss(b));
  const said = declared.filter((rate) => miss(rate) <= unsure);
  const near = [...said.filter(isStandard), ...said, ...closest].find((rate) => miss(rate) <= unsure);
  return { rate: near ?? thousandths(1 / period), timeGaps };
}

/** Whether frames last two and three fields in turn. */
function isPulledDown(pts: readonly number[], tick: number): boolean {
  const slack = Math.max(fieldSlack, 1.01 * tick * fieldRate);
  const fields = pts.slice(1).map((value, i) => (value - (pts[i] as number)) * tick * fieldRate);
  if (fields.some((count) => Math.abs(count - (count > 2.5 ? 3 : 2)) > slack)) return false;
  const pairs = fields.slice(1).filter((count, i) => Math.abs(count + (fields[i] as number) - 5) < 0.5);
  return fields.length > 1 && pairs.length >= alternating * (fields.length - 1);
}

/** Frames a second over the whole film, to a thousandth. */
function averageRate(pts: readonly number[], tick: number): Rate {
  const seconds = ((pts.at(-1) ?? 0) - (pts[0] ?? 0)) * tick;
  return thousandths((pts.length - 1) / seconds);
}

const thousandths = (speed: number): Rate => reduced(Math.max(1, Math.round(speed * 1000)), 1000);

const isStandard = (rate: Rate): boolean =>
  standardRates.some((one) => one.num === rate.num && one.den === rate.den);

function snapped(rate: Rate): Rate {
  const value = rateNumber(rate);
  return standardRates.find((one) => Math.abs(rateNumber(one) / value - 1) < sameRate) ?? rate;
}

const runsForwards = (pts: readonly number[]): boolean =>
  pts.every((value, index) => Number.isFinite(value) && (index === 0 || value > (pts[index - 1] ?? 0)));

/** Headers of pictures write 23.98 for 24000/1001: rates this close (relative) to a standard one mean it; 24 lies 1e-3 away. */
const sameSpeed = 4e-4;

/** The rate that a header's plain number means, to a thousandth where it is no standard one. @param speed frames a second, .001 or more */
export function rateOfSpeed(speed: number): Rate {
  const near = (rate: Rate) => Math.abs(rateNumber(rate) / speed - 1);
  const [closest] = standardRates.toSorted((a, b) => near(a) - near(b));
  return closest && near(closest) < sameSpeed ? closest : thousandths(speed);
}

/** Timestamps that follow from a rate alone. */
export function counted(frames: number, rate: Rate): Timing {
  return {
    fps: formatRate(rate),
    variableRate: false,
    pts: Array.from({ length: frames }, (_, index) => index),
    timeBase: `${rate.den}/${rate.num}`,
    timestamps: 'counted',
    softPulldown: false,
    timeGaps: 0,
  };
}
