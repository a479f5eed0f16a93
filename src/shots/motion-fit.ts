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
  const byFirst = first === still ? before : differenceAt(from, to, first);
  return differenceAt(from, to, found) <= slack * byFirst ? found : first;
}

/** The whole step that fits best, seen on every sixth pixel that no step leads out of the picture. */
function bestStep(from: Float32Array, to: Float32Array): GlobalMotion {
  let best = still;
  let least = worthStep * stepDifference(from, to, 0, 0, Number.POSITIVE_INFINITY);
  for (let y = -farY; y <= farY; y++) {
    for (let x = -farX; x <= farX; x++) {
      const difference = stepDifference(from, to, x, y, least);
      if (difference >= least) continue;
      best = { x, y, grow: 0 };
      least = difference;
    }
  }
  return best;
}

/** @returns `most` as soon as it is more */
function stepDifference(from: Float32Array, to: Float32Array, dx: number, dy: number, most: number): number {
  let sum = 0;
  for (let y = farY; y < seenHeight - farY; y += 2) {
    if (sum >= most) return most;
    for (let x = farX; x < seenWidth - farX; x += 3) {
      const at = y * seenWidth + x;
      sum += Math.min(2 * soft, Math.abs((to[at + dy * seenWidth + dx] as number) - (from[at] as number)));
    }
  }
  return sum;
}

function refinedFrom(from: Float32Array, to: Float32Array, first: GlobalMotion): GlobalMotion | null {
  let move: GlobalMotion = { x: first.x, y: first.y, grow: first.grow };
  const gradients = gradientsOf(from);
  for (let round = 0; round < rounds; round++) {
    const step = stepFrom(from, to, gradients, move);
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
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = x - left;
  const below = y - top;
  const at = top * seenWidth + left;
  const upper = (plane[at] as number) * (1 - right) + (plane[at + 1] as number) * right;
  const lower =
    (plane[at + seenWidth] as number) * (1 - right) + (plane[at + seenWidth + 1] as number) * right;
  return upper * (1 - below) + lower * below;
}

/**
 * Weighted sums of products of a pixel's gradients (across, down, outwards), upper triangle row by row, then of gradients with
 * what is left over. Numbers in one array: a pair or a row for each pixel would be most of what the collector has to clear.
 */
type Normal = Float64Array;
const sumsOfNormal = 9;

/** The pixels looked at, and how the picture changes there: across, down and outwards. */
interface Gradients {
  count: number;
  at: Int32Array;
  across: Float64Array;
  along: Float64Array;
  outwards: Float64Array;
}

const mostPixels = (seenWidth * seenHeight) / 4;

/** Used again for each picture: new arrays for each would keep the collector busy. */
const found: Gradients = {
  count: 0,
  at: new Int32Array(mostPixels),
  across: new Float64Array(mostPixels),
  along: new Float64Array(mostPixels),
  outwards: new Float64Array(mostPixels),
};

/** Those of every other pixel that no black bar is beside; they hold until the next picture's are taken. */
function gradientsOf(from: Float32Array): Gradients {
  found.count = 0;
  for (let y = margin; y < seenHeight - margin; y += 2) {
    for (let x = margin + ((y >> 1) & 1); x < seenWidth - margin; x += 2) addGradient(from, x, y);
  }
  return found;
}

function addGradient(from: Float32Array, x: number, y: number): void {
  const at = y * seenWidth + x;
  const l = from[at - 1] as number;
  const r = from[at + 1] as number;
  const u = from[at - seenWidth] as number;
  const d = from[at + seenWidth] as number;
  if (l < black || r < black || u < black || d < black) return;
  const across = (r - l) / 2;
  const along = (d - u) / 2;
  const { count } = found;
  found.at[count] = at;
  found.across[count] = across;
  found.along[count] = along;
  found.outwards[count] = across * (x - centreX) + along * (y - centreY);
  found.count++;
}

/** One step of least squares; null where the gradients leave it open. */
function stepFrom(
  from: Float32Array,
  to: Float32Array,
  { count, at, across, along, outwards }: Gradients,
  move: GlobalMotion,
): [number, number, number] | null {
  const normal: Normal = new Float64Array(sumsOfNormal);
  for (let i = 0; i < count; i++) {
    const pixel = at[i] as number;
    // Pairs in one line would be two arrays for each pixel: most of what the collector had to clear.
    const x = pixel % seenWidth;
    const y = Math.floor(pixel / seenWidth);
    const toX = x + move.x + move.grow * (x - centreX);
    const toY = y + move.y + move.grow * (y - centreY);
    const error = (from[pixel] as number) - valueAt(to, toX, toY);
    if (Number.isNaN(error)) continue;
    const weight = 1 / (1 + (error / soft) ** 2) ** 2;
    addRow(normal, across[i] as number, along[i] as number, outwards[i] as number, weight, error);
  }
  return solved(normal);
}

function addRow(normal: Normal, a: number, b: number, c: number, weight: number, error: number): void {
  const wa = weight * a;
  const wb = weight * b;
  const wc = weight * c;
  addTo(normal, 0, wa * a);
  addTo(normal, 1, wa * b);
  addTo(normal, 2, wa * c);
  addTo(normal, 3, wb * b);
  addTo(normal, 4, wb * c);
  addTo(normal, 5, wc * c);
  addTo(normal, 6, wa * error);
  addTo(normal, 7, wb * error);
  addTo(normal, 8, wc * error);
}

function addTo(sums: Float64Array, at: number, value: number): void {
  sums[at] = (sums[at] as number) + value;
}

/** Grey levels squared that the gradients must add up to each way, or a motion is made up. */
const leastGradient = 100;

/** Solves the three equations by Cramer's rule. */
function solved(normal: Normal): [number, number, number] | null {
  const [xx, xy, xz, yy, yz, zz, xe, ye, ze] = normal as unknown as Nine;
  if (Math.min(xx, yy) < leastGradient) return null;
  const [a, b, c]: [Three, Three, Three] = [
    [xx, xy, xz],
    [xy, yy, yz],
    [xz, yz, zz],
  ];
  const right: Three = [xe, ye, ze];
  const whole = determinant(a, b, c);
  if (whole < 1e-6) return null;
  return [
    determinant(right, b, c) / whole,
    determinant(a, right, c) / whole,
    determinant(a, b, right) / whole,
  ];
}

type Three = readonly [number, number, number];
type Nine = readonly [...Three, ...Three, ...Three];

const determinant = ([a, d, g]: Three, [b, e, h]: Three, [c, f, i]: Three): number =>
  a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
