import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Job, TakeLine } from '../src/contract/index.ts';
import { CLIP } from '../src/sample/clips.ts';

/** A take, or a rendered clip, with a line of text above it. */
export interface SheetRow {
  text: string;
  /** Raw frames as the engine writes them: uint8 RGB. */
  pixels: Buffer;
}

/** First, in between, last: enough to see a walk, a jump and a camera move. */
const FRAMES = [0, 4, 8, 12, 16];
const SCALE = 2;
const TEXT_HEIGHT = 18;
const { width: WIDTH, height: HEIGHT } = CLIP;

/** Draws takes, five frames of each in a row: a contact sheet as a PNG file. */
export function drawSheet(path: string, rows: readonly SheetRow[]): void {
  const each = HEIGHT * SCALE + TEXT_HEIGHT;
  const canvas = createCanvas(FRAMES.length * WIDTH * SCALE, rows.length * each);
  const ctx = canvas.getContext('2d');
  ctx.fillStyle = 'white';
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.fillStyle = 'black';
  ctx.font = '13px sans-serif';
  for (const [row, { text, pixels }] of rows.entries()) {
    ctx.fillText(text, 2, row * each + 13, canvas.width - 4);
    drawFrames(ctx, pixels, row * each + TEXT_HEIGHT);
  }
  writeFileSync(path, canvas.toBuffer('image/png'));
}

function drawFrames(ctx: SKRSContext2D, pixels: Buffer, top: number): void {
  const small = createCanvas(WIDTH, HEIGHT);
  const frame = small.getContext('2d');
  for (const [column, index] of FRAMES.entries()) {
    const image = frame.createImageData(WIDTH, HEIGHT);
    const start = index * WIDTH * HEIGHT * 3;
    for (let i = 0; i < WIDTH * HEIGHT; i++) {
      for (let c = 0; c < 3; c++) image.data[i * 4 + c] = pixels[start + i * 3 + c] ?? 0;
      image.data[i * 4 + 3] = 255;
    }
    frame.putImageData(image, 0, 0);
    ctx.drawImage(small, column * WIDTH * SCALE, top, WIDTH * SCALE, HEIGHT * SCALE);
  }
}

/** What each brief of a run of takes said, by its id. */
export function textsIn(run: string): Map<string, string> {
  const job = JSON.parse(readFileSync(join(run, 'job.json'), 'utf8')) as Job;
  if (job.kind !== 'generate') return new Map();
  const texts = JSON.parse(readFileSync(join(run, 'texts.json'), 'utf8')) as string[];
  return new Map(job.briefs.map(({ id }, n) => [id, texts[n] ?? '']));
}

export const takeLines = (path: string): TakeLine[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TakeLine);
