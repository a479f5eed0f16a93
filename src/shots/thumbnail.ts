import { rename, writeFile } from 'node:fs/promises';
import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { type Steps, stepsOf } from './blur.ts';
import type { Rectangle } from './schema.ts';

const thumbnailHeight = 240;
const jpegQuality = 85;

/** A frame, 240 pixels high, its pixels made square. */
export interface Thumbnail {
  canvas: Canvas;
  /** Thumbnail pixels a stored pixel, each way. */
  scaleX: number;
  scaleY: number;
}

/**
 * Scales a frame down to a thumbnail.
 * @param rgb `width * height` RGB bytes
 * @param pixelAspect width of a stored pixel to its height
 */
export function thumbnailOf(rgb: Uint8Array, width: number, height: number, pixelAspect: number): Thumbnail {
  const full = createCanvas(width, height);
  const context = full.getContext('2d');
  const image = context.createImageData(width, height);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    image.data[to] = rgb[from] as number;
    image.data[to + 1] = rgb[from + 1] as number;
    image.data[to + 2] = rgb[from + 2] as number;
    image.data[to + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  const across = Math.max(1, Math.round((thumbnailHeight * width * pixelAspect) / height));
  const canvas = createCanvas(across, thumbnailHeight);
  drawSmooth(canvas.getContext('2d'), full, across);
  return { canvas, scaleX: across / width, scaleY: thumbnailHeight / height };
}

function drawSmooth(context: SKRSContext2D, full: Canvas, across: number): void {
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(full, 0, 0, across, thumbnailHeight);
}

/** Writes a JPEG; it appears whole or not at all. */
export async function writeThumbnail({ canvas }: Thumbnail, path: string): Promise<void> {
  await writeFile(`${path}.part`, await canvas.encode('jpeg', jpegQuality));
  await rename(`${path}.part`, path);
}

/** Sums of the luma gradient's length along the rows and columns of a thumbnail. */
export interface Gradients {
  rows: Float32Array;
  columns: Float32Array;
  scaleX: number;
  scaleY: number;
  /** What its blur is told by. */
  steps: Steps;
}

export function gradientsOf({ canvas, scaleX, scaleY }: Thumbnail): Gradients {
  const { width, height } = canvas;
  const luma = lumaPlane(canvas.getContext('2d').getImageData(0, 0, width, height).data);
  const rows = new Float32Array(height - 1);
  const columns = new Float32Array(Math.max(0, width - 1));
  for (let y = 0; y < rows.length; y++) {
    for (let x = 0; x < columns.length; x++) {
      const at = y * width + x;
      const here = luma[at] as number;
      const length = Math.hypot((luma[at + 1] as number) - here, (luma[at + width] as number) - here);
      rows[y] = (rows[y] as number) + length;
      columns[x] = (columns[x] as number) + length;
    }
  }
  return { rows, columns, scaleX, scaleY, steps: stepsOf(luma, width, height) };
}

/** BT.709 luma of RGBA pixels. */
export function lumaPlane(rgba: Uint8ClampedArray): Float32Array {
  const luma = new Float32Array(rgba.length / 4);
  for (let i = 0, at = 0; i < luma.length; i++, at += 4) {
    const [r, g, b] = [rgba[at] as number, rgba[at + 1] as number, rgba[at + 2] as number];
    luma[i] = 0.2126 * r + 0.7152 * g + 0.0722 * b;
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
