import type { Rectangle } from './schema.ts';

/**
 * How blurred a picture is, by what another blur takes from it (after Crete et al., The blur effect, 2007): of a sharp edge
 * nearly all of a step between neighbours, of a soft one little. Contrast does not count: fog and flat drawings have edges too.
 * Sums over each row of steps along it, and over each column of steps down it; `left` is what the blur leaves.
 */
export interface Steps {
  rows: { all: Float32Array; left: Float32Array };
  columns: { all: Float32Array; left: Float32Array };
}

/** Pixels that the other blur takes the mean of, and those on each side of a step that it reaches. */
const taps = 9;
const reach = 4;
/** Grey levels between neighbours, on average, under which there is no edge to tell by. */
const faint = 0.4;

/** @param luma `width * height` grey levels */
export function stepsOf(luma: Float32Array, width: number, height: number): Steps {
  const empty = (count: number) => ({ all: new Float32Array(count), left: new Float32Array(count) });
  const steps = { rows: empty(height), columns: empty(width) };
  for (let y = 0; y < height; y++) addAlong(steps.rows, y, luma, width);
  addDown(steps.columns, luma, width, height);
  return steps;
}

/** The steps along a row. */
function addAlong(to: Steps['rows'], row: number, luma: Float32Array, width: number): void {
  let all = 0;
  let left = 0;
  for (let at = row * width + reach; at < (row + 1) * width - reach - 1; at++) {
    const step = Math.abs((luma[at + 1] as number) - (luma[at] as number));
    // Two neighbouring means of nine share eight pixels: they differ by the ends alone.
    const ends = (luma[at + reach + 1] as number) - (luma[at - reach] as number);
    all += step;
    left += Math.min(step, Math.abs(ends) / taps);
  }
  to.all[row] = all;
  to.left[row] = left;
}

/** The steps down all columns, row by row: down one column after the other, each pixel would be fetched from afar. */
function addDown(to: Steps['columns'], luma: Float32Array, width: number, height: number): void {
  const all = new Float64Array(width);
  const left = new Float64Array(width);
  for (let y = reach; y < height - reach - 1; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const step = Math.abs((luma[at + width] as number) - (luma[at] as number));
      const ends = (luma[at + (reach + 1) * width] as number) - (luma[at - reach * width] as number);
      all[x] = (all[x] as number) + step;
      left[x] = (left[x] as number) + Math.min(step, Math.abs(ends) / taps);
    }
  }
  to.all.set(all);
  to.left.set(left);
}

/**
 * How blurred the active picture is, in the direction in which it is more so: bars, whose edges are sharp, end rows or columns.
 * @param scales pixels of the picture looked at to a stored pixel, each way
 * @returns 0 (sharp) to 1; null where there is hardly an edge
 */
export function blurIn(
  { rows, columns }: Steps,
  part: Rectangle,
  { scaleX, scaleY }: { scaleX: number; scaleY: number },
): number | null {
  const [across, down] = [part.width * scaleX, part.height * scaleY];
  const shares = [
    leftIn(rows, part.y * scaleY, down, across),
    leftIn(columns, part.x * scaleX, across, down),
  ];
  const known = shares.filter((share) => share !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function leftIn({ all, left }: Steps['rows'], from: number, count: number, length: number): number | null {
  const [first, last] = [Math.ceil(from), Math.floor(from + count)];
  const sum = (values: Float32Array) => values.subarray(first, last).reduce((so, value) => so + value, 0);
  const steps = sum(all);
  return steps < faint * (last - first) * length ? null : sum(left) / steps;
}
