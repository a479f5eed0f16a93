import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TakeLine } from '../contract/index.ts';
import { fileHash } from '../jobs/index.ts';
import { encodeVideo } from '../media/index.ts';

/** People look at small takes at a multiple of the model's size, about this wide; the raw take is kept as it is. */
const VIEW_WIDTH = 384;
/** Nearly lossless: what people judge should be the model's defects, not the encoder's. */
const VIEW_CRF = 12;

/** Writes a take as an MP4 that plays in a browser, unless it is there already; its path and sha256. */
export async function takeVideo(line: TakeLine, rawPath: string, folder: string, id: string) {
  const path = join(folder, `${id}.mp4`);
  if (!existsSync(path)) await encode(line, rawPath, path);
  return { path, sha256: await fileHash(path) };
}

async function encode({ height, width, fps }: TakeLine, rawPath: string, path: string): Promise<void> {
  const raw = await readFile(rawPath);
  const size = height * width * 3;
  const frames = Array.from({ length: raw.length / size }, (_, n) => raw.subarray(n * size, (n + 1) * size));
  const scale = Math.max(1, Math.round(VIEW_WIDTH / width));
  const scaleTo = { width: width * scale, height: height * scale };
  await encodeVideo({ path, width, height, fps, frames, crf: VIEW_CRF, scaleTo });
}
