import type { Still } from '../media/index.ts';
import type { Lines } from './bars.ts';
import { createPictureFile } from './picture-file.ts';
import type { Span } from './schema.ts';

/** A still that is held, with its place among all. Its picture lies in a file. */
export interface Held {
  index: number;
  lines: Lines | null;
  ordinal: number;
  /** Place of the picture in the file. */
  slot: number;
}

type Whole = Omit<Held, 'slot'> & { picture: Buffer };

/** What is held at a moment: another holder goes on from it with the stills that come then. */
export interface HeldState {
  held: Whole[];
  /** Every so manieth of the old ones is left. */
  stride: number;
  /** End of the last part that was taken. */
  keptTo: number;
  /** Stills that came, and the frame of the last. */
  ordinal: number;
  last: number;
}

const nothing: HeldState = { held: [], stride: 1, keptTo: 0, ordinal: 0, last: 0 };

/** Stills held of what lies further back than transitions are looked for: of a long shot its middle, roughly. */
const mostOld = 16;

/**
 * Holds the stills of what is not decided yet, and few of the shot that goes on.
 * @param from what another held: a still that it had taken already may come once more
 * @param old frames behind the still that comes from which on few are held
 */
export function createHolder(from: HeldState = nothing, old: number) {
  const { put, whole, ...pictures } = inFile();
  let [held, keptTo] = [from.held.map(put), from.keptTo];
  const came: number[] = [];
  const thinner = createThinner(from.stride);
  const hold = (left: Held[]) => {
    const stay = new Set(left);
    for (const one of held) if (!stay.has(one)) pictures.giveBack(one);
    held = left;
  };
  return {
    ...pictures,
    /** The picture is copied. */
    add: ({ index, picture }: Pick<Still, 'index' | 'picture'>, lines: Lines | null) => {
      const ordinal = from.ordinal + came.push(index) - 1;
      if (index >= keptTo) held.push(put({ index, picture, lines, ordinal }));
      hold(thinner.thinned(held, index - old));
    },
    /** Gives those of a part, to be given back, and forgets all before its end. */
    take: (part: Span): Held[] => {
      const [before, after] = [
        held.filter(({ index }) => index < part.out),
        held.filter(({ index }) => index >= part.out),
      ];
      const own = before.filter(({ index }) => index >= part.in);
      for (const one of before) if (one.index < part.in) pictures.giveBack(one);
      [held, keptTo] = [after, part.out];
      thinner.restart();
      return own;
    },
    /** Of the stills before a frame; null where not all of them have come yet. */
    state: (before: number): HeldState | null => {
      if (!((came.at(-1) ?? -1) >= before)) return null;
      const own = came.filter((index) => index < before);
      const [some, last] = [held.filter(({ index }) => index < before), own.at(-1) ?? from.last];
      const ordinal = from.ordinal + own.length;
      return { held: some.map(whole), stride: thinner.stride(), keptTo, ordinal, last };
    },
  };
}

export type Holder = ReturnType<typeof createHolder>;

/** Where the pictures of those that are held wait. */
function inFile() {
  const pictures = createPictureFile();
  /** @returns its bytes, which hold until the next picture is read */
  const pictureOf = ({ slot }: Held): Buffer => pictures.read(slot);
  return {
    put: ({ picture, ...one }: Whole): Held => ({ ...one, slot: pictures.add(picture) }),
    whole: ({ slot, ...one }: Held): Whole => ({ ...one, picture: Buffer.from(pictures.read(slot)) }),
    pictureOf,
    giveBack: ({ slot }: Held) => pictures.giveBack(slot),
    close: pictures.close,
  };
}

/** Leaves evenly spaced ones of those before `old`: every second, then every fourth, and so on until a part ends. */
function createThinner(from: number) {
  let stride = from;
  const isOf = (old: number) => (one: Held) => one.index >= old || one.ordinal % stride === 0;
  return {
    stride: () => stride,
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
