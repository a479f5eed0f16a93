import { type Plane, type SeenFrame, seenHeight, seenWidth } from './history.ts';

const blockWidth = 8;
const blockHeight = 6;
/** How far a block may have moved, pixels of the seen frame: a tenth of the picture each way. */
const searchX = 7;
const searchY = 5;
/** Grey levels of detail below which a block says nothing. */
const noise = 1.5;
const blockArea = blockWidth * blockHeight;
/** A plane without a picture, to measure a block against. */
const flat = new Float32Array(seenWidth * seenHeight);

/** A quarter of a block. */
const quarterWidth = blockWidth / 2;
const quarterHeight = blockHeight / 2;
const quarterArea = quarterWidth * quarterHeight;
/** How far the other quarters' first pixels lie behind that of the first, which is the block's own. */
const second = quarterWidth;
const third = quarterHeight * seenWidth;
const fourth = third + second;

/**
 * How much of the picture `to` is found nowhere near in the picture `from`: 0 where every block has only moved, near 1
 * where the two show different things. Blocks are matched by mean absolute difference about their own mean, so that a
 * change of light alone counts little (block matching as in video coding).
 */
export function unmatched(from: SeenFrame, to: SeenFrame): number {
  const [a, b] = [planeOf(from), planeOf(to)];
  let left = 0;
  let detail = 0;
  for (let y = 0; y + blockHeight <= seenHeight; y += blockHeight) {
    for (let x = 0; x + blockWidth <= seenWidth; x += blockWidth) {
      const own = y * seenWidth + x;
      const activity = difference(b.luma, own, flat, 0, b.means[own] as number, Number.POSITIVE_INFINITY);
      if (activity < noise * blockArea) continue;
      left += bestMatch(a, b, x, y, activity);
      detail += activity;
    }
  }
  return detail === 0 ? 0 : left / detail;
}

/** The same of two frames, whichever way is more. */
export const unlike = (a: SeenFrame, b: SeenFrame): number => Math.max(unmatched(a, b), unmatched(b, a));

/** Sum of absolute differences about the means, for the best place of the block within reach; at most `worst`. */
function bestMatch(a: Plane, b: Plane, x: number, y: number, worst: number): number {
  const own = y * seenWidth + x;
  const ownMean = b.means[own] as number;
  // Most blocks hardly move: a good match found first ends the others early.
  let best = difference(b.luma, own, a.luma, own, ownMean - (a.means[own] as number), worst);
  for (let v = Math.max(0, y - searchY); v <= Math.min(seenHeight - blockHeight, y + searchY); v++) {
    for (let u = Math.max(0, x - searchX); u <= Math.min(seenWidth - blockWidth, x + searchX); u++) {
      const at = v * seenWidth + u;
      const offset = ownMean - (a.means[at] as number);
      if (leastDifference(b.quarters, own, a.quarters, at, offset) >= best) continue;
      best = difference(b.luma, own, a.luma, at, offset, best);
    }
  }
  return best;
}

function planeOf(frame: SeenFrame): Plane {
  if (frame.plane) return frame.plane;
  const { luma } = frame;
  const quarters = quartersOf(luma);
  frame.plane = { luma, means: meansOf(quarters), quarters };
  return frame.plane;
}

function quartersOf(luma: Float32Array): Float32Array {
  const quarters = new Float32Array(luma.length);
  for (let y = 0; y + quarterHeight <= seenHeight; y++) {
    for (let x = 0; x + quarterWidth <= seenWidth; x++) {
      let sum = 0;
      for (let row = 0, i = y * seenWidth + x; row < quarterHeight; row++, i += seenWidth) {
        for (let j = i; j < i + quarterWidth; j++) sum += luma[j] as number;
      }
      quarters[y * seenWidth + x] = sum;
    }
  }
  return quarters;
}

function meansOf(quarters: Float32Array): Float32Array {
  const means = new Float32Array(quarters.length);
  const at = (i: number) => quarters[i] as number;
  for (let y = 0; y + blockHeight <= seenHeight; y++) {
    for (let i = y * seenWidth; i <= y * seenWidth + seenWidth - blockWidth; i++)
      means[i] = (at(i) + at(i + second) + at(i + third) + at(i + fourth)) / blockArea;
  }
  return means;
}

/**
 * No less than this is the difference of two blocks about their means: that of their quarters' sums. It rules out most places
 * for a tenth of the cost (successive elimination, Li and Salari 1995).
 */
function leastDifference(p: Float32Array, at: number, q: Float32Array, qAt: number, offset: number): number {
  const between = quarterArea * offset;
  return (
    Math.abs((p[at] as number) - (q[qAt] as number) - between) +
    Math.abs((p[at + second] as number) - (q[qAt + second] as number) - between) +
    Math.abs((p[at + third] as number) - (q[qAt + third] as number) - between) +
    Math.abs((p[at + fourth] as number) - (q[qAt + fourth] as number) - between)
  );
}

/** Sum of absolute differences of two blocks less that of their means, or `most` as soon as it is more. */
function difference(
  p: Float32Array,
  at: number,
  q: Float32Array,
  qAt: number,
  offset: number,
  most: number,
): number {
  let sum = 0;
  for (let row = 0; row < blockHeight; row++) {
    for (let x = 0, i = row * seenWidth; x < blockWidth; x++, i++) {
      sum += Math.abs((p[at + i] as number) - (q[qAt + i] as number) - offset);
    }
    if (sum >= most) return most;
  }
  return sum;
}
