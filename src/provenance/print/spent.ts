import { CELLS, cellsOf, type Lines, VIEW } from './grid.ts';

/**
 * Pixels that are spent: a brighter copy shows as white, or a darker one as black, what the take shows in different greys. No gain and
 * brightness lead back to these, so they count neither where a file is laid over a fingerprint nor in the distance.
 */

/** Grey levels from which a pixel is spent: an encoder leaves a few of pure white and black. */
const WHITE = 250;
const BLACK = 2;
/** A fingerprint's grey at which the file's white or black must lie inside 0..255 for the file to be called clipped. */
const INSIDE = 5;
/** Share of a cell that may be spent. */
const MAY_BE_SPENT = 0.1;
/** Share of the cells that must be left. With fewer the two are not told apart, and nothing counts. */
const LEAST_LEFT = 0.25;

const WIDE = VIEW.width + 1;

/** Like `sumsOf`, of 1 where a pixel is spent and 0 elsewhere. @param sums `sumsOf` a picture */
export function spentOf(sums: Int32Array): Int32Array {
  const out = new Int32Array(sums.length);
  const at = (i: number) => sums[i] as number;
  for (let i = WIDE; i < sums.length; i += WIDE) {
    let row = 0;
    for (let x = i + 1; x < i + WIDE; x++) {
      const pixel = at(x) - at(x - 1) - at(x - WIDE) + at(x - WIDE - 1);
      if (pixel >= WHITE || pixel <= BLACK) row++;
      out[x] = row + (out[x - WIDE] as number);
    }
  }
  return out;
}

/** Whether a file's white or black lies where the fingerprint may still have greys: record is about gain x picture + offset. */
export const isClipped = ({ gain, offset }: { gain: number; offset: number }): boolean =>
  gain * 255 + offset < 255 - INSIDE || offset > INSIDE;

/** Of the cells that are shown, those that are hardly spent. @param shown moments x CELLS @returns the same, 0 or 1 */
export function leftOf(
  pairs: readonly { spent: () => Int32Array }[],
  lines: { columns: Lines; rows: Lines },
  shown: Uint8Array,
): Uint8Array {
  const share = new Float64Array(shown.length);
  pairs.forEach(({ spent }, n) => void cellsOf(spent(), lines, share, n * CELLS));
  const left = new Uint8Array(shown.length);
  let [of, kept] = [0, 0];
  for (let i = 0; i < shown.length; i++) {
    if (!shown[i]) continue;
    of++;
    if ((share[i] as number) > MAY_BE_SPENT) continue;
    left[i] = 1;
    kept++;
  }
  return kept < LEAST_LEFT * of ? left.fill(0) : left;
}
