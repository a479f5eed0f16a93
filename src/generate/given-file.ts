import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BacklotError, type JobInput, type Mode } from '../contract/index.ts';
import { coverCrop, freezeOptionsSchema } from '../dataset/index.ts';
import type { Context, WorkspacePaths } from '../jobs/index.ts';
import { decodeFrames, probe, type VideoFacts } from '../media/index.ts';
import type { ClipShape } from './clip-shape.ts';
import { chosenFrames, readTiming } from './video-frames.ts';

/** Blur in pixels that clips have unless asked otherwise: the shipped base knows no sharper picture. */
const SOFTNESS = freezeOptionsSchema.shape.soften.parse(undefined);

type Size = Pick<ClipShape, 'width' | 'height'>;

/** A picture as the engine reads it: the middle of it that fills a clip, at the model's size, as soft as clips are. */
export async function pictureInput(path: string, size: Size, folder: string): Promise<JobInput> {
  const video = await pictureOf(path);
  return writeFrames(await decoded(path, video, size, [0]), folder);
}

/**
 * A video as the engine reads it: frames at the model's rate by nearest timestamp, never retimed, each like a picture.
 * For extend its end, otherwise its beginning; never more than one take's length.
 * @throws BacklotError `video-too-short`, `video-too-slow`, `no-picture`
 */
export async function videoInput(
  path: string,
  mode: Mode,
  shape: ClipShape,
  folder: string,
  signal: AbortSignal,
): Promise<JobInput> {
  const video = await pictureOf(path);
  const frames = chosenFrames(path, mode, shape, await readTiming(path, mode, shape, video, signal));
  return writeFrames(await decoded(path, video, shape, frames, signal), folder);
}

async function pictureOf(path: string): Promise<VideoFacts> {
  const { video } = await reading(path, probe(path));
  if (video) return video;
  throw noPicture(path, 'none');
}

async function decoded(
  path: string,
  video: VideoFacts,
  { width, height }: Size,
  only: readonly number[],
  signal?: AbortSignal,
): Promise<Buffer> {
  const whole = { x: 0, y: 0, width: video.width, height: video.height };
  const crop = coverCrop(whole, video.sampleAspect, { width, height });
  // Frames of the model's own size come from a clip, which is soft already.
  const soften = crop.width === width && crop.height === height ? 0 : SOFTNESS;
  const deinterlace = video.fieldOrder === 'top-first' || video.fieldOrder === 'bottom-first';
  const look = { crop, soften, deinterlace, toneMap: true, pixelFormat: 'rgb24' as const };
  const options = { width, height, ...look, only, signal };
  const frames: Buffer[] = [];
  await reading(
    path,
    decodeFrames(path, options, (_, frame) => void frames.push(frame)),
  );
  if (frames.length === only.length) return Buffer.concat(frames);
  throw noPicture(path, `${frames.length} of ${only.length} frames`);
}

/** ffmpeg's trouble with a file, in terms of what a person gave. */
async function reading<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const failed = error instanceof BacklotError && /^(ffmpeg|ffprobe)-failed$/.test(error.code);
    throw failed ? noPicture(path, error.facts.found) : error;
  }
}

/** Where frames of given pictures and videos lie. */
export const givenFolder = ({ takes }: Pick<WorkspacePaths, 'takes'>): string => join(takes, 'given');

/** Removes all given frames: of which film they are is not recorded. Who generates again has them decoded anew. */
export const purgeGiven = ({ paths }: Pick<Context, 'paths'>): Promise<void> =>
  rm(givenFolder(paths), { recursive: true, force: true });

/** Where the first frames of held-out clips lie that briefs were given, each under 12 digits of its clip's id. */
export const firstFrames = ({ takes }: Pick<WorkspacePaths, 'takes'>): string => join(takes, 'first-frames');

/** Removes them all, as the clips they are of go; those of other clips are written again when they are asked for. */
export const purgeFirstFrames = ({ paths }: Pick<Context, 'paths'>): Promise<void> =>
  rm(firstFrames(paths), { recursive: true, force: true });

/** Written under the name of its hash, so that the same frames are the same input. */
async function writeFrames(bytes: Buffer, folder: string): Promise<JobInput> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${sha256}.rgb`);
  await writeFile(path, bytes);
  return { path, sha256 };
}

const noPicture = (path: string, found: string): BacklotError =>
  new BacklotError('no-picture', {
    expected: 'a picture that can be decoded',
    where: path,
    found,
    remedy: 'Give a PNG or JPEG as `first` or `last`, a film file as `video`.',
  });
