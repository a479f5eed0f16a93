import { rangeOf } from './curve.ts';
import { createRandom } from './random.ts';
import type { Calibration, Range } from './schema.ts';

/** Enough: even the lower bound says that most briefs get a usable take among four. */
export const ENOUGH = 0.6;
/** Fewer sample-studio points than this tell nothing about a new catalogue. */
export const FEWEST_POINTS = 4;
const RESAMPLES = 400;
const NEWTON_STEPS = 25;
/** A weak prior towards no effect keeps the fit finite where the points separate (ridge, Le Cessie 1992). */
const RIDGE = 0.05;

export type Verdict = 'enough' | 'not enough' | 'cannot tell';

export function verdictOf(usableAt4: Range | null): Verdict {
  if (usableAt4 === null) return 'cannot tell';
  if (usableAt4.low >= ENOUGH) return 'enough';
  return usableAt4.high < ENOUGH ? 'not enough' : 'cannot tell';
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

interface Line {
  at: number;
  slope: number;
}

/**
 * The share of briefs with a usable take that sample studios had at the same gain: logistic regression through the
 * calibration points. 95 % interval by resampling titles, each with its points of all sizes, as the sizes are ours
 * and only the titles are chance, then briefs within a point; two or three titles still make it too narrow.
 * @param gain share of the untrained held-out loss that the short trial removed, 0..1
 */
export function predictUsable({ points }: Calibration, gain: number, seed: number): Range | null {
  if (points.length < FEWEST_POINTS) return null;
  const random = createRandom(seed);
  const value = at(fit(points), gain);
  const titles = [...Map.groupBy(points, ({ title }) => title).values()];
  const values = Array.from({ length: RESAMPLES }, () => {
    const drawn = titles.flatMap(() => titles[Math.floor(random() * titles.length)] ?? []);
    return at(fit(drawn.map((point) => redrawn(point, random))), gain);
  });
  return rangeOf(values, value);
}

type Point = Calibration['points'][number];

function redrawn(point: Point, random: () => number): Point {
  const share = (point.usable + 0.5) / (point.briefs + 1);
  const usable = Array.from({ length: point.briefs }, () => random() < share).filter(Boolean).length;
  return { ...point, usable };
}

const at = ({ at: origin, slope }: Line, gain: number): number => logistic(origin + slope * gain);

/** Newton's method on the penalised log-likelihood of usable out of briefs, by gain. */
function fit(points: readonly Point[]): Line {
  let line: Line = { at: 0, slope: 0 };
  for (let step = 0; step < NEWTON_STEPS; step++) line = newtonStep(points, line);
  return line;
}

function newtonStep(points: readonly Point[], { at: origin, slope }: Line): Line {
  let [g0, g1, h00, h01, h11] = [-RIDGE * origin, -RIDGE * slope, RIDGE, 0, RIDGE];
  for (const { gain, briefs, usable } of points) {
    const share = logistic(origin + slope * gain);
    const weight = briefs * share * (1 - share);
    g0 += usable - briefs * share;
    g1 += (usable - briefs * share) * gain;
    h00 += weight;
    h01 += weight * gain;
    h11 += weight * gain * gain;
  }
  const determinant = h00 * h11 - h01 * h01;
  return {
    at: origin + (h11 * g0 - h01 * g1) / determinant,
    slope: slope + (h00 * g1 - h01 * g0) / determinant,
  };
}
