import { type PictureFacts, rgbOf, type Still, type StillOptions, weightsOf } from '../media/index.ts';
import { type Frame, type Lines, linesIn } from './bars.ts';
import { heldSeconds } from './detector.ts';
import { createHolder, type Held, type HeldState, type Holder } from './held-stills.ts';
import type { Span } from './schema.ts';
import { type Gradients, gradientsOf, jpegEncoder, thumbnailSize, writeWhole } from './thumbnail.ts';

/** Seconds between two stills: a shot of one and a half seconds has three, from which its own bars are known. */
const apart = 0.5;
/** Stills that tell a file's bars, at least, and those that tell a shot's. */
const fewestOfFile = 24;
const fewestOfShot = 3;
/**
 * Frames by which stills may come before the small frames, at most: what lies in pipes and buffers is a third of it. So it does not
 * depend on the machine's load which stills are held where a part ends.
 */
const lead = 64;

/** A frame that may become the thumbnail of a shot. */
export interface KeptPicture {
  index: number;
  /** JPEG. */
  file: string;
  gradients: Gradients;
}

/** What is kept of stills: some pictures, and what more of them say of bars (null: too dark to tell). In order. */
export interface KeptStills {
  pictures: KeptPicture[];
  lines: { index: number; lines: Lines | null }[];
}

/** Takes stills while it is not known yet where shots end, and keeps few of them. */
export interface StillKeeper {
  /** What the pass is to give. */
  options: StillOptions;
  add(still: Still): void;
  /**
   * Within these frames nothing was found: a shot, or a part of one. Ends after ends given before.
   * @param seen frames that had been looked at when that was known; without it, the part's stills end where it does
   */
  close(part: Span, seen?: number): void;
  /** After the last still. @throws what writing throws */
  finish(): Promise<KeptStills>;
  /** What the stills before a frame have led to; null where not all of them have come yet. */
  state(before: number): KeeperState | null;
  /** Waits until the pictures kept so far are written. @throws what writing throws */
  written(): Promise<void>;
  /** Lets go of what is held; to be called in any case, once nothing is written any more. */
  end(): void;
}

/** What a keeper has come to: another goes on from it with the stills that come then. */
export interface KeeperState extends HeldState {
  kept: KeptStills;
  /** Parts that are closed, and the still from which on each is kept. */
  parts: (Span & { due: number })[];
  /** Parts kept. */
  done: number;
}

interface KeeperOptions {
  fps: number;
  frames: number;
  /** What is known of the film's picture: by which matrix it is coded. */
  video: PictureFacts;
  folder: string;
  from?: KeeperState | undefined;
}

/**
 * Memory is bounded by some 20 KB a shot, and a file by the stills of the seconds that are not decided yet and sixteen of the shot that goes on.
 * @param folder where pictures are written, one file each
 */
export function createStillKeeper(frame: Frame, options: KeeperOptions): StillKeeper {
  const { fps, frames, from } = options;
  const size = thumbnailSize(frame, frame.pixelAspect);
  const parts = [...(from?.parts ?? [])];
  const holder = createHolder(from, (heldSeconds + 1) * fps + lead);
  const keeping = keeperOfParts(frame, { ...options, holder });
  /** Stills come some frames after the frames that transitions are found in, or before. */
  const keepUpTo = (end: number) => {
    for (; parts[0] && parts[0].due <= end; parts.shift()) keeping.keep(parts[0], holder.take(parts[0]));
  };
  return {
    options: { ...size, every: everyOf(fps, frames) },
    add: (still) => {
      keepUpTo(still.index);
      holder.add(still, linesIn(still, frame));
    },
    close: (part, seen) => void parts.push({ ...part, due: seen === undefined ? part.out : seen + lead }),
    finish: async () => {
      keepUpTo(Number.POSITIVE_INFINITY);
      await keeping.written();
      return keeping.kept;
    },
    state: (before) => {
      const held = holder.state(before);
      return held && { ...held, kept: keeping.kept, parts: [...parts], done: keeping.done() };
    },
    written: keeping.written,
    end: holder.close,
  };
}

interface PartOptions extends Pick<KeeperOptions, 'folder' | 'from' | 'video'> {
  holder: Pick<Holder, 'pictureOf' | 'giveBack'>;
}

/** Keeps of each part the still nearest its middle, and what some say of bars. */
function keeperOfParts(frame: Frame, { folder, from, holder, video }: PartOptions) {
  const size = thumbnailSize(frame, frame.pixelAspect);
  const weights = weightsOf(video);
  const rgb = (one: Held) => rgbOf(holder.pictureOf(one), size, weights);
  const writer = pictureWriter(folder, size, { rgb, giveBack: holder.giveBack });
  const luma = new Float32Array(size.width * size.height);
  const { pictures = [], lines: looks = [] } = from?.kept ?? {};
  const kept: KeptStills = { pictures: [...pictures], lines: [...looks] };
  let done = from?.done ?? 0;
  const keep = (part: Span, own: readonly Held[]) => {
    const middle = nearest(own, (part.in + part.out) >> 1);
    if (middle) {
      const gradients = gradientsOf(rgb(middle), size, frame, luma);
      kept.pictures.push({ ...writer.write(middle), gradients });
    }
    const count = Math.max(fewestOfShot, Math.ceil(fewestOfFile / ++done));
    for (const { index, lines } of evenly(own, count)) kept.lines.push({ index, lines });
    for (const one of own) if (one !== middle) holder.giveBack(one);
  };
  return { kept, keep, done: () => done, written: writer.end };
}

/** Where the picture of a frame lies until it is known whose it is. */
export const pictureFile = (folder: string, index: number): string => `${folder}/${index}.jpg`;

/** Writes pictures one after the other while the film is read. */
function pictureWriter(
  folder: string,
  size: { width: number; height: number },
  { rgb, giveBack }: { rgb: (one: Held) => Uint8Array; giveBack: (one: Held) => void },
) {
  let written = Promise.resolve();
  let encoder: ReturnType<typeof jpegEncoder> | undefined;
  const write = (one: Held) => {
    const { index } = one;
    const file = pictureFile(folder, index);
    written = written.then(async () => {
      encoder ??= jpegEncoder(size);
      await writeWhole(await encoder(rgb(one)), file);
      giveBack(one);
    });
    written.catch(() => {});
    return { index, file };
  };
  return { write, end: () => written };
}

/** Frames between two stills: of a short film, so few that its bars are known. */
const everyOf = (fps: number, frames: number): number =>
  Math.max(1, Math.min(Math.round(apart * fps), Math.floor(frames / fewestOfFile)));

export const nearest = <T extends { index: number }>(some: readonly T[], middle: number): T | undefined =>
  some.toSorted((a, b) => Math.abs(a.index - middle) - Math.abs(b.index - middle))[0];

const evenly = <T>(all: readonly T[], count: number): T[] =>
  all.length <= count
    ? [...all]
    : Array.from({ length: count }, (_, i) => all[Math.floor(((i + 0.5) * all.length) / count)] as T);
