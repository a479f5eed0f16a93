import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Mode } from '../contract/index.ts';
import { encodeVideo, probe, type VideoFacts } from '../media/index.ts';
import { chosenFrames, readTiming } from './video-frames.ts';

const shape = { frames: 17, width: 96, height: 64, fps: '12/1', blockFrames: 4 };
/** A film of `count` frames at 24 a second. */
const film = (count: number, ticks = 1) => ({
  timeBase: '1/24000',
  pts: Array.from({ length: count }, (_, n) => n * 1000 * ticks),
});

it('extend takes the end of the video at the speed of the model, up to the very last frame', () => {
  const frames = chosenFrames('a.mp4', 'extend', shape, film(100));
  expect(frames).toHaveLength(17);
  expect(frames.slice(-3)).toEqual([95, 97, 99]);
});

it('precede and restyle take the beginning', () => {
  for (const mode of ['precede', 'restyle'] as const)
    expect(chosenFrames('a.mp4', mode, shape, film(100)).slice(0, 3)).toEqual([0, 2, 4]);
});

it('a rate that is no multiple keeps its speed: each frame is the nearest in time', () => {
  const odd = { timeBase: '1001/30000', pts: Array.from({ length: 60 }, (_, n) => n) };
  expect(chosenFrames('a.mp4', 'restyle', shape, odd).slice(0, 5)).toEqual([0, 2, 5, 7, 10]);
});

it('a short video is enough to go on from, but not to lead up to or to draw anew', () => {
  expect(chosenFrames('a.mp4', 'extend', shape, film(1))).toEqual([0]);
  expect(chosenFrames('a.mp4', 'precede', shape, film(7))).toHaveLength(4);
  expect(() => chosenFrames('a.mp4', 'precede', shape, film(6))).toThrow(/4 or more frames.*found 3/);
  expect(() => chosenFrames('a.mp4', 'restyle', shape, film(32))).toThrow(/17 or more frames.*found 16/);
});

it('a video slower than the model is refused: it would stutter', () => {
  expect(() => chosenFrames('a.mp4', 'restyle', shape, film(40, 3))).toThrow(/shown twice/);
});

it('of a long video as much is decoded as a take needs, with the same frames chosen; all of it where its end counts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backlot-long-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'long.mp4');
  const frames = Array.from({ length: 200 }, (_, n) => Buffer.alloc(32 * 16 * 3, n));
  await encodeVideo({ path, width: 32, height: 16, fps: '24/1', frames });
  const video = (await probe(path)).video as VideoFacts;
  const timing = (mode: Mode) => readTiming(path, mode, shape, video, new AbortController().signal);
  const [all, some] = [await timing('extend'), await timing('restyle')];
  expect([all.pts.length, some.pts.length]).toEqual([200, 35]);
  expect(chosenFrames(path, 'restyle', shape, some)).toEqual(chosenFrames(path, 'restyle', shape, all));
});
