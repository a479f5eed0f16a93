import { lumaOf, seenHeight, seenWidth } from './history.ts';

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

/**
 * How much of the picture `to` is found nowhere near in the picture `from`: 0 where every block has only moved, near 1
 * where the two show different things. Blocks are matched by mean absolute difference about their own mean, so that a
 * change of light alone counts little (block matching as in video coding).
 */
export function unmatched(from: Uint8Array, to: Uint8Array): number {
  const [a, b] = [lumaOf(from), lumaOf(to)];
  let left = 0;
  let detail = 0;
  for (let y = 0; y + blockHeight <= seenHeight; y += blockHeight) {
    for (let x = 0; x + blockWidth <= seenWidth; x += blockWidth) {
      const activity = difference(b, y * seenWidth + x, meanOf(b, y * seenWidth + x), flat, 0, 0);
      if (activity < noise * blockArea) continue;
      left += bestMatch(a, b, x, y, activity);
      detail += activity;
    }
  }
  return detail === 0 ? 0 : left / detail;
}

/** Sum of absolute differences about the means, for the best place of the block within reach; at most `worst`. */
function bestMatch(a: Float32Array, b: Float32Array, x: number, y: number, worst: number): number {
  const own = y * seenWidth + x;
  const ownMean = meanOf(b, own);
  let best = worst;
  for (let v = Math.max(0, y - searchY); v <= Math.min(seenHeight - blockHeight, y + searchY); v++) {
    for (let u = Math.max(0, x - searchX); u <= Math.min(seenWidth - blockWidth, x + searchX); u++) {
      const at = v * seenWidth + u;
      best = Math.min(best, difference(b, own, ownMean, a, at, meanOf(a, at)));
    }
  }
  return best;
}

/** Mean of the block whose first pixel lies at `at`. */
function meanOf(plane: Float32Array, at: number): number {
  let sum = 0;
  for (let row = 0; row < blockHeight; row++) {
    for (let x = at + row * seenWidth, end = x + blockWidth; x < end; x++) sum += plane[x] as number;
  }
  return sum / blockArea;
}

/** Sum of absolute differences of two blocks, each about its mean. */
function difference(
  p: Float32Array,
  at: number,
  pMean: number,
  q: Float32Array,
  qAt: number,
  qMean: number,
): number {
  const offset = pMean - qMean;
  let sum = 0;
  for (let row = 0; row < blockHeight; row++) {
    for (let x = 0, i = row * seenWidth; x < blockWidth; x++, i++) {
      sum += Math.abs((p[at + i] as number) - (q[qAt + i] as number) - offset);
    }
  }
  return sum;
}
