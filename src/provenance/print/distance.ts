import type { Laid } from './align.ts';
import { CELLS, GRID } from './grid.ts';

/** Side of the places that are compared, in cells, and how many cells of one must count. */
const SIDE = 2;
const LEAST_CELLS = 3;
/**
 * Share of all places that must be nearer than the distance says: the worst are left out, where an encoder starved. A copy's noise is
 * about the same everywhere. Takes of one brief agree nearly everywhere and differ by far where somebody stands or moves.
 */
const NEARER = 0.995;
/** Standard deviation in grey levels under which a picture's differences count in proportion: fog is not like other fog. */
const PALE = 14;
/** The distance of what has nothing to do with each other. */
export const UNRELATED = 255;

/**
 * How unlike a fingerprint and what a file shows are, 0..255: the difference in grey levels (root mean square) that 995 of
 * 1000 places, squares of 2 x 2 cells at one moment, do not exceed.
 */
export function distanceOf(laid: Laid): number {
  const places = placesOf(laid).sort();
  const worst = places[Math.floor(NEARER * (places.length - 1))];
  if (worst === undefined) return UNRELATED;
  return Math.min(UNRELATED, Math.sqrt(worst) * Math.max(1, PALE / deviation(laid)));
}

/** Mean square of the differences in each place of which enough counts. */
function placesOf({ record, picture, counts, gain, offset }: Laid): Float64Array {
  const sums = new Float64Array(record.length / (SIDE * SIDE));
  const cells = new Uint8Array(sums.length);
  for (let i = 0; i < record.length; i++) {
    if (!counts[i]) continue;
    const place = placeOf(i);
    const apart = (record[i] as number) - gain * (picture[i] as number) - offset;
    sums[place] = (sums[place] as number) + apart * apart;
    cells[place] = (cells[place] as number) + 1;
  }
  return sums
    .map((sum, n) => sum / (cells[n] as number))
    .filter((_, n) => (cells[n] as number) >= LEAST_CELLS);
}

function placeOf(i: number): number {
  const cell = i % CELLS;
  const row = Math.floor(cell / GRID.columns / SIDE);
  const before = ((i - cell) / CELLS) * (CELLS / (SIDE * SIDE));
  return before + row * (GRID.columns / SIDE) + Math.floor((cell % GRID.columns) / SIDE);
}

/** Standard deviation of the fingerprint where it counts, in grey levels. */
function deviation({ record, counts }: Laid): number {
  const values = record.filter((_, i) => counts[i] === 1);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
