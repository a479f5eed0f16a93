import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { BacklotError } from '../contract/index.ts';
import { formatRate, parseRate } from './rate.ts';
import { fileUrl, runFfmpeg } from './run.ts';

export interface EncodeOptions {
  /** The MP4 to write; appears whole or not at all. */
  path: string;
  width: number;
  height: number;
  /** Rational, `24000/1001`. */
  fps: string;
  /** Raw rgb24, `height * width * 3` bytes each. */
  frames: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** x264's quality: 0 (lossless) to 51; 16 is hard to tell from the source. */
  crf?: number | undefined;
  /** x264's: what is looked at once need not be small. */
  preset?: 'medium' | 'veryfast' | undefined;
  scaleTo?: { width: number; height: number } | undefined;
  /** By what luma and colours are made of RGB; said in the file. BT.601's is what readers take that look for no such word. */
  matrix?: 'bt709' | 'smpte170m' | undefined;
  signal?: AbortSignal | undefined;
}

/** Fixed, because x264's bytes depend on it: the same frames give the same file on every machine. */
const encodeThreads = 2;

/**
 * Writes frames as H.264 that plays everywhere (yuv420p, BT.709 unless `matrix` says otherwise, index at the front). Same frames, same bytes.
 * @throws BacklotError `odd-size` (4:2:0 needs even sides), `bad-frame`, `ffmpeg-failed`
 */
export async function encodeVideo(options: EncodeOptions): Promise<void> {
  checkSize(options);
  const path = resolve(options.path);
  const unfinished = `${path}.unfinished`;
  try {
    const stdin = checkedFrames(options);
    await runFfmpeg(encodeArguments(options, unfinished), { signal: options.signal, stdin });
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/**
 * As `encodeVideo`, into memory: ffmpeg writes into a file without a name, so that nobody can put another in its place before
 * it is read.
 * @param options `path` names a file beside which there is room; nothing is written there
 */
export async function encodedVideo(options: EncodeOptions): Promise<Buffer> {
  checkSize(options);
  const file = await namelessFile(dirname(resolve(options.path)));
  try {
    const fed = { signal: options.signal, stdin: checkedFrames(options), files: [file.fd] };
    await runFfmpeg(encodeArguments(options, FIRST_FILE), fed);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** What a process opens as the first of the files that it was given. */
const FIRST_FILE = '/dev/fd/3';

async function namelessFile(folder: string): Promise<FileHandle> {
  const path = join(folder, `.${randomUUID()}.unfinished`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}

export function encodeArguments(options: EncodeOptions, path: string): string[] {
  const { width, height } = options.scaleTo ?? options;
  const rate = formatRate(parseRate(options.fps));
  const scale = `scale=${width}:${height}:flags=bicubic+accurate_rnd+full_chroma_int`;
  const { matrix = 'bt709' } = options;
  const tagged = `setparams=color_primaries=bt709:color_trc=bt709:colorspace=${matrix}:range=tv`;
  return [
    ...['-v', 'error', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${options.width}x${options.height}`],
    ...['-r', rate, '-i', 'pipe:0'],
    ...['-vf', `${scale}:out_color_matrix=${matrix}:out_range=tv,format=yuv420p,${tagged}`],
    ...[
      '-c:v',
      'libx264',
      '-preset',
      options.preset ?? 'medium',
      '-crf',
      String(options.crf ?? 16),
      '-pix_fmt',
      'yuv420p',
    ],
    ...['-threads', String(encodeThreads), '-fflags', '+bitexact', '-flags:v', '+bitexact'],
    ...['-movflags', '+faststart', '-f', 'mp4', '-y', fileUrl(path)],
  ];
}

function checkSize(options: EncodeOptions): void {
  const { width, height } = options.scaleTo ?? options;
  if (width % 2 === 0 && height % 2 === 0) return;
  throw new BacklotError('odd-size', {
    expected: 'even width and height (4:2:0 colour)',
    where: options.path,
    found: `${width}x${height}`,
    remedy: 'Scale or crop to even sides.',
  });
}

async function* checkedFrames(options: EncodeOptions): AsyncGenerator<Uint8Array> {
  const size = options.width * options.height * 3;
  for await (const frame of options.frames) {
    if (frame.length !== size) throw badFrame(options.path, size, frame.length);
    yield frame;
  }
}

function badFrame(path: string, size: number, found: number): BacklotError {
  return new BacklotError('bad-frame', {
    expected: `frames of ${size} bytes (rgb24)`,
    where: path,
    found: `${found} bytes`,
    remedy: 'Hand over whole frames of the size that was announced.',
  });
}
