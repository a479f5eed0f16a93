import { align, HOPELESS, type Laid, lay, type Pair } from './align.ts';
import { LEAST_LIKENESS, likeliest, nearTheLikeliest, type Place, sharedMoments } from './coarse.ts';
import { distanceOf, UNRELATED } from './distance.ts';
import { CELLS, STRIDE, type Window } from './grid.ts';
import type { Looks } from './print.ts';
import { spentOf } from './spent.ts';

export interface Print {
  take: string;
  /** moments x CELLS */
  cells: Uint8Array;
  /** moments x BLOCKS: `blocksOf` the cells */
  blocks: Float32Array;
}

export interface Candidate extends Print, Place {}

export interface Match {
  take: string;
  distance: number;
  /** What of the take's picture the file shows. */
  window: Window;
  /** The look at which the take's first moment lies; below 0 where the file begins later. */
  at: number;
  moments: number;
}

/** Fingerprints that are looked at closely: more than the takes of one brief that are alike in blocks. */
const CLOSELY = 24;
/** Moments that a first fit is made of. */
const GLIMPSES = 3;
/** How far the place in time is moved, a look at a time, while that makes it nearer. */
const LONGEST_WAY = 4;

/** The likeliest of `kept` and of further fingerprints, the likeliest first. */
export function likelier(
  looks: Looks,
  prints: readonly Print[],
  kept: readonly Candidate[] = [],
): Candidate[] {
  const found = prints.flatMap((print) => {
    const place = likeliest(print.blocks, looks.blocks);
    return place && place.likeness >= LEAST_LIKENESS ? [{ ...print, ...place }] : [];
  });
  return nearTheLikeliest([...kept, ...found], CLOSELY);
}

/** Compares closely, the nearest first. */
export const compared = (looks: Looks, candidates: readonly Candidate[]): Match[] =>
  candidates.map((candidate) => compare(looks, candidate)).sort((a, b) => a.distance - b.distance);

function compare(looks: Looks, candidate: Candidate): Match {
  const { take, cells } = candidate;
  const { at, laid } = placesOf(candidate)
    .map((place) => glimpsed(looks, cells, place))
    .reduce((a, b) => (b.laid.unlike < a.laid.unlike ? b : a));
  const moments = laid.record.length / CELLS;
  const distance = laid.unlike > HOPELESS ? UNRELATED : distanceOf(laid);
  return { take, distance, window: laid.window, at, moments };
}

/** Where blocks are likest; and the file's beginning, because a crop of a zoom is as like as a later moment of it. */
const placesOf = ({ at }: Candidate): number[] => (at === 0 ? [0] : [at, 0]);

/** Fits a few moments first, and all of them where that is not hopeless. */
function glimpsed(looks: Looks, cells: Uint8Array, first: number): { at: number; laid: Laid } {
  const pairs = pairsAt(looks, cells, first);
  const step = Math.max(1, (pairs.length - 1) / (GLIMPSES - 1));
  const few = Array.from({ length: GLIMPSES }, (_, n) => pairs[Math.floor(n * step)]).filter(
    (pair) => pair !== undefined,
  );
  const glimpse = align(few);
  if (glimpse.unlike > HOPELESS) return { at: first, laid: glimpse };
  const laid = align(pairs, glimpse.window);
  const at = nearestPlace(looks, cells, first, laid.window, laid.unlike);
  return { at, laid: at === first ? laid : align(pairsAt(looks, cells, at), laid.window) };
}

/** Moves along the file as long as the next look is nearer. */
function nearestPlace(
  looks: Looks,
  cells: Uint8Array,
  first: number,
  window: Window,
  unlike: number,
): number {
  const unlikeAt = (at: number): number => {
    const pairs = pairsAt(looks, cells, at);
    return pairs.length === 0 ? 1 : lay(pairs, window).unlike;
  };
  const [before, after] = [unlikeAt(first - 1), unlikeAt(first + 1)];
  const step = before < after ? -1 : 1;
  let [at, least, next] = [first, unlike, Math.min(before, after)];
  while (next < least && Math.abs(at - first) < LONGEST_WAY) {
    at += step;
    least = next;
    next = unlikeAt(at + step);
  }
  return at;
}

function pairsAt({ sums }: Looks, cells: Uint8Array, at: number): Pair[] {
  const [from, to] = sharedMoments(cells.length / CELLS, sums.length, at);
  return Array.from({ length: Math.max(0, to - from) }, (_, n) => {
    const picture = sums[at + (from + n) * STRIDE] as Int32Array;
    const moment = cells.subarray((from + n) * CELLS, (from + n + 1) * CELLS);
    let spent: Int32Array | undefined;
    return { cells: moment, sums: picture, spent: () => (spent ??= spentOf(picture)) };
  });
}
