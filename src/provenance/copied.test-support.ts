import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { encodeVideo, runFfmpeg } from '../media/index.ts';
import { CLIP, planClip, renderClip } from '../sample/index.ts';
import { sha256Of } from './digest.ts';

/** Takes with pictures to compare, and copies of them as other programs write them. */

const size = { width: CLIP.width, height: CLIP.height };

/** The frames of one of the sample studio's clips. */
function frames(n: number): Buffer[] {
  const bytes = renderClip(planClip('title:night-mail', 3, n, 0));
  const each = size.width * size.height * 3;
  return Array.from({ length: CLIP.frames }, (_, f) => bytes.subarray(f * each, (f + 1) * each));
}

export interface Shown {
  modelId: string;
  /** Number of the clip that it shows. */
  clip: number;
  /** What its brief gave, beside words. */
  references?: object[];
}

/** A take with a video of its own, drawn by a model. */
export async function addShownTake(
  { db, paths }: Context,
  id: string,
  { modelId, clip, references = [] }: Shown,
): Promise<string> {
  await mkdir(paths.takes, { recursive: true });
  const videoPath = join(paths.takes, `${id}.mp4`);
  const scaleTo = { width: size.width * 2, height: size.height * 2 };
  await encodeVideo({ path: videoPath, ...size, fps: CLIP.fps, frames: frames(clip), scaleTo });
  const brief = { id, text: '', adapters: [], references };
  const made = { briefId: id, brief, modelId, runId: 'run_2', candidate: 0, seed: 1 };
  const files = { rawPath: '', rawSha256: '', videoPath, videoSha256: sha256Of(await readFile(videoPath)) };
  await db.insert(tables.generateTakes).values({ id, ...made, ...files });
  return videoPath;
}

/** Half the size, encoded again: other bytes, the same pictures. @returns it as a brief gives it */
export async function copyOf(video: string, path: string) {
  await runFfmpeg(['-v', 'error', '-i', video, '-vf', 'scale=iw/2:-2', '-crf', '23', '-y', path]);
  return { role: 'video', path, sha256: sha256Of(await readFile(path)) };
}
