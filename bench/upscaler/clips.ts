import { closeSync, openSync, readdirSync, writeSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { decodeFrames, probe } from '../../src/media/index.ts';
import { clipCanvas, planClip, renderClip, SHARP } from '../../src/sample/clips.ts';

/** Another seed than the upscaler learned from. */
export const SEED = 912;
/** Films that are smaller would be enlarged before they are made small. */
const SMALLEST = SHARP.height;
/** Frames between two clips of a film, and between two frames of a clip (24 to 12 a second). */
const APART = 151;
const STEP = 2;

/** Sharp clips of a kind (`worlds`, `title:<slug>`), raw, one after another. */
export async function renderedClips(dir: string, kind: string, count: number): Promise<string> {
  const path = join(dir, `${kind.replace('title:', '')}.u8`);
  const file = openSync(path, 'w');
  const canvas = clipCanvas(SHARP);
  for (let index = 0; index < count; index++) {
    writeSync(file, renderClip(planClip(kind, SEED, index, 0), SHARP, canvas));
    // The canvas frees native memory only between turns of the event loop.
    await setImmediate();
  }
  closeSync(file);
  return path;
}

/** Clips of each real film that is large enough, cut out of its middle. */
export async function filmClips(dir: string, folder: string, count: number): Promise<string[]> {
  const paths: string[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (extname(name) === '.srt') continue;
    const made = await clipsOfFilm(dir, join(folder, name), count);
    if (made) paths.push(made);
  }
  return paths;
}

async function clipsOfFilm(dir: string, film: string, count: number): Promise<string | null> {
  const { video } = await probe(film);
  if (!video || video.height < SMALLEST) return null;
  const width = Math.min(video.width, Math.round((video.height * SHARP.width) / SHARP.height));
  const crop = { x: (video.width - width) >> 1, y: 0, width, height: video.height };
  const only = Array.from({ length: count * SHARP.frames }, (_, i) => {
    const clip = Math.floor(i / SHARP.frames) + 1;
    return clip * APART + (i % SHARP.frames) * STEP;
  });
  const frames: Buffer[] = [];
  const size = { width: SHARP.width, height: SHARP.height, pixelFormat: 'rgb24' } as const;
  await decodeFrames(film, { ...size, crop, only }, (_, bytes) => void frames.push(bytes));
  const path = join(dir, `${basename(film, extname(film))}.u8`);
  const file = openSync(path, 'w');
  const whole = frames.length - (frames.length % SHARP.frames);
  for (const frame of frames.slice(0, whole)) writeSync(file, frame);
  closeSync(file);
  return path;
}
