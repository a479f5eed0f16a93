import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { encodeVideo, pngOf } from '../media/index.ts';
import { sha256Of } from './digest.ts';

/** What tests sign: a take of a model, and a still of it. */

export const size = { width: 96, height: 64 };

/** A gradient that moves: every frame differs. */
export function frame(number: number): Buffer {
  const bytes = Buffer.alloc(size.width * size.height * 3);
  for (let at = 0; at < bytes.length; at++) bytes[at] = (at + number * 9) % 256;
  return bytes;
}

export const still = (): Promise<Buffer> => pngOf(frame(0), size.width, size.height);

/** @param references what its brief gave */
export async function addTake(
  { db, paths }: Context,
  id: string,
  references: object[] = [],
  frames: Iterable<Uint8Array> = [0, 1, 2, 3].map(frame),
  text = 'Pim walks left by the pier',
): Promise<void> {
  await mkdir(paths.takes, { recursive: true });
  const videoPath = join(paths.takes, `${id}.mp4`);
  await encodeVideo({ path: videoPath, ...size, fps: '12', frames });
  const brief = { id: 'b1', text, references };
  const made = { briefId: 'b1', brief, modelId: 'mdl_base', runId: 'run_1', candidate: 0, seed: 1 };
  const files = { rawPath: `${videoPath}.u8`, rawSha256: 'a'.repeat(64) };
  const video = { videoPath, videoSha256: sha256Of(await readFile(videoPath)) };
  const model = { id: 'mdl_base', name: 'open base', kind: 'base' };
  const folder = { path: '/models', sha256: 'b'.repeat(64), record: {} };
  await db
    .insert(tables.trainModels)
    .values({ ...model, ...folder })
    .onConflictDoNothing();
  await db.insert(tables.generateTakes).values({ id, ...made, ...files, ...video });
}
