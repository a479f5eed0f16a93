/** A straight change of level: flat, then linear to nothing. */
export interface Ramp {
  /** Mixed frames: from the flat part to the last that still shows something. */
  length: number;
  /** Root mean square error of the fit as a share of the flat level. */
  error: number;
  /** Level of the flat part. */
  level: number;
}

/** Frames of the flat part that the fit looks at. */
const flatFrames = 5;
/** The ramp ends where the level grows by less than this share of its growth just before. */
const cornerShare = 0.4;
/** Steps beside the fitted end among which that corner is looked for. */
const cornerReach = 5;
/** A ramp of fewer mixed frames is told from a cut by nothing. */
const shortest = 2;

/**
 * Fits a fade that runs away from a dark frame: `levels[0]` is the dark frame, `levels[i]` the frame i steps towards
 * the picture. Least squares over the length of the ramp and the step at which it reaches nothing.
 * @param zeros steps tried for the point where nothing is left; below 0 where the dark frame still shows something
 * @returns the best ramp, or null where there are too few frames
 */
export function fitRamp(levels: readonly number[], longest: number, zeros: readonly number[]): Ramp | null {
  let best: Ramp | null = null;
  for (let length = shortest; length <= Math.min(longest, levels.length - 3); length++) {
    for (const zero of zeros) {
      const fitted = fitOne(levels, length, zero);
      if (!best || fitted.error < best.error) best = fitted;
    }
  }
  if (!best) return null;
  const length = cornerNear(levels, best.length);
  return length < shortest ? null : { ...best, length };
}

/** The fit places an eased ramp's end a little off: the level's own corner, where it has one nearby, is exact. */
function cornerNear(levels: readonly number[], length: number): number {
  const growth = (step: number) => (levels[step + 1] as number) - (levels[step] as number);
  for (let step = Math.max(2, length - cornerReach + 1); step <= length + cornerReach; step++) {
    if (step + 2 >= levels.length) break;
    const before = Math.max(growth(step - 1), growth(step - 2));
    if (before > 0 && growth(step) < cornerShare * before && growth(step + 1) < cornerShare * before)
      return step - 1;
  }
  return length;
}

function fitOne(levels: readonly number[], length: number, zero: number): Ramp {
  const part = levels.slice(0, length + 1 + flatFrames);
  const shape = part.map((_, step) => Math.min(1, Math.max(0, (step - zero) / (length + 1 - zero))));
  const flat = dot(part, shape) / dot(shape, shape);
  const missed = part.map((level, step) => level - flat * (shape[step] as number));
  const error = Math.sqrt(dot(missed, missed) / part.length) / Math.max(1e-6, flat);
  return { length, error, level: flat };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}
