import { Matrix, solve } from 'ml-matrix';
import { rangeOf } from './curve.ts';
import { createRandom, type Random } from './random.ts';
import type { Calibration, Range } from './schema.ts';

/** Fewer sample studios than this tell nothing about a new catalogue. */
export const FEWEST_STUDIOS = 4;
const RESAMPLES = 400;
/** Newton's method doubles its digits a step: from nothing known it is there after eight. */
const NEWTON_STEPS = 8;
/** A weak prior towards no effect keeps the fit finite where the points separate (ridge, Le Cessie 1992). */
const RIDGE = 0.05;

/** What is known of a catalogue before the long training. */
export interface Known {
  /** Share of the untrained held-out loss that the short trial removed, 0..1. */
  gain: number;
  /** Training clips of each title. */
  clips: readonly number[];
}

/**
 * The share of briefs with a usable take that a catalogue like this should give: logistic regression through the sample
 * studios, on the trial's gain and the number of a title's clips. The 95 % interval is for a catalogue
 * that nobody has measured: studios are drawn again, each with all its sizes, then briefs within a point, and every fit
 * is moved by how far one of its studios, drawn by chance, lies from it.
 */
export function predictUsable({ points }: Calibration, known: Known, seed: number): Range | null {
  const studios = [...Map.groupBy(points, ({ titles }) => titles.join()).values()];
  if (studios.length < FEWEST_STUDIOS) return null;
  const random = createRandom(seed);
  const drawn = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const values = Array.from({ length: RESAMPLES }, () => {
    const again = studios.map(() => drawn(studios).map((point) => redrawn(point, random)));
    const weights = fit(again.flat());
    return share(weights, known, deviation(weights, drawn(again)));
  });
  return rangeOf(values, share(fit(points), known, 0));
}

type Point = Calibration['points'][number];

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

function redrawn(point: Point, random: Random): Point {
  // Half a brief more on either side: none of sixteen may have been chance.
  const chance = (point.usable + 0.5) / (point.briefs + 1);
  const usable = Array.from({ length: point.briefs }, () => random() < chance).filter(Boolean).length;
  return { ...point, usable };
}

/** How far a studio lies from the fit, in logits: the likeliest shift of all its points, if most are below one logit. */
function deviation(weights: readonly number[], studio: readonly Point[]): number {
  const expected = studio.map((point) => at(weights, point.gain, clipsOfTitle(point)));
  let shift = 0;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const { missing, spread } = residuals(
      studio,
      expected.map((value) => value + shift),
    );
    shift += (sum(missing) - shift) / (sum(spread) + 1);
  }
  return shift;
}

/** The briefs ask for each title as often as it has clips. */
function share(weights: readonly number[], { gain, clips }: Known, shift: number): number {
  const each = clips.map((count) => count * logistic(at(weights, gain, count) + shift));
  return sum(each) / sum(clips);
}

/**
 * One, the gain, and one over the root of a title's clips: so an error shrinks with what it is estimated from, and in
 * logits the counts lie nearly straight on it.
 */
const featuresOf = (gain: number, clips: number): number[] => [1, gain, clips ** -0.5];

/** In logits; `clips` are those of one title. */
const at = (weights: readonly number[], gain: number, clips: number): number =>
  sum(featuresOf(gain, clips).map((value, i) => value * (weights[i] ?? 0)));

/** A studio's clips are shared evenly among its titles. */
const clipsOfTitle = ({ clips, titles }: Point): number => clips / titles.length;

/** Newton's method on the penalised log-likelihood of usable out of briefs. */
function fit(points: readonly Point[]): number[] {
  const rows = points.map((point) => featuresOf(point.gain, clipsOfTitle(point)));
  const x = new Matrix(rows);
  let weights = Matrix.zeros(x.columns, 1);
  for (let step = 0; step < NEWTON_STEPS; step++) weights = newtonStep(x, points, weights);
  return weights.to1DArray();
}

function newtonStep(x: Matrix, points: readonly Point[], weights: Matrix): Matrix {
  const { missing, spread } = residuals(points, x.mmul(weights).to1DArray());
  const across = x.transpose();
  const gradient = across.mmul(Matrix.columnVector(missing)).sub(Matrix.mul(weights, RIDGE));
  const curvature = across.mulRowVector(spread).mmul(x).add(Matrix.eye(x.columns).mul(RIDGE));
  return Matrix.add(weights, solve(curvature, gradient));
}

/** For points expected at these logits: usable briefs above what is expected, and the variance of their number. */
function residuals(points: readonly Point[], logits: readonly number[]) {
  const shares = logits.map(logistic);
  return {
    missing: points.map(({ usable, briefs }, i) => usable - briefs * (shares[i] ?? 0)),
    spread: points.map(({ briefs }, i) => briefs * (shares[i] ?? 0) * (1 - (shares[i] ?? 0))),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
