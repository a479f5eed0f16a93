import type { Laid } from './align.ts';
import { CELLS, GRID } from './grid.ts';

/**
 * Mean square, in grey levels, below which a difference says nothing: what a strong encoder changes. It keeps pictures that hardly
 * move, or hardly have an outline, from being told apart by the encoder's noise.
 */
const FLOOR = 4;

/**
 * How unlike a fingerprint and what a file shows are: 0 the same, about 1 unrelated. The geometric mean of three differences, each
 * in proportion to what there is to see: of the picture, of its outlines (a cell against its four neighbours), and of
 * what moves (a cell against its own mean over time). Takes of one brief share the picture and differ in the others.
 */
export function distanceOf(laid: Laid): number {
  const { record, shown } = laid;
  const picture = laid.picture.map((value) => laid.gain * value + laid.offset);
  const inner = shown.map((is, i) => (is && hasNeighbours(shown, i) ? 1 : 0));
  return Math.cbrt(
    unlike(level(record, shown), level(picture, shown), shown) *
      unlike(outlined(record, inner), outlined(picture, inner), inner) *
      unlike(moving(record), moving(picture), shown),
  );
}

function hasNeighbours(shown: Uint8Array, i: number): boolean {
  const column = i % GRID.columns;
  if (column === 0 || column === GRID.columns - 1) return false;
  return [i - 1, i + 1, i - GRID.columns, i + GRID.columns].every((at) => shown[at] === 1);
}

/** Mean square of the difference over the sum of both mean squares, with the floor under each. */
function unlike(a: Float64Array, b: Float64Array, mask: Uint8Array): number {
  let [n, apart, size] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (!mask[i % CELLS]) continue;
    const [p, q] = [a[i] as number, b[i] as number];
    n++;
    apart += (p - q) * (p - q);
    size += p * p + q * q;
  }
  return n === 0 ? 1 : apart / (size + 2 * FLOOR * n);
}

/** Less the mean of all that is shown. */
function level(values: Float64Array, mask: Uint8Array): Float64Array {
  let [n, sum] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (!mask[i % CELLS]) continue;
    n++;
    sum += values[i] as number;
  }
  return values.map((value) => value - sum / n);
}

/** Four times a cell less its neighbours, where it has them all. */
function outlined(values: Float64Array, inner: Uint8Array): Float64Array {
  const out = new Float64Array(values.length);
  const at = (i: number) => values[i] as number;
  for (let i = 0; i < values.length; i++) {
    if (inner[i % CELLS])
      out[i] = 4 * at(i) - at(i - 1) - at(i + 1) - at(i - GRID.columns) - at(i + GRID.columns);
  }
  return out;
}

/** Less each cell's mean over time. */
function moving(values: Float64Array): Float64Array {
  const means = new Float64Array(CELLS);
  const moments = values.length / CELLS;
  for (let i = 0; i < values.length; i++)
    means[i % CELLS] = (means[i % CELLS] as number) + (values[i] as number) / moments;
  return values.map((value, i) => value - (means[i % CELLS] as number));
}
