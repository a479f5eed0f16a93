import type { Still, StillOptions } from '../media/index.ts';
import { type Frame, type Lines, linesIn } from './bars.ts';
import { heldSeconds } from './detector.ts';
import type { Span } from './schema.ts';
import { type Gradients, gradientsOf, jpegOf, thumbnailSize, writeWhole } from './thumbnail.ts';

/** Seconds between two stills: a shot of one and a half seconds has three, from which its own bars are known. */
const apart = 0.5;
/** Stills that tell a file's bars, at least, and those that tell a shot's. */
const fewestOfFile = 24;
const fewestOfShot = 3;
/** Stills held of what lies further back than transitions are looked for: of a long shot its middle, roughly. */
const mostOld = 16;

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
  /** Within these frames nothing was found: a shot, or a part of one. Ends after ends given before. */
  close(part: Span): void;
  /** After the last still. @throws what writing throws */
  finish(): Promise<KeptStills>;
}

type Held = Pick<Still, 'index' | 'picture'> & { lines: Lines | null; ordinal: number };

/**
 * Memory is bounded: stills of the seconds that are not decided yet, sixteen of the shot that goes on, and some 20 KB a shot.
 * @param folder where pictures are written, one file each
 */
export function createStillKeeper(
  frame: Frame,
  { fps, frames, folder }: { fps: number; frames: number; folder: string },
): StillKeeper {
  const size = thumbnailSize(frame, frame.pixelAspect);
  const kept: KeptStills = { pictures: [], lines: [] };
  const parts: Span[] = [];
  const held = createHeld();
  const writer = pictureWriter(folder, size, held.giveBack);
  let done = 0;
  const keep = (part: Span) => {
    const taken = held.takeBefore(part.out);
    const own = taken.filter(({ index }) => index >= part.in);
    const middle = nearest(own, (part.in + part.out) >> 1);
    if (middle)
      kept.pictures.push({ ...writer.write(middle), gradients: gradientsOf(middle.picture, size, frame) });
    const count = Math.max(fewestOfShot, Math.ceil(fewestOfFile / ++done));
    for (const { index, lines } of evenly(own, count)) kept.lines.push({ index, lines });
    for (const one of taken) if (one !== middle) held.giveBack(one);
  };
  /** Stills come some frames after the frames that transitions are found in. */
  const keepUpTo = (end: number) => {
    while (parts[0] && parts[0].out <= end) keep(parts.shift() as Span);
  };
  return {
    options: { ...size, every: everyOf(fps, frames) },
    add: (still) => {
      keepUpTo(still.index);
      held.add(still, linesIn(still, frame), still.index - (heldSeconds + 1) * fps);
    },
    close: (part) => void parts.push(part),
    finish: async () => {
      keepUpTo(Number.POSITIVE_INFINITY);
      await writer.end();
      return kept;
    },
  };
}

/** Stills that may be wanted yet. Memory of those given back is used again: new pieces for each would keep the collector busy. */
function createHeld() {
  const spare: Buffer[] = [];
  const thinner = createThinner();
  let held: Held[] = [];
  let ordinal = 0;
  const giveBack = ({ picture }: Held) => void spare.push(picture);
  return {
    giveBack,
    /** @param old before it, fewer are held */
    add: ({ index, picture }: Still, lines: Lines | null, old: number) => {
      const own = spare.pop() ?? Buffer.allocUnsafeSlow(picture.length);
      picture.copy(own);
      held.push({ index, picture: own, lines, ordinal: ordinal++ });
      const left = new Set(thinner.thinned(held, old));
      for (const one of held) if (!left.has(one)) giveBack(one);
      held = [...left];
    },
    takeBefore: (out: number): Held[] => {
      const taken = held.filter(({ index }) => index < out);
      held = held.filter(({ index }) => index >= out);
      thinner.restart();
      return taken;
    },
  };
}

/** Writes pictures one after the other while the film is read. */
function pictureWriter(
  folder: string,
  size: { width: number; height: number },
  onWritten: (one: Held) => void,
) {
  let written = Promise.resolve();
  const write = (one: Held) => {
    const { index } = one;
    const file = `${folder}/${index}.jpg`;
    written = written.then(async () => {
      await writeWhole(await jpegOf(one.picture, size), file);
      onWritten(one);
    });
    written.catch(() => {});
    return { index, file };
  };
  return { write, end: () => written };
}

/** Frames between two stills: of a short film, so few that its bars are known. */
const everyOf = (fps: number, frames: number): number =>
  Math.max(1, Math.min(Math.round(apart * fps), Math.floor(frames / fewestOfFile)));

/** Leaves evenly spaced ones of those before `old`: every second, then every fourth, and so on until a part ends. */
function createThinner() {
  let stride = 1;
  const isOf = (old: number) => (one: Held) => one.index >= old || one.ordinal % stride === 0;
  return {
    restart: () => {
      stride = 1;
    },
    thinned: (held: Held[], old: number): Held[] => {
      const left = held.filter(isOf(old));
      if (left.filter(({ index }) => index < old).length <= mostOld) return left;
      stride *= 2;
      return left.filter(isOf(old));
    },
  };
}

export const nearest = <T extends { index: number }>(some: readonly T[], middle: number): T | undefined =>
  some.toSorted((a, b) => Math.abs(a.index - middle) - Math.abs(b.index - middle))[0];

const evenly = <T>(all: readonly T[], count: number): T[] =>
  all.length <= count
    ? [...all]
    : Array.from({ length: count }, (_, i) => all[Math.floor(((i + 0.5) * all.length) / count)] as T);
