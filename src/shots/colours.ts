import { paletteBins as bins, type History, type SeenFrame } from './history.ts';
import { frameNear } from './steps.ts';

/** Shares of the picture that have each of 64 colours, four levels of each channel: they hardly change when a camera sweeps. */
type Palette = Float32Array;

function paletteOf({ palette, pixels }: SeenFrame): Palette {
  return Number.isNaN(palette[0]) ? counted(pixels, palette) : palette;
}

function counted(pixels: Uint8Array, palette: Palette): Palette {
  palette.fill(0);
  for (let at = 0; at < pixels.length; at += 3) {
    const bin =
      (((pixels[at] as number) >> 6) << 4) |
      (((pixels[at + 1] as number) >> 6) << 2) |
      ((pixels[at + 2] as number) >> 6);
    palette[bin] = (palette[bin] as number) + 3 / pixels.length;
  }
  return palette;
}

/** Share of the picture that has other colours in one frame than in the other, 0..1. */
export function recoloured(a: SeenFrame, b: SeenFrame): number {
  return halfDifference(paletteOf(a), paletteOf(b));
}

/** The same of the `count` frames from `before` and those from `after` on, on average over each; none held, the nearest. */
export function recolouredOver(history: History, count: number, before: number, after: number): number {
  return halfDifference(meanOver(history, before, count), meanOver(history, after, count));
}

function halfDifference(p: Palette, q: Palette): number {
  let sum = 0;
  for (let i = 0; i < bins; i++) sum += Math.abs((p[i] as number) - (q[i] as number));
  return sum / 2;
}

/** Of frames on end that are asked about again and again: what the first is known by. */
export const framesOnEnd = 6;

function meanOver(history: History, from: number, count: number): Palette {
  const isKept = count === framesOnEnd && from >= history.first && from + count <= history.end;
  if (!isKept) return meanFrom(history, from, count, new Float32Array(bins));
  const { paletteOn } = history.at(from);
  return Number.isNaN(paletteOn[0]) ? meanFrom(history, from, count, paletteOn) : paletteOn;
}

function meanFrom(history: History, from: number, count: number, mean: Palette): Palette {
  mean.fill(0);
  for (let k = from; k < from + count; k++) {
    const palette = paletteOf(frameNear(history, k));
    for (let i = 0; i < bins; i++) mean[i] = (mean[i] as number) + (palette[i] as number) / count;
  }
  return mean;
}

/** One less the correlation of the cells: 0 for one picture under any light, 1 for two that have nothing in common. */
export function uncorrelated(a: SeenFrame, b: SeenFrame): number {
  const [meanA, meanB] = [meanLevel(a), meanLevel(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.cells.length; i++) {
    const p = (a.cells[i] as number) - meanA;
    const q = (b.cells[i] as number) - meanB;
    ab += p * q;
    aa += p * p;
    bb += q * q;
  }
  return 1 - ab / Math.sqrt((aa + 1) * (bb + 1));
}

/** Mean of all channels of all cells, grey levels. */
export function meanLevel({ cells }: SeenFrame): number {
  let sum = 0;
  for (let i = 0; i < cells.length; i++) sum += cells[i] as number;
  return sum / cells.length;
}
