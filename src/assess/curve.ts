import { createRandom, type Random } from './random.ts';
import type { LossRange, Range } from './schema.ts';

/** Held-out loss of one clip, with the scene it is from. */
export interface ClipLoss {
  id: string;
  scene: string;
  loss: number;
}

/** The losses of one trial on `clips` training clips. */
export interface Measured {
  clips: number;
  losses: ClipLoss[];
}

const RESAMPLES = 1000;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The 2.5, 50 and 97.5 % points of values. */
export function rangeOf(values: readonly number[], value: number): Range {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? value;
  return { value, low: at(0.025), high: at(0.975) };
}

/**
 * Resamples held-out scenes with replacement: clips of a scene look alike, so the scene is the unit
 * (cluster bootstrap, Efron and Tibshirani 1993). Calls `measure` with the clips drawn, once a resample.
 */
export function bootstrap(
  scenes: readonly string[],
  seed: number,
  measure: (drawn: string[], random: Random) => number,
): number[] {
  const random = createRandom(seed);
  return Array.from({ length: RESAMPLES }, () =>
    measure(
      scenes.map(() => scenes[Math.floor(random() * scenes.length)] ?? ''),
      random,
    ),
  );
}

/** Of fewer scenes than this, draws with replacement are too much alike: the interval would say sure where nothing is known. */
const FEWEST_SCENES = 5;

/** A measure over held-out scenes with its 95 % interval; without one where the scenes are too few. */
export function overScenes(
  scenes: readonly string[],
  seed: number,
  measure: (drawn: readonly string[]) => number,
): LossRange {
  const value = measure(scenes);
  if (scenes.length < FEWEST_SCENES) return { value, low: null, high: null };
  return rangeOf(bootstrap(scenes, seed, measure), value);
}

/** The mean loss over the scenes drawn, each as often as it was drawn. */
export function lossOver(losses: readonly ClipLoss[], scenes: readonly string[]): number {
  const byScene = Map.groupBy(losses, ({ scene }) => scene);
  return mean(scenes.flatMap((scene) => (byScene.get(scene) ?? []).map(({ loss }) => loss)));
}

/**
 * The loss at `clips` on the power law through the trials: log loss is linear in log clips (Hestness et al. 2017,
 * "Deep learning scaling is predictable, empirically"). Least squares; two trials or more.
 */
export function powerLaw(points: readonly { clips: number; loss: number }[], clips: number): number {
  const xs = points.map((point) => Math.log(point.clips));
  const ys = points.map((point) => Math.log(point.loss));
  const [x, y] = [mean(xs), mean(ys)];
  const spread = xs.reduce((sum, value) => sum + (value - x) ** 2, 0);
  const slope = xs.reduce((sum, value, i) => sum + (value - x) * ((ys[i] ?? y) - y), 0) / spread;
  return Math.exp(y + slope * (Math.log(clips) - x));
}
