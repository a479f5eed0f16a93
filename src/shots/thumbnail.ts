import { rename, writeFile } from 'node:fs/promises';
import { createCanvas } from '@napi-rs/canvas';
import { type Steps, stepsOf } from './blur.ts';
import type { Rectangle } from './schema.ts';

const thumbnailHeight = 240;
const jpegQuality = 85;

interface Size {
  width: number;
  height: number;
}

/** Size of a frame's thumbnail, 240 pixels high, its pixels square. @param pixelAspect width of a stored pixel to its height */
export const thumbnailSize = ({ width, height }: Size, pixelAspect: number): Size => ({
  width: Math.max(1, Math.round((thumbnailHeight * width * pixelAspect) / height)),
  height: thumbnailHeight,
});

/** @param rgb `width * height` RGB bytes */
export const jpegOf = (rgb: Uint8Array, size: Size): Promise<Buffer> => jpegEncoder(size)(rgb);

/** For many pictures of one size, one after the other: the next may come when the one before is encoded. */
export function jpegEncoder({ width, height }: Size): (rgb: Uint8Array) => Promise<Buffer> {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  const { data } = image;
  return (rgb) => {
    for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
      data[to] = rgb[from] as number;
      data[to + 1] = rgb[from + 1] as number;
      data[to + 2] = rgb[from + 2] as number;
      data[to + 3] = 255;
    }
    context.putImageData(image, 0, 0);
    return canvas.encode('jpeg', jpegQuality);
  };
}

/** Writes a file; it appears whole or not at all. */
export async function writeWhole(bytes: Uint8Array, path: string): Promise<void> {
  await writeFile(`${path}.part`, bytes);
  await rename(`${path}.part`, path);
}

/** Sums of the luma gradient's length along the rows and columns of a thumbnail. */
export interface Gradients {
  rows: Float32Array;
  columns: Float32Array;
  /** Pixels of the thumbnail to one of the decoded picture, each way. */
  scaleX: number;
  scaleY: number;
  /** What its blur is told by. */
  steps: Steps;
}

/**
 * @param rgb `width * height` RGB bytes of a thumbnail
 * @param whole size of the decoded picture
 * @param into `width * height` levels that are written over
 */
export function gradientsOf(
  rgb: Uint8Array,
  { width, height }: Size,
  whole: Size,
  into: Float32Array,
): Gradients {
  const luma = lumaPlane(rgb, 3, into);
  const [scaleX, scaleY] = [width / whole.width, height / whole.height];
  const rows = new Float32Array(height - 1);
  const columns = new Float32Array(Math.max(0, width - 1));
  for (let y = 0; y < rows.length; y++) rows[y] = addLengths(columns, luma, y * width, width);
  return { rows, columns, scaleX, scaleY, steps: stepsOf(luma, width, height) };
}

/** Adds the lengths along the row that begins at `first` to its columns. @returns their sum */
function addLengths(columns: Float32Array, luma: Float32Array, first: number, width: number): number {
  let sum = 0;
  for (let x = 0; x < columns.length; x++) {
    const at = first + x;
    const here = luma[at] as number;
    const across = (luma[at + 1] as number) - here;
    const down = (luma[at + width] as number) - here;
    // Math.hypot takes many times as long: it guards against overflow, which grey levels have none of.
    const length = Math.sqrt(across * across + down * down);
    columns[x] = (columns[x] as number) + length;
    sum += length;
  }
  return sum;
}

/** BT.709 luma of pixels of red, green, blue and perhaps more: `channels` bytes each. */
export function lumaPlane(
  pixels: Uint8Array | Uint8ClampedArray,
  channels: 3 | 4,
  luma: Float32Array = new Float32Array(pixels.length / channels),
): Float32Array {
  for (let i = 0, at = 0; i < luma.length; i++, at += channels) {
    const red = pixels[at] as number;
    const green = pixels[at + 1] as number;
    luma[i] = 0.2126 * red + 0.7152 * green + 0.0722 * (pixels[at + 2] as number);
  }
  return luma;
}

/**
 * Mean length of the luma gradient inside the active picture, grey levels a thumbnail pixel. What lies outside is flat,
 * so that taking away its rows and columns takes away the edge of the bars alone.
 */
export function sharpnessIn({ rows, columns, scaleX, scaleY }: Gradients, part: Rectangle): number {
  const inRows = inside(part.y * scaleY, (part.y + part.height) * scaleY, rows.length);
  const inColumns = inside(part.x * scaleX, (part.x + part.width) * scaleX, columns.length);
  const all = total(rows, [0, rows.length]);
  const outside = 2 * all - total(rows, inRows) - total(columns, inColumns);
  const area = (inRows[1] - inRows[0]) * (inColumns[1] - inColumns[0]);
  return area > 0 ? Math.max(0, all - outside) / area : 0;
}

function inside(from: number, to: number, count: number): [number, number] {
  return [Math.min(count, Math.ceil(from)), Math.max(0, Math.min(count, Math.floor(to) - 1))];
}

function total(sums: Float32Array, [from, to]: [number, number]): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += sums[i] as number;
  return sum;
}
