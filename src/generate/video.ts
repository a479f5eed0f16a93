import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TakeLine } from '../contract/index.ts';
import { encodedVideo } from '../media/index.ts';
import { mustHash } from './must-hash.ts';

/** People look at small takes at a multiple of the model's size, about this wide; the raw take is kept as it is. */
const VIEW_WIDTH = 384;
/** Nearly lossless: what people judge should be the model's defects, not the encoder's. */
const VIEW_CRF = 12;

/**
 * Writes frames as an MP4 that plays in a browser, whatever lies there.
 * @param folder where the line's raw frames lie
 * @returns sha256 of the bytes as they were made
 * @throws BacklotError `takes-altered`
 */
export async function writeVideo(
  { path: raw, sha256, height, width, fps }: TakeLine,
  folder: string,
  path: string,
): Promise<string> {
  const bytes = await readFile(join(folder, raw));
  mustHash(join(folder, raw), bytes, sha256);
  const size = height * width * 3;
  const frames = Array.from({ length: bytes.length / size }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
  const scale = Math.max(1, Math.round(VIEW_WIDTH / width));
  const scaleTo = { width: width * scale, height: height * scale };
  const how = { crf: VIEW_CRF, preset: 'veryfast', scaleTo } as const;
  const video = await encodedVideo({ path, width, height, fps, frames, ...how });
  await writeFile(`${path}.unfinished`, video);
  await rename(`${path}.unfinished`, path);
  return createHash('sha256').update(video).digest('hex');
}
