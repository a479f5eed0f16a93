import type { SeenFrame } from './history.ts';

/** Four levels of each channel. */
const bins = 64;

/** Shares of the picture that have each of 64 colours: they hardly change when a camera sweeps. */
type Palette = Float32Array;

const palettes = new WeakMap<SeenFrame, Palette>();

/** Frames are compared again and again: their colours are counted once. */
function paletteOf(frame: SeenFrame): Palette {
  const known = palettes.get(frame);
  if (known) return known;
  const palette = counted(frame.pixels);
  palettes.set(frame, palette);
  return palette;
}

function counted(pixels: Uint8Array): Palette {
  const palette = new Float32Array(bins);
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

/** The same of two stretches of film, on average over their frames. */
export function recolouredOver(before: readonly SeenFrame[], after: readonly SeenFrame[]): number {
  return halfDifference(meanOf(before), meanOf(after));
}

function halfDifference(p: Palette, q: Palette): number {
  let sum = 0;
  for (let i = 0; i < bins; i++) sum += Math.abs((p[i] as number) - (q[i] as number));
  return sum / 2;
}

function meanOf(frames: readonly SeenFrame[]): Palette {
  const mean = new Float32Array(bins);
  for (const frame of frames) {
    const palette = paletteOf(frame);
    for (let i = 0; i < bins; i++) mean[i] = (mean[i] as number) + (palette[i] as number) / frames.length;
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
