import type { Still } from '../media/index.ts';
import type { Lines } from './bars.ts';
import type { Span } from './schema.ts';

/** A still that is held, with its place among all. */
export type Held = Pick<Still, 'index' | 'picture'> & { lines: Lines | null; ordinal: number };

/** What is held at a moment: another holder goes on from it with the stills that come then. */
export interface HeldState {
  held: Held[];
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
 * Holds the stills of what is not decided yet, and few of the shot that goes on. Memory of those given back is used again: new pieces
 * for each would keep the collector busy.
 * @param from what another held: a still that it had taken already may come once more
 * @param old frames behind the still that comes from which on few are held
 */
export function createHolder(from: HeldState = nothing, old: number) {
  let [held, keptTo] = [[...from.held], from.keptTo];
  const came: number[] = [];
  const thinner = createThinner(from.stride);
  const spare = createSpare();
  const hold = (left: Held[]) => {
    const stay = new Set(left);
    for (const one of held) if (!stay.has(one)) spare.giveBack(one);
    held = left;
  };
  return {
    giveBack: spare.giveBack,
    /** The picture is copied. */
    add: ({ index, picture }: Pick<Still, 'index' | 'picture'>, lines: Lines | null) => {
      const ordinal = from.ordinal + came.push(index) - 1;
      if (index >= keptTo) held.push({ index, picture: spare.copyOf(picture), lines, ordinal });
      hold(thinner.thinned(held, index - old));
    },
    /** Gives those of a part, to be given back, and forgets all before its end. */
    take: (part: Span): Held[] => {
      const [before, after] = [
        held.filter(({ index }) => index < part.out),
        held.filter(({ index }) => index >= part.out),
      ];
      const own = before.filter(({ index }) => index >= part.in);
      for (const one of before) if (one.index < part.in) spare.giveBack(one);
      [held, keptTo] = [after, part.out];
      thinner.restart();
      return own;
    },
    /** Of the stills before a frame; null where not all of them have come yet. */
    state: (before: number): HeldState | null => {
      if (!((came.at(-1) ?? -1) >= before)) return null;
      const own = came.filter((index) => index < before);
      return {
        ...{ held: held.filter(({ index }) => index < before), stride: thinner.stride(), keptTo },
        ...{ ordinal: from.ordinal + own.length, last: own.at(-1) ?? from.last },
      };
    },
  };
}

/** Pictures whose memory is free again. */
function createSpare() {
  const spare: Buffer[] = [];
  return {
    giveBack: ({ picture }: Held) => void spare.push(picture),
    copyOf: (picture: Buffer): Buffer => {
      const own = spare.pop() ?? Buffer.allocUnsafeSlow(picture.length);
      picture.copy(own);
      return own;
    },
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
