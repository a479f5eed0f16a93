import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { timingOf } from '../../catalog/index.ts';
import { BacklotError } from '../../contract/index.ts';
import { nearestFrames } from '../../dataset/index.ts';
import { checkDecode, decodeFrames, probe, type VideoFacts } from '../../media/index.ts';
import { LEAST_MOMENTS } from './coarse.ts';
import { LOOKS_PER_SECOND, STRIDE, VIEW } from './grid.ts';
import { type Looks, looksOf } from './print.ts';

/** What is read is kept in memory, about 30 kB a look. */
const LONGEST_SECONDS = 20 * 60;
const LEAST_LOOKS = (LEAST_MOMENTS - 1) * STRIDE + 1;

/**
 * Looks at a video `LOOKS_PER_SECOND` times a second, whatever its rate and size.
 * @throws BacklotError `no-such-file`, `ffprobe-failed`, `no-video`, `video-too-short`, `video-too-long`
 */
export async function readLooks(path: string, signal?: AbortSignal): Promise<Looks> {
  const file = resolve(path);
  if (!(await stat(file).catch(() => null))?.isFile()) throw missing(path);
  const { video, declaredSeconds } = await probe(file, signal);
  if (!video) throw noVideo(path);
  if ((declaredSeconds ?? 0) > LONGEST_SECONDS) throw tooLong(path, declaredSeconds ?? 0);
  const frames = await lookedAt(file, video, signal);
  if (frames.length < LEAST_LOOKS) throw tooShort(path, frames.length);
  if (frames.length > LONGEST_SECONDS * LOOKS_PER_SECOND)
    throw tooLong(path, frames.length / LOOKS_PER_SECOND);
  return looksOf(await pictures(file, frames, signal));
}

/** For each look, the frame that is shown then. */
async function lookedAt(file: string, video: VideoFacts, signal: AbortSignal | undefined): Promise<number[]> {
  const { pts } = await checkDecode(file, { signal });
  const times = timingOf(pts, video.timeBase, [video.averageRate, video.baseRate]);
  return pts.length === 0 ? [] : nearestFrames(times, { in: 0, out: pts.length }, `${LOOKS_PER_SECOND}`);
}

async function pictures(file: string, frames: readonly number[], signal: AbortSignal | undefined) {
  const wanted = new Set(frames);
  const kept = new Map<number, Uint8Array>();
  await decodeFrames(file, { ...VIEW, pixelFormat: 'gray', signal }, (index, bytes) => {
    if (wanted.has(index)) kept.set(index, bytes);
  });
  return frames.flatMap((frame) => kept.get(frame) ?? []);
}

const missing = (path: string) =>
  new BacklotError('no-such-file', {
    expected: 'a file',
    where: path,
    found: 'none',
    remedy: 'Check the path.',
  });

const noVideo = (path: string) =>
  new BacklotError('no-video', {
    expected: 'a video',
    where: path,
    found: 'no moving picture',
    remedy: 'Name a video: takes are known again by how they move, not by sound.',
  });

const tooShort = (path: string, looks: number) =>
  new BacklotError('video-too-short', {
    expected: `a video of ${LEAST_LOOKS / LOOKS_PER_SECOND} s or more`,
    where: path,
    found: looks <= 1 ? 'a single picture' : `${(looks / LOOKS_PER_SECOND).toFixed(2)} s`,
    remedy: 'Name a longer part of it: single pictures are not told apart.',
  });

const tooLong = (path: string, seconds: number) =>
  new BacklotError('video-too-long', {
    expected: `a video of ${LONGEST_SECONDS} s or less`,
    where: path,
    found: `${Math.round(seconds)} s`,
    remedy: 'Cut out the part that is in question and name that.',
  });
