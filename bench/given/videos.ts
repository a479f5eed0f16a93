import { join } from 'node:path';
import type { ClipShape } from '../../src/generate/clip-shape.ts';
import { encodeVideo } from '../../src/media/index.ts';

/** Nearly lossless at 4:2:0; what a take is held against is what ffmpeg decodes from it again. */
const CRF = 1;

/** Writes a stretch of a clip (raw uint8 frames x height x width x RGB) as a film of its own. */
export async function writeStretch(
  clip: Buffer,
  { width, height, fps }: ClipShape,
  [from, to]: readonly [number, number],
  folder: string,
  name: string,
): Promise<string> {
  const size = width * height * 3;
  const frames = Array.from({ length: to - from }, (_, n) =>
    clip.subarray((from + n) * size, (from + n + 1) * size),
  );
  const path = join(folder, `${name}.mp4`);
  await encodeVideo({ path, width, height, fps, frames, crf: CRF });
  return path;
}

/** PSNR in dB of two stretches of frames; of equal ones 99, as the engine has it. */
export function psnr(a: Buffer, b: Buffer): number {
  let squares = 0;
  for (let at = 0; at < a.length; at++) squares += ((a[at] as number) - (b[at] as number)) ** 2;
  return squares === 0 ? 99 : Math.min(99, 10 * Math.log10(255 ** 2 / (squares / a.length)));
}

/** One picture, over and over. */
export const held = (picture: Buffer, count: number): Buffer =>
  Buffer.concat(Array.from({ length: count }, () => picture));
