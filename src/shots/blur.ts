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
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (x >= reach && x < width - reach - 1) addStep(steps.rows, y, luma, at, 1);
      if (y >= reach && y < height - reach - 1) addStep(steps.columns, x, luma, at, width);
    }
  }
  return steps;
}

function addStep(to: Steps['rows'], line: number, luma: Float32Array, at: number, next: number): void {
  const level = (places: number) => luma[at + places * next] as number;
  const step = Math.abs(level(1) - level(0));
  // Two neighbouring means of nine share eight pixels: they differ by the ends alone.
  const after = Math.abs(level(reach + 1) - level(-reach)) / taps;
  to.all[line] = (to.all[line] as number) + step;
  to.left[line] = (to.left[line] as number) + Math.min(step, after);
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
