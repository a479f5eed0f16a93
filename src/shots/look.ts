import type { Canvas } from '@napi-rs/canvas';
import type { ShotFacts } from './schema.ts';

/** How a shot looks, in so many signed bytes: shots that look alike lie close to each other. */
export type Look = Int8Array;
export const lookBytes = 64;

/** The picture as it is looked at; all that follows is of this size. */
const width = 48;
const height = 36;

/**
 * What a shot looks like: the colours of 4 x 3 parts of its picture, which way the edges of its quarters run, its palette,
 * and how it and the camera move. Bars and everything else in the picture count.
 * @param picture its thumbnail
 */
export async function lookOf(
  picture: Uint8Array,
  facts: Pick<ShotFacts, 'motion' | 'camera'>,
): Promise<Look> {
  const { createCanvas, loadImage } = await import('@napi-rs/canvas');
  const image = await loadImage(picture);
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, width, height);
  return lookIn(canvas, facts);
}

function lookIn(canvas: Canvas, facts: Pick<ShotFacts, 'motion' | 'camera'>): Look {
  const planes = planesOf(canvas.getContext('2d').getImageData(0, 0, width, height).data);
  const parts = [...layout(planes), ...edges(planes.luma), ...palette(planes), ...movement(facts)];
  return Int8Array.from(parts, (value) => Math.max(-127, Math.min(127, Math.round(value))));
}

/** Luma in 0..255, and how blue and how red, around nought. */
interface Planes {
  luma: Float32Array;
  blue: Float32Array;
  red: Float32Array;
}

/** BT.601, as JPEG pictures are kept. */
function planesOf(rgba: Uint8ClampedArray): Planes {
  const planes = {
    luma: new Float32Array(width * height),
    blue: new Float32Array(width * height),
    red: new Float32Array(width * height),
  };
  for (let i = 0, at = 0; i < width * height; i++, at += 4) {
    const [r, g, b] = [rgba[at] as number, rgba[at + 1] as number, rgba[at + 2] as number];
    const luma = 0.299 * r + 0.587 * g + 0.114 * b;
    planes.luma[i] = luma;
    planes.blue[i] = 0.564 * (b - luma);
    planes.red[i] = 0.713 * (r - luma);
  }
  return planes;
}

const across = 4;
const down = 3;
const lumaWeight = 0.5;
const colourWeight = 1;

/** Mean colours of 4 x 3 parts: 36 values. */
function* layout({ luma, blue, red }: Planes): Generator<number> {
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      const part = {
        x: (column * width) / across,
        y: (row * height) / down,
        width: width / across,
        height: height / down,
      };
      yield lumaWeight * (meanIn(luma, part) - 128);
      yield colourWeight * meanIn(blue, part);
      yield colourWeight * meanIn(red, part);
    }
  }
}

interface Part {
  x: number;
  y: number;
  width: number;
  height: number;
}

function meanIn(plane: Float32Array, part: Part): number {
  let sum = 0;
  for (let y = part.y; y < part.y + part.height; y++) {
    for (let x = part.x; x < part.x + part.width; x++) sum += plane[y * width + x] as number;
  }
  return sum / (part.width * part.height);
}

const directions = 4;
/** Gradient in grey levels that a pixel has for the sake of grain alone. */
const grain = 4;
const edgeWeight = 120;

/** Of each quarter, the share of its edges that run each of four ways, of a quarter without any nought: 16 values. */
function edges(luma: Float32Array): number[] {
  const sums = new Float32Array(4 * directions);
  const totals = new Float32Array(4);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const dx = ((luma[at + 1] as number) - (luma[at - 1] as number)) / 2;
      const dy = ((luma[at + width] as number) - (luma[at - width] as number)) / 2;
      const quarter = (y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1);
      const turn = (Math.atan2(dy, dx) / Math.PI + 1) * directions;
      const way = Math.round(turn) % directions;
      const strength = Math.hypot(dx, dy);
      sums[quarter * directions + way] = (sums[quarter * directions + way] as number) + strength;
      totals[quarter] = (totals[quarter] as number) + strength;
    }
  }
  const pixels = (width * height) / 4;
  return [...sums].map(
    (sum, i) => (edgeWeight * sum) / ((totals[Math.floor(i / directions)] as number) + grain * pixels),
  );
}

const hues = 8;
const paletteWeight = 4;

/** How much of each of eight hues there is, the more colourful the more: 8 values. */
function palette({ blue, red }: Planes): number[] {
  const sums = new Float32Array(hues);
  for (let i = 0; i < width * height; i++) {
    const [b, r] = [blue[i] as number, red[i] as number];
    const hue = Math.floor((Math.atan2(r, b) / (2 * Math.PI) + 0.5) * hues) % hues;
    sums[hue] = (sums[hue] as number) + Math.hypot(b, r);
  }
  return [...sums].map((sum) => (paletteWeight * sum) / (width * height));
}

const motionWeight = 12;
const cameraWeight = 60;

/** How much moves, and how the camera does: 4 values. */
function movement({ motion, camera }: Pick<ShotFacts, 'motion' | 'camera'>): number[] {
  const { pan = 0, tilt = 0, zoom = 0 } = camera ?? {};
  return [motionWeight * Math.log1p(motion), cameraWeight * pan, cameraWeight * tilt, cameraWeight * zoom];
}
