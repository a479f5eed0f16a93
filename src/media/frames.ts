import { BacklotError } from '../contract/index.ts';
import type { DecodeOptions } from './decode-options.ts';
import { frameCutter } from './frame-cutter.ts';
import { decodeFilter, oneSize } from './picture-filters.ts';
import { localOnly, type PictureFacts, type ProbeFacts, probe, type VideoFacts } from './probe.ts';
import { fewThreads, mediaThreads, runFfmpeg } from './run.ts';
import { inputArguments, keepDamaged } from './sequence.ts';
import { isBeyond709, needZimg } from './tone-map.ts';
import { countOf, indexOf, passesOf } from './wanted.ts';

export type OnFrame = (index: number, bytes: Buffer) => void | Promise<void>;

/**
 * Decodes the picture of a film: every decoded frame once, in presentation order, none repeated to fill time and none
 * dropped. The stored rotation is applied; interlaced frames stay woven unless `deinterlace` or `pulldown` is asked
 * for, and HDR is as dull as its codes unless `toneMap` is.
 * @param onFrame gets the 0-based index of the frame in the film and `width * height * (3 | 1)` bytes of its own (unless `lent`);
 *   decoding waits while a returned promise is open
 * @returns how many frames were delivered
 * @throws BacklotError `no-video`, `ffmpeg-failed`, `frame-torn`, `no-zimg`
 */
export async function decodeFrames(path: string, options: DecodeOptions, onFrame: OnFrame): Promise<number> {
  const video = options.video ?? videoOf(path, await probe(path, options.signal));
  let count = 0;
  for (const pass of passesOf(options)) count += await decodePass(path, video, pass, onFrame);
  return count;
}

async function decodePass(
  path: string,
  video: PictureFacts,
  options: DecodeOptions,
  onFrame: OnFrame,
): Promise<number> {
  if (countOf(options) === 0) return 0;
  const size = options.width * options.height * (options.pixelFormat === 'rgb24' ? 3 : 1);
  const cutter = frameCutter(size, options.lent ?? false, (n, bytes) => onFrame(indexOf(options, n), bytes));
  const args = await decodeArguments(path, video, options);
  await runFfmpeg(args, { signal: options.signal, onStdout: cutter.take });
  return cutter.end(path);
}

async function decodeArguments(path: string, video: PictureFacts, options: DecodeOptions): Promise<string[]> {
  const count = countOf(options);
  return [
    ...(await readArguments(path, video, options)),
    ...['-map', '0:V:0', '-an', '-sn', '-dn', '-vf', `${oneSize(video)},${decodeFilter(video, options)}`],
    ...(count === null ? [] : ['-frames:v', String(count)]),
    ...rawOutput(options.pixelFormat, 1),
  ];
}

/** What comes before the filters of a film that is decoded: how it is read. */
export async function readArguments(
  path: string,
  video: PictureFacts,
  { toneMap, rough }: DecodeOptions,
): Promise<string[]> {
  if (toneMap && isBeyond709(video)) await needZimg();
  const threads = rough ? fewThreads(video) : mediaThreads();
  return [
    ...['-v', 'error', '-threads', String(threads), ...localOnly],
    ...(rough ? ['-skip_loop_filter', 'bidir'] : []),
    ...[...oneGraph, ...(await inputArguments(path)), ...keepDamaged],
  ];
}

/** Where a film's format changes, ffmpeg would begin its filters anew, and with them the count of frames: they stay (`oneSize`). */
const oneGraph = ['-reinit_filter', '0'] as const;

/** ffmpeg else hands each frame, which it only copies, to one of as many encoding threads as there are cores: to wake that costs more. */
export const byOneEncoder = ['-threads', '1'] as const;

/** Frames as bare bytes into a descriptor. Small ones go together: to be woken for each costs more than to take it. */
export const rawOutput = (pixelFormat: 'rgb24' | 'gray', descriptor: number): string[] => [
  ...[...byOneEncoder, '-fps_mode', 'passthrough', '-flush_packets', '0'],
  ...['-f', 'rawvideo', '-pix_fmt', pixelFormat, `pipe:${descriptor}`],
];

export function videoOf(path: string, facts: ProbeFacts): VideoFacts {
  if (facts.video) return facts.video;
  throw new BacklotError('no-video', {
    expected: 'a video stream',
    where: path,
    found: `${facts.format} with ${facts.tracks.length} other tracks`,
    remedy: 'Name a file with a picture.',
  });
}
