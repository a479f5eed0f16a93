import { CELLS, GRID, STRIDE } from './grid.ts';

/** Side, in cells, of the blocks that the first look compares: a crop of a few per cent hardly changes them. */
const BLOCK = 4;
const ACROSS = GRID.columns / BLOCK;
export const BLOCKS = CELLS / (BLOCK * BLOCK);

/** Moments of a fingerprint that a file must show. */
export const LEAST_MOMENTS = 4;
/** Correlation of blocks under which nothing is looked at closely, and how far behind the likeliest: cropped copies are well above. */
export const LEAST_LIKENESS = 0.7;
const FALLS_BEHIND = 0.2;
/** Share of the shorter of the two that must be in both. */
const LEAST_SHARE = 0.6;

/** Means of blocks. @param cells moments x CELLS @returns moments x BLOCKS */
export function blocksOf(cells: ArrayLike<number>): Float32Array {
  const out = new Float32Array((cells.length / CELLS) * BLOCKS);
  for (let i = 0; i < cells.length; i++) {
    const cell = i % CELLS;
    const row = Math.floor(cell / (GRID.columns * BLOCK));
    const at = ((i - cell) / CELLS) * BLOCKS + row * ACROSS + Math.floor((cell % GRID.columns) / BLOCK);
    out[at] = (out[at] as number) + (cells[i] as number) / (BLOCK * BLOCK);
  }
  return out;
}

export interface Place {
  /** The look at which the fingerprint's first moment would lie; below 0 where the file begins later. */
  at: number;
  /** Correlation of blocks, -1..1. */
  likeness: number;
}

/** The likeliest first, those that fall behind it left out. @param most how many are looked at closely */
export function nearTheLikeliest<T extends Pick<Place, 'likeness'>>(places: readonly T[], most: number): T[] {
  const best = [...places].sort((a, b) => b.likeness - a.likeness).slice(0, most);
  return best.filter(({ likeness }) => likeness >= (best[0]?.likeness ?? 0) - FALLS_BEHIND);
}

/**
 * Where in a file a fingerprint would most likely lie. Every `STRIDE`th look is tried, and then those beside the best.
 * @param record moments x BLOCKS
 * @param looks looks x BLOCKS, `STRIDE` looks to a moment
 */
export function likeliest(record: Float32Array, looks: Float32Array): Place | null {
  const [moments, seen] = [record.length / BLOCKS, looks.length / BLOCKS];
  const least = leastShared(moments, seen);
  const [first, last] = [(least - moments) * STRIDE, seen - 1 - (least - 1) * STRIDE];
  let best: Place | null = null;
  const attempt = (at: number): void => {
    if (at < first || at > last) return;
    const likeness = correlation(record, looks, at);
    if (best === null || likeness > best.likeness) best = { at, likeness };
  };
  for (let at = first; at <= last; at += STRIDE) attempt(at);
  const middle = (best as Place | null)?.at ?? first;
  for (const at of [middle - 1, middle + 1]) attempt(at);
  return best;
}

function leastShared(moments: number, looks: number): number {
  const shown = Math.ceil(looks / STRIDE);
  return Math.max(LEAST_MOMENTS, Math.ceil(LEAST_SHARE * Math.min(moments, shown)));
}

/** The moments of a fingerprint that a file shows where its first lies at look `at`: `[from, to)`. */
export function sharedMoments(moments: number, looks: number, at: number): [number, number] {
  const from = Math.max(0, Math.ceil(-at / STRIDE));
  return [from, Math.min(moments, Math.floor((looks - 1 - at) / STRIDE) + 1)];
}

/** Of blocks, -1..1; the first moment of the record lies at look `at`. */
export function correlation(record: Float32Array, looks: Float32Array, at: number): number {
  const [from, to] = sharedMoments(record.length / BLOCKS, looks.length / BLOCKS, at);
  let [n, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (let moment = from; moment < to; moment++) {
    const shift = (at + moment * STRIDE - moment) * BLOCKS;
    for (let i = moment * BLOCKS; i < (moment + 1) * BLOCKS; i++) {
      const [p, q] = [record[i] as number, looks[i + shift] as number];
      n++;
      x += p;
      y += q;
      xx += p * p;
      yy += q * q;
      xy += p * q;
    }
  }
  const spread = (xx - (x * x) / n) * (yy - (y * y) / n);
  return spread > 0 ? (xy - (x * y) / n) / Math.sqrt(spread) : 0;
}
