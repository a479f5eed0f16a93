import { join } from 'node:path';
import type { Report } from '../contract/index.ts';
import {
  decodeFrames,
  decodeWithStills,
  type PictureFacts,
  type Pulldown,
  parseRate,
  rateNumber,
  type StillsOptions,
  withScratch,
} from '../media/index.ts';
import { askNetwork } from './ask-network.ts';
import { type CameraFollower, createCamera } from './camera.ts';
import { isDoubtful, kept } from './confidence.ts';
import { createPrints, type PrintTaker } from './copies/prints.ts';
import { createDetector, type Found, type OnSettled, tiled } from './detector.ts';
import { createDoubtBook, type Doubt, type DoubtBook, framesIn } from './doubts.ts';
import { openGrown } from './grown-file.ts';
import { seenHeight, seenWidth } from './history.ts';
import type { PassKeeper } from './keep-pass.ts';
import { createMeasures, type Measures } from './measures.ts';
import { withRoomyHeap } from './roomy-heap.ts';
import type { DetectorName, FoundTransition } from './schema.ts';
import type { StillKeeper } from './stills.ts';

export interface ReadOptions {
  /** Rational rate of the film. */
  fps: string;
  detector: DetectorName;
  /** 3:2 pulldown that is undone, so that no frame shows two shots. */
  pulldown?: Pulldown | undefined;
  /** What is known of its picture: else it is asked for. */
  video?: PictureFacts | undefined;
  /** Gets stills of each stretch that may be a shot; finished by whoever made it. */
  stills?: StillKeeper | undefined;
  /** Keeps what the pass has come to, where it gets stills too; closed by whoever made it. */
  keeper?: PassKeeper | undefined;
  /** Where the frames that the keeper's pass held begin. */
  seek?: StillsOptions['seek'];
  report: Report;
  /** Called for each frame with how many are done. */
  onFrames?: ((done: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** What one decoding pass over a film gives. */
export interface ReadFilm {
  found: Found;
  measures: Measures;
  prints: PrintTaker;
  camera: CameraFollower;
  /** Frames that the network looked at, as a share of all. */
  network: number;
}

/**
 * Finds the shots of a film and their cheap measures in one decoding pass. Memory does not grow with the picture's size, and
 * by 20 bytes a frame and 2.3 KB a second with its length.
 * @throws BacklotError `no-video`, `ffmpeg-failed`, `frame-torn`; with the exact detector what the engine reports
 */
export async function readFilm(path: string, options: ReadOptions): Promise<ReadFilm> {
  if (options.detector === 'exact') return readExactly(path, options);
  const { frames, found, ...measured } = await withRoomyHeap(() => pass(path, options));
  return { found: tiled(frames, found), ...measured, network: 0 };
}

async function readExactly(path: string, options: ReadOptions): Promise<ReadFilm> {
  return withScratch('doubts', async (folder) => {
    const kept = options.keeper?.doubts;
    const file = kept ?? (await openGrown(join(folder, 'frames.u8'), null));
    const book = createDoubtBook(file, options.keeper?.from?.doubts);
    const read = await withRoomyHeap(() => pass(path, options, book)).finally(() =>
      kept ? kept.written() : file.close(),
    );
    const { doubts } = book;
    const asked = await askNetwork(doubts, { ...options, folder, frames: file.path });
    const { frames, measures, prints, camera } = read;
    const found = tiled(frames, settled(read.found, doubts, asked));
    return { found, measures, prints, camera, network: framesIn(doubts) / Math.max(1, frames) };
  });
}

function settled(
  found: readonly FoundTransition[],
  doubts: readonly Doubt[],
  asked: readonly FoundTransition[],
): FoundTransition[] {
  const doubted = new Set(doubts.map((doubt) => doubt.found));
  return [...found.filter((one) => !doubted.has(one)), ...asked];
}

async function pass(path: string, options: ReadOptions, book?: DoubtBook) {
  const { pulldown, video, onFrames, signal, stills, keeper, seek } = options;
  const parts = workers(options, book);
  const { detector, measures, prints, camera } = parts;
  const kept = stills && { ...parts, stills };
  const look = { ...size, pulldown, video, signal };
  const take = (index: number, pixels: Buffer) => {
    const frame = detector.push(pixels);
    measures.add(frame);
    prints.add(frame.luma);
    camera.add(frame.luma);
    if (kept) keeper?.after(kept);
    onFrames?.(index + 1);
  };
  if (stills) await decodeWithStills(path, { ...look, stills: stills.options, seek }, take, stills.add);
  else await decodeFrames(path, look, take);
  const found = detector.finish();
  parts.end(found.frames);
  return { ...found, measures, prints, camera };
}

/** What works on the frames, from the first on or from where another pass had come to. */
function workers(options: ReadOptions, book: DoubtBook | undefined) {
  const rate = rateNumber(parseRate(options.fps));
  const from = options.keeper?.from;
  const frame = from?.detector.first ?? 0;
  const { next, ...parts } = partsBetween(options, from?.partFrom);
  const onSettled: OnSettled = (found, history) => {
    next(found, history.end);
    book?.onSettled(found, history);
  };
  return {
    detector: createDetector({ fps: rate, onSettled, from: from?.detector }),
    measures: createMeasures(from && { frame, rows: from.measures }),
    prints: createPrints(rate, from && { frame, pictures: from.prints }),
    camera: createCamera(rate, from && { frame, seen: from.camera }),
    ...{ ...parts, book },
  };
}

const size = {
  width: seenWidth,
  height: seenHeight,
  pixelFormat: 'rgb24',
  rough: true,
  lent: true,
} as const;

/** Tells the keeper of stills where shots may end: at what will be kept, and at what the network is asked about. */
function partsBetween({ detector, stills }: ReadOptions, start = 0) {
  let from = start;
  const close = (out: number, seen: number) => {
    if (out > from) stills?.close({ in: from, out }, seen);
  };
  const mayEnd = (one: FoundTransition) =>
    one.confidence >= kept || (detector === 'exact' && isDoubtful(one));
  return {
    next: (one: FoundTransition, seen: number) => {
      if (!mayEnd(one)) return;
      const [out, next] = one.type === 'cut' ? [one.end, one.end] : [one.start, one.end + 1];
      close(out, seen);
      from = Math.max(from, next);
    },
    end: (frames: number) => close(frames, frames),
    partFrom: () => from,
  };
}
