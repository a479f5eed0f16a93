import { BacklotError } from '../contract/index.ts';
import { localOnly, type ProbeFacts, probe, type VideoFacts } from './probe.ts';
import { type FieldsFirst, type Pulldown, parityOf, pulldownFilters } from './pulldown.ts';
import { mediaThreads, runFfmpeg } from './run.ts';
import { inputArguments, keepDamaged } from './sequence.ts';
import { isBeyond709, needZimg, toneMapFilters } from './tone-map.ts';
import { countOf, indexOf, passesOf, selectFilter } from './wanted.ts';

export interface Crop {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface DecodeOptions {
  /** Size of the frames that come out. */
  width: number;
  height: number;
  pixelFormat: 'rgb24' | 'gray';
  /** Cut out first, in pixels of the decoded picture (`VideoFacts.width` x `height`, rotation applied). */
  crop?: Crop | undefined;
  /** First frame wanted, 0-based. */
  from?: number | undefined;
  /** First frame no longer wanted. */
  to?: number | undefined;
  /** The frames wanted, rising, in place of `from` and `to`: only they are cropped and scaled. */
  only?: readonly number[] | undefined;
  /**
   * Fills in the other field (bwdif), one frame out for each in: indexes hold. `true`: of frames marked as interlaced; an
   * order of fields: of all frames, for films that do not say what they are.
   */
  deinterlace?: boolean | FieldsFirst | undefined;
  /** Undoes 3:2 pulldown, in place of deinterlacing; indexes hold, one frame of five repeats. */
  pulldown?: Pulldown | undefined;
  /** Shows HDR (PQ, HLG) and wide colours in BT.709's range; without it, their code values come out as they are. */
  toneMap?: boolean | undefined;
  /** Standard deviation of a Gaussian blur of the frames that come out, in their pixels (default: none). */
  soften?: number | undefined;
  /**
   * Quicker, for frames made much smaller: the edges of blocks stay in frames made from two others (at 64 x 36 of two
   * 720p films .2 grey levels, in no frame more than 1.1), and lines are left out as long as each that comes out still is the mean of four or more.
   */
  rough?: boolean | undefined;
  /** The bytes are lent: the next frame takes their place. For who looks at each frame once. */
  lent?: boolean | undefined;
  /** What `probe` found, where that was asked before. */
  video?: VideoFacts | undefined;
  signal?: AbortSignal | undefined;
  threads?: number | undefined;
}

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
  video: VideoFacts,
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

async function decodeArguments(path: string, video: VideoFacts, options: DecodeOptions): Promise<string[]> {
  if (options.toneMap && isBeyond709(video)) await needZimg();
  const count = countOf(options);
  return [
    ...['-v', 'error', '-threads', String(options.threads ?? mediaThreads()), ...localOnly],
    ...(options.rough ? ['-skip_loop_filter', 'bidir'] : []),
    ...[...(await inputArguments(path)), '-map', '0:V:0', '-an', '-sn', '-dn'],
    ...[...keepDamaged, '-vf', decodeFilter(video, options), '-fps_mode', 'passthrough'],
    ...(count === null ? [] : ['-frames:v', String(count)]),
    // Small frames go through the pipe together: to be woken for each costs more than to take it.
    ...['-flush_packets', '0', '-f', 'rawvideo', '-pix_fmt', options.pixelFormat, 'pipe:1'],
  ];
}

function decodeFilter(video: VideoFacts, options: DecodeOptions): string {
  const { crop } = options;
  const cut = crop ? [`crop=${crop.width}:${crop.height}:${crop.x}:${crop.y}:exact=1`] : [];
  const mapped = options.toneMap ? toneMapFilters(video, options) : [];
  const fewer = options.rough ? lineFilters(video, options) : [];
  const scaled = [...selectFilter(options), ...cut, ...mapped, ...fewer, scaleFilter(video, options)];
  return [...weaveFilters(video, options), ...scaled, ...softenFilter(options)].join(',');
}

function weaveFilters({ height }: VideoFacts, { pulldown, deinterlace }: DecodeOptions): string[] {
  if (pulldown) return [pulldownFilters(pulldown, height)];
  if (!deinterlace) return [];
  const which = deinterlace === true ? 'deint=interlaced' : `deint=all:parity=${parityOf(deinterlace)}`;
  return [`bwdif=mode=send_frame:${which}`];
}

/** Lines of the picture that go into one that comes out, at least. */
const FEWEST_LINES = 4;

/** Every second line, again and again: a field is read by stride alone, and scaling costs what it reads. */
function lineFilters(video: VideoFacts, { height }: DecodeOptions): string[] {
  const halvings = Math.floor(Math.log2(video.height / (FEWEST_LINES * height)));
  return Array.from({ length: Math.max(0, halvings) }, () => 'field=top');
}

/** ffmpeg's blur passes a recursive filter over the picture; three times come within a grey level of a Gaussian. */
const BLUR_PASSES = 3;

/** In planar colours: subsampled chroma would be blurred twice as wide. */
function softenFilter({ soften, pixelFormat }: DecodeOptions): string[] {
  if (!soften) return [];
  const planes = pixelFormat === 'rgb24' ? 'gbrp' : 'gray';
  return [`format=${planes}`, `gblur=sigma=${soften}:steps=${BLUR_PASSES}`];
}

/** Area averaging where both sides shrink; bicubic where the picture grows. */
function scaleFilter(video: VideoFacts, { width, height, crop }: DecodeOptions): string {
  const source = crop ?? video;
  const method = width <= source.width && height <= source.height ? 'area' : 'bicubic';
  const flags = `${method}+accurate_rnd+full_chroma_int`;
  return `scale=${width}:${height}:flags=${flags}:in_color_matrix=${inputMatrix(video)}`;
}

/** Untagged HD is BT.709 by convention; swscale would take it for BT.601. */
function inputMatrix(video: VideoFacts): string {
  return video.colorMatrix === null && video.height >= 720 ? 'bt709' : 'auto';
}

function videoOf(path: string, facts: ProbeFacts): VideoFacts {
  if (facts.video) return facts.video;
  throw new BacklotError('no-video', {
    expected: 'a video stream',
    where: path,
    found: `${facts.format} with ${facts.tracks.length} other tracks`,
    remedy: 'Name a file with a picture.',
  });
}

/** Bytes that small frames are cut from at once: a piece of memory for each would keep the collector busy. */
const SLAB = 2 ** 19;

function frameMaker(size: number, isLent: boolean): () => Buffer {
  const lent = isLent ? Buffer.allocUnsafeSlow(size) : null;
  const many = Math.max(1, Math.floor(SLAB / size));
  let [slab, made] = [Buffer.alloc(0), many];
  return () => {
    if (lent) return lent;
    if (made === many) [slab, made] = [Buffer.allocUnsafeSlow(many * size), 0];
    const at = made++ * size;
    return slab.subarray(at, at + size);
  };
}

/** Cuts a stream of bytes into frames of `size` bytes; no two share any, unless they are lent. */
function frameCutter(size: number, isLent: boolean, onFrame: OnFrame) {
  const newFrame = frameMaker(size, isLent);
  let frame = newFrame();
  let filled = 0;
  let count = 0;
  /** Waits for nothing where nobody asks it to. */
  const take = (chunk: Buffer, from = 0): Promise<void> | undefined => {
    for (let at = from; at < chunk.length; ) {
      const copied = chunk.copy(frame, filled, at, at + size - filled);
      at += copied;
      filled += copied;
      if (filled < size) return undefined;
      const whole = frame;
      filled = 0;
      const open = onFrame(count++, whole);
      frame = newFrame();
      if (open instanceof Promise) return open.then(() => take(chunk, at));
    }
    return undefined;
  };
  const end = (path: string): number => {
    if (filled > 0) throw torn(path, filled, size);
    return count;
  };
  return { take, end };
}

function torn(path: string, filled: number, size: number): BacklotError {
  return new BacklotError('frame-torn', {
    expected: `whole frames of ${size} bytes`,
    where: path,
    found: `${filled} bytes at the end`,
    remedy: 'Run it again; if it happens again, report it with the file.',
  });
}
