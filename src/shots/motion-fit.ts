import { seenHeight, seenWidth } from './history.ts';

/**
 * How most of a picture moves to the next: what is at `p` comes to lie at `p + (x, y) + grow x (p - centre)`, in seen pixels
 * (64 x 36).
 */
export interface GlobalMotion {
  x: number;
  y: number;
  grow: number;
}

const still: GlobalMotion = { x: 0, y: 0, grow: 0 };

/** Farthest whole steps tried first, and by how much such a step must be better than none: chance makes small ones. */
const [farX, farY] = [6, 4];
const worthStep = 0.9;
const rounds = 5;
/** Mean difference, grey levels, below which nothing has moved far. */
const unmoved = 0.5;
/** By how much a finer fit may look worse: between pixels a picture is blurred. */
const slack = 1.1;
/** Grey levels from which on a difference counts less: what moves by itself must not turn the camera. */
const soft = 5;
/** Levels below which a pixel may be a black bar, whose edge never moves. */
const black = 4;

/**
 * The motion that most of a picture shares: the best whole step, then weighted least squares on the gradients of luma, in
 * which what does not fit counts less and less. Every other pixel is looked at.
 * @returns null where the picture is too flat to tell
 */
export function globalMotion(from: Float32Array, to: Float32Array): GlobalMotion | null {
  const before = differenceAt(from, to, still);
  const first = before < unmoved ? still : bestStep(from, to);
  const found = refinedFrom(from, to, first);
  if (!found) return null;
  const isBetter = differenceAt(from, to, found) <= slack * differenceAt(from, to, first);
  return isBetter ? found : first;
}

/** The whole step that fits best, seen on every sixth pixel that no step leads out of the picture. */
function bestStep(from: Float32Array, to: Float32Array): GlobalMotion {
  let best = still;
  let least = worthStep * stepDifference(from, to, 0, 0);
  for (let y = -farY; y <= farY; y++) {
    for (let x = -farX; x <= farX; x++) {
      const difference = stepDifference(from, to, x, y);
      if (difference >= least) continue;
      best = { x, y, grow: 0 };
      least = difference;
    }
  }
  return best;
}

function stepDifference(from: Float32Array, to: Float32Array, dx: number, dy: number): number {
  let sum = 0;
  for (let y = farY; y < seenHeight - farY; y += 2) {
    for (let x = farX; x < seenWidth - farX; x += 3) {
      const at = y * seenWidth + x;
      sum += Math.min(2 * soft, Math.abs((to[at + dy * seenWidth + dx] as number) - (from[at] as number)));
    }
  }
  return sum;
}

function refinedFrom(from: Float32Array, to: Float32Array, first: GlobalMotion): GlobalMotion | null {
  let move: GlobalMotion = { x: first.x, y: first.y, grow: first.grow };
  for (let round = 0; round < rounds; round++) {
    const step = stepFrom(from, to, move);
    if (!step) return null;
    move = { x: move.x + step[0], y: move.y + step[1], grow: move.grow + step[2] };
  }
  return Math.abs(move.grow) < 0.3 ? move : still;
}

const [centreX, centreY] = [(seenWidth - 1) / 2, (seenHeight - 1) / 2];
const margin = 2;

/** Mean of differences that each count at most `soft` levels, over what both show; infinite where that is under half. */
function differenceAt(from: Float32Array, to: Float32Array, move: GlobalMotion): number {
  let [sum, count] = [0, 0];
  for (let y = margin; y < seenHeight - margin; y += 2) {
    for (let x = margin + ((y >> 1) & 1); x < seenWidth - margin; x += 2) {
      const value = valueAt(
        to,
        x + move.x + move.grow * (x - centreX),
        y + move.y + move.grow * (y - centreY),
      );
      if (Number.isNaN(value)) continue;
      sum += Math.min(2 * soft, Math.abs(value - (from[y * seenWidth + x] as number)));
      count++;
    }
  }
  return 8 * count < seenWidth * seenHeight ? Number.POSITIVE_INFINITY : sum / count;
}

/** Bilinear; not a number outside the picture. */
function valueAt(plane: Float32Array, x: number, y: number): number {
  if (x < 0 || y < 0 || x >= seenWidth - 1 || y >= seenHeight - 1) return Number.NaN;
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, below] = [x - left, y - top];
  const at = top * seenWidth + left;
  const upper = (plane[at] as number) * (1 - right) + (plane[at + 1] as number) * right;
  const lower =
    (plane[at + seenWidth] as number) * (1 - right) + (plane[at + seenWidth + 1] as number) * right;
  return upper * (1 - below) + lower * below;
}

/** Weighted sums of products of gradients, upper triangle, and of gradients with what is left over. */
interface Normal {
  m: Float64Array;
  r: Float64Array;
}

/** One step of least squares; null where the gradients leave it open. */
function stepFrom(from: Float32Array, to: Float32Array, move: GlobalMotion): [number, number, number] | null {
  const normal: Normal = { m: new Float64Array(9), r: new Float64Array(3) };
  for (let y = margin; y < seenHeight - margin; y += 2) {
    for (let x = margin + ((y >> 1) & 1); x < seenWidth - margin; x += 2) {
      addPixel(normal, from, to, [x, y], move);
    }
  }
  return solved(normal);
}

function addPixel(
  normal: Normal,
  from: Float32Array,
  to: Float32Array,
  [x, y]: [number, number],
  move: GlobalMotion,
): void {
  const at = y * seenWidth + x;
  const [l, r, u, d] = [from[at - 1], from[at + 1], from[at - seenWidth], from[at + seenWidth]] as [
    number,
    number,
    number,
    number,
  ];
  if (Math.min(l, r, u, d) < black) return;
  const error =
    (from[at] as number) -
    valueAt(to, x + move.x + move.grow * (x - centreX), y + move.y + move.grow * (y - centreY));
  if (Number.isNaN(error)) return;
  const [gx, gy] = [(r - l) / 2, (d - u) / 2];
  const weight = 1 / (1 + (error / soft) ** 2) ** 2;
  addRow(normal, [gx, gy, gx * (x - centreX) + gy * (y - centreY)], weight, error);
}

function addRow(
  { m, r }: Normal,
  row: readonly [number, number, number],
  weight: number,
  error: number,
): void {
  for (let i = 0; i < 3; i++) {
    const scaled = weight * (row[i] as number);
    r[i] = (r[i] as number) + scaled * error;
    for (let k = 0; k < 3; k++) m[3 * i + k] = (m[3 * i + k] as number) + scaled * (row[k] as number);
  }
}

/** Grey levels squared that the gradients must add up to each way, or a motion is made up. */
const leastGradient = 100;

/** Solves the three equations by Cramer's rule. */
function solved({ m, r }: Normal): [number, number, number] | null {
  const at = (i: number, k: number) => m[3 * i + k] as number;
  if (Math.min(at(0, 0), at(1, 1)) < leastGradient) return null;
  const column = (k: number): [number, number, number] => [at(0, k), at(1, k), at(2, k)];
  const right: [number, number, number] = [r[0] as number, r[1] as number, r[2] as number];
  const [a, b, c] = [column(0), column(1), column(2)];
  const whole = determinant(a, b, c);
  if (whole < 1e-6) return null;
  return [
    determinant(right, b, c) / whole,
    determinant(a, right, c) / whole,
    determinant(a, b, right) / whole,
  ];
}

type Three = readonly [number, number, number];

const determinant = ([a, d, g]: Three, [b, e, h]: Three, [c, f, i]: Three): number =>
  a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
