import { createHash } from 'node:crypto';
import { mkdirSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClipLine, clipLineSchema, type TakeLine } from '../../src/contract/index.ts';
import { rngOf } from '../../src/sample/random.ts';

/** A clip put before the checker as if a model had made it. */
export interface Shown {
  id: string;
  pixels: Buffer;
}

export const FRAME_BYTES = 64 * 96 * 3;

export const readLines = (dir: string): ClipLine[] =>
  readFileSync(join(dir, 'manifest.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => clipLineSchema.parse(JSON.parse(line)));

export function readPixels(dir: string, { shard, offset, bytes }: ClipLine): Buffer {
  const file = openSync(join(dir, shard), 'r');
  const pixels = Buffer.alloc(bytes);
  readSync(file, pixels, 0, bytes, offset);
  return pixels;
}

/** Writes raw files and `takes.jsonl`; its path. */
export function writeTakes(dir: string, shown: readonly Shown[]): string {
  mkdirSync(join(dir, 'takes'), { recursive: true });
  const lines = shown.map(({ id, pixels }): TakeLine => {
    const path = `takes/${id}.u8`;
    writeFileSync(join(dir, path), pixels);
    const sha256 = createHash('sha256').update(pixels).digest('hex');
    return {
      id,
      brief: id,
      candidate: 0,
      seed: 0,
      path,
      sha256,
      frames: 17,
      height: 64,
      width: 96,
      fps: '12/1',
    };
  });
  const path = join(dir, 'takes.jsonl');
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return path;
}

/** The first frame, for as long as the clip lasts. */
export const frozen = (pixels: Buffer): Buffer =>
  Buffer.concat(Array.from({ length: pixels.length / FRAME_BYTES }, () => pixels.subarray(0, FRAME_BYTES)));

/** Every block of 16 x 16 pixels takes its mean colour: what an untrained model's takes look like. */
export function mush(pixels: Buffer): Buffer {
  const out = Buffer.alloc(pixels.length);
  for (let frame = 0; frame < pixels.length; frame += FRAME_BYTES)
    for (let row = 0; row < 64; row += 16)
      for (let column = 0; column < 96; column += 16)
        levelBlock(pixels, out, frame + (row * 96 + column) * 3);
  return out;
}

/** Every block of 16 x 16 pixels comes from another clip: textured mush. `seed` decides which. */
export function patchwork(clips: readonly Buffer[], seed: number): Buffer {
  const rng = rngOf('patchwork', seed);
  const out = Buffer.alloc(clips[0]?.length ?? 0);
  for (let row = 0; row < 64; row += 16)
    for (let column = 0; column < 96; column += 16) {
      const from = rng.pick(clips);
      for (let frame = 0; frame < out.length; frame += FRAME_BYTES)
        copyBlock(from, out, frame + (row * 96 + column) * 3);
    }
  return out;
}

function copyBlock(from: Buffer, to: Buffer, corner: number): void {
  for (let line = 0; line < 16; line++) {
    const at = corner + line * 96 * 3;
    from.copy(to, at, at, at + 16 * 3);
  }
}

function levelBlock(pixels: Buffer, out: Buffer, corner: number): void {
  const at = Array.from({ length: 256 }, (_, n) => corner + ((n >> 4) * 96 + (n & 15)) * 3);
  for (let channel = 0; channel < 3; channel++) {
    const sum = at.reduce((total, place) => total + (pixels[place + channel] ?? 0), 0);
    for (const place of at) out[place + channel] = Math.round(sum / 256);
  }
}
