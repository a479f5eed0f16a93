import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { timingOf } from '../../catalog/index.ts';
import { BacklotError } from '../../contract/index.ts';
import { nearestFrames } from '../../dataset/index.ts';
import {
  checkDecode,
  decodeFrames,
  isText,
  noFilm,
  parseRate,
  probe,
  rateNumber,
  type VideoFacts,
} from '../../media/index.ts';
import { LEAST_MOMENTS } from './coarse.ts';
import { LOOKS_PER_SECOND, STRIDE, VIEW } from './grid.ts';
import { type Looks, looksOf } from './print.ts';

/** What is read is kept in memory, about 30 kB a look. */
const LONGEST_SECONDS = 20 * 60;
const LEAST_LOOKS = (LEAST_MOMENTS - 1) * STRIDE + 1;

/**
 * Looks at a video `LOOKS_PER_SECOND` times a second, whatever its rate and size, and once at a single picture.
 * @throws BacklotError `no-such-file`, `no-video`, `video-too-short`, `video-too-long`
 */
export async function readLooks(path: string, signal?: AbortSignal): Promise<Looks> {
  const file = resolve(path);
  if (!(await stat(file).catch(() => null))?.isFile()) throw missing(path);
  if (await isText(file)) throw noVideo(path, 'text');
  const { format, video, declaredSeconds } = await probe(file, signal).catch((error) => {
    throw unrecognised(path, error);
  });
  const other = noFilm(format);
  if (other) throw noVideo(path, other === 'text' ? 'text' : 'a list that points to other files');
  if (!video) throw noVideo(path);
  if ((declaredSeconds ?? 0) > LONGEST_SECONDS) throw tooLong(path, declaredSeconds ?? 0);
  const { pts } = await checkDecode(file, { signal });
  const frames = lookedAt(path, pts, video);
  const kept = await pictures(file, video, signal, new Set(frames));
  return looksOf(frames.flatMap((frame) => kept.get(frame) ?? []));
}

/**
 * As `readLooks`, of a video that Backlot has written: its frames come at the rate that it declares, so one decoding is enough.
 * @throws as `readLooks`
 */
export async function takeLooks(file: string, signal: AbortSignal): Promise<Looks> {
  const { video } = await probe(file, signal);
  if (!video) throw noVideo(file);
  const kept = await pictures(file, video, signal);
  const frames = lookedAt(file, evenPts(kept.size, video), video);
  return looksOf(frames.flatMap((frame) => kept.get(frame) ?? []));
}

/** Timestamps of frames at the rate that a file declares, in its time base. */
function evenPts(frames: number, { timeBase, averageRate, baseRate }: VideoFacts): number[] {
  const rate = rateNumber(parseRate(averageRate ?? baseRate ?? '24'));
  const ticks = 1 / (rateNumber(parseRate(timeBase)) * rate);
  return Array.from({ length: frames }, (_, n) => Math.round(n * ticks));
}

/** For each look, the frame that is shown then. */
function lookedAt(path: string, pts: readonly number[], video: VideoFacts): number[] {
  const times = timingOf(pts, video.timeBase, [video.averageRate, video.baseRate]);
  const range = { in: 0, out: pts.length };
  const frames = pts.length === 0 ? [] : nearestFrames(times, range, `${LOOKS_PER_SECOND}`);
  if (frames.length !== 1 && frames.length < LEAST_LOOKS) throw tooShort(path, frames.length);
  if (frames.length > LONGEST_SECONDS * LOOKS_PER_SECOND)
    throw tooLong(path, frames.length / LOOKS_PER_SECOND);
  return frames;
}

/** @param wanted numbers of the frames to keep; undefined: all */
async function pictures(
  file: string,
  video: VideoFacts,
  signal: AbortSignal | undefined,
  wanted?: ReadonlySet<number>,
): Promise<Map<number, Uint8Array>> {
  const kept = new Map<number, Uint8Array>();
  await decodeFrames(file, { ...VIEW, pixelFormat: 'gray', video, signal }, (index, bytes) => {
    if (!wanted || wanted.has(index)) kept.set(index, bytes);
  });
  return kept;
}

const unreadable = /^(no-video|video-too-.*|ffprobe-failed|ffmpeg-failed|frame-torn)$/;

/** Whether it is a file's own fault that it was not looked at. */
export const isUnreadable = (error: unknown): error is BacklotError =>
  error instanceof BacklotError && unreadable.test(error.code);

const missing = (path: string) =>
  new BacklotError('no-such-file', {
    expected: 'a file',
    where: path,
    found: 'none',
    remedy: 'Check the path.',
  });

const unrecognised = (path: string, error: unknown): unknown =>
  error instanceof BacklotError && error.code === 'ffprobe-failed'
    ? noVideo(path, `neither picture nor video is recognised in its bytes (${error.facts.found})`)
    : error;

const noVideo = (path: string, found = 'no picture') =>
  new BacklotError('no-video', {
    expected: 'a video or a picture',
    where: path,
    found,
    remedy: 'Name a video or a picture: takes are known again by what they show, not by sound.',
  });

export const tooShort = (path: string, looks: number) =>
  new BacklotError('video-too-short', {
    expected: `a video of ${(LEAST_LOOKS / LOOKS_PER_SECOND).toFixed(2)} s or more, or a single picture`,
    where: path,
    found: `${(looks / LOOKS_PER_SECOND).toFixed(2)} s`,
    remedy: 'Name a longer part of it, or one picture of it.',
  });

const tooLong = (path: string, seconds: number) =>
  new BacklotError('video-too-long', {
    expected: `a video of ${LONGEST_SECONDS} s or less`,
    where: path,
    found: `${Math.round(seconds)} s`,
    remedy: 'Cut out the part that is in question and name that.',
  });
