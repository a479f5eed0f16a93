import { CELLS, cellsOf, linesOf, shownOf, type Window } from './grid.ts';
import { solved } from './solve.ts';
import { isClipped, leftOf } from './spent.ts';

/** A moment of a fingerprint (`CELLS` means) beside the moment of a file that may show it. */
export interface Pair {
  cells: Uint8Array;
  /** `sumsOf` the file's picture. */
  sums: Int32Array;
  /** `spentOf` those, counted when first asked for: most files are not clipped. */
  spent: () => Int32Array;
}

/**
 * What a file shows, laid over a fingerprint. `record`, `picture` and `counts` are moments x CELLS, the first two in grey
 * levels; where `counts` is 1, record is about gain x picture + offset.
 */
export interface Laid {
  window: Window;
  record: Float64Array;
  picture: Float64Array;
  /** 1 where the file shows the cell and has not lost it to white or black. */
  counts: Uint8Array;
  gain: number;
  offset: number;
  /** 1 - correlation over what counts. */
  unlike: number;
}

/** Crops that the search begins from, in shares of a side. */
const STARTS = [0, 0.025, 0.05, 0.075, 0.1];
/** The most that it looks for on one side, and how far over the edge of the fingerprint's picture it may go. */
const LARGEST_CROP = 0.16;
const OVER_EDGE = 0.02;
const ROUNDS = 8;
/** Step by which slopes are measured, and the largest step taken in a round. */
const SLOPE_STEP = 0.004;
const LARGEST_STEP = 0.03;
/** A copy's start is under three times this, and after a round it is under it: what is not is given up. */
export const HOPELESS = 0.1;
/** A round that gains less than this share is the last. */
const ENOUGH = 0.03;

/** Finds the crop at which the file is most like the fingerprint: least squares of luminance, by Gauss-Newton steps. */
export function align(pairs: readonly Pair[], start?: Window): Laid {
  const starts = start ? [start] : STARTS.map((m) => ({ left: m, right: 1 - m, top: m, bottom: 1 - m }));
  let best = starts.map((window) => lay(pairs, window)).reduce(nearer);
  for (let round = 0; round < ROUNDS; round++) {
    if (best.unlike > HOPELESS * (round === 0 ? 3 : 1)) break;
    const next = lay(pairs, stepped(pairs, best));
    const gained = best.unlike - next.unlike;
    best = nearer(best, next);
    if (gained < ENOUGH * best.unlike) break;
  }
  return best;
}

const nearer = (a: Laid, b: Laid): Laid => (b.unlike < a.unlike ? b : a);

export function lay(pairs: readonly Pair[], window: Window): Laid {
  const lines = linesOf(window);
  const record = new Float64Array(pairs.length * CELLS);
  pairs.forEach(({ cells }, n) => void record.set(cells, n * CELLS));
  const picture = new Float64Array(record.length);
  pairs.forEach(({ sums }, n) => void cellsOf(sums, lines, picture, n * CELLS));
  const cells = shownOf(lines);
  const shown = new Uint8Array(record.length);
  for (let n = 0; n < record.length; n += CELLS) shown.set(cells, n);
  const line = regression(picture, record, shown);
  const laid = { window, record, picture };
  if (!isClipped(line)) return { ...laid, counts: shown, ...line };
  const counts = leftOf(pairs, lines, shown);
  return { ...laid, counts, ...regression(picture, record, counts) };
}

/** The line through what counts: record on picture. */
function regression(picture: Float64Array, record: Float64Array, counts: Uint8Array) {
  let [n, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < record.length; i++) {
    if (!counts[i]) continue;
    const [p, r] = [picture[i] as number, record[i] as number];
    n++;
    x += p;
    y += r;
    xx += p * p;
    yy += r * r;
    xy += p * r;
  }
  if (n === 0) return { gain: 0, offset: 0, unlike: 1 };
  const [varX, varY, both] = [xx - (x * x) / n, yy - (y * y) / n, xy - (x * y) / n];
  const gain = both / (varX || 1);
  return { gain, offset: (y - gain * x) / n, unlike: 1 - both / (Math.sqrt(varX * varY) || 1) };
}

const SIDES = ['left', 'right', 'top', 'bottom'] as const;

/** One step: moves each side by what the slopes of luminance say, together with gain and offset. */
function stepped(pairs: readonly Pair[], laid: Laid): Window {
  const moved = SIDES.map((side) => {
    const picture = laid.picture.slice();
    const lines = linesOf({ ...laid.window, [side]: laid.window[side] + SLOPE_STEP });
    pairs.forEach(({ sums }, n) => void cellsOf(sums, lines, picture, n * CELLS));
    return picture;
  });
  const steps = solved(equations(laid, moved)).map((step) =>
    Math.min(LARGEST_STEP, Math.max(-LARGEST_STEP, step)),
  );
  const { left, right, top, bottom } = laid.window;
  return {
    left: cropped(left + (steps[0] ?? 0)),
    right: 1 - cropped(1 - right - (steps[1] ?? 0)),
    top: cropped(top + (steps[2] ?? 0)),
    bottom: 1 - cropped(1 - bottom - (steps[3] ?? 0)),
  };
}

const cropped = (crop: number): number => Math.min(LARGEST_CROP, Math.max(-OVER_EDGE, crop));

/** Normal equations, 6 rows of 6 + 1: four sides, gain and offset; the last column is what they should explain. */
function equations({ record, picture, counts, gain, offset }: Laid, moved: readonly Float64Array[]) {
  const sums = new Float64Array(6 * 7);
  const now = new Float64Array(7);
  for (let i = 0; i < record.length; i++) {
    if (!counts[i]) continue;
    const p = picture[i] as number;
    for (let k = 0; k < 4; k++)
      now[k] = (gain * (((moved[k] as Float64Array)[i] as number) - p)) / SLOPE_STEP;
    now[4] = p;
    now[5] = 1;
    now[6] = (record[i] as number) - gain * p - offset;
    addProducts(sums, now);
  }
  return Array.from({ length: 6 }, (_, j) =>
    Float64Array.from({ length: 7 }, (_, k) => sums[Math.min(j, k) * 7 + Math.max(j, k)] as number),
  );
}

/** Adds what two of the unknowns have to do with each other: of the symmetric half alone. */
function addProducts(sums: Float64Array, now: Float64Array): void {
  for (let j = 0; j < 6; j++) {
    const by = now[j] as number;
    for (let k = j; k < 7; k++) sums[j * 7 + k] = (sums[j * 7 + k] as number) + by * (now[k] as number);
  }
}
