import { align, HOPELESS, type Pair } from './align.ts';
import { BLOCKS, correlation, LEAST_LIKENESS, nearTheLikeliest } from './coarse.ts';
import { distanceOf, UNRELATED } from './distance.ts';
import { CELLS, STRIDE, type Window } from './grid.ts';
import type { Match, Print } from './match.ts';
import type { Looks } from './print.ts';
import { spentOf } from './spent.ts';

/** A single picture beside the moments of fingerprints (ADR 0176). It has no movement to tell takes apart by, so more are alike. */

/** A moment of a take that a picture may be of. */
export interface Moment {
  take: string;
  moment: number;
  /** Of all moments: moments x CELLS. */
  cells: Uint8Array;
  /** Correlation of blocks, -1..1. */
  likeness: number;
}

/** Moments that are looked at closely: of one take neighbours are alike, and of one brief takes. */
const CLOSELY = 48;
/** Moments of one take among them: what lies between two of them may be nearer to either. */
const OF_A_TAKE = 2;

/** The likeliest moments of `kept` and of further fingerprints, the likeliest first. */
export function likelierMoments(
  { blocks }: Looks,
  prints: readonly Print[],
  kept: readonly Moment[] = [],
): Moment[] {
  const found = prints.flatMap((print) => momentsOf(print, blocks));
  return nearTheLikeliest([...kept, ...found], CLOSELY);
}

function momentsOf({ take, cells, blocks }: Print, picture: Float32Array): Moment[] {
  const count = cells.length / CELLS;
  const all = Array.from({ length: count }, (_, moment) => {
    const likeness = correlation(blocks.subarray(moment * BLOCKS, (moment + 1) * BLOCKS), picture, 0);
    return { take, moment, likeness };
  });
  return all
    .filter(({ likeness }) => likeness >= LEAST_LIKENESS)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, OF_A_TAKE)
    .map((one) => ({ ...one, cells }));
}

/** Compares closely, the nearest first; of each take its nearest moment. */
export function comparedMoments({ sums }: Looks, moments: readonly Moment[]): Match[] {
  const picture = sums[0] as Int32Array;
  const matches = moments.map((one) => matchOf(one, picture)).sort((a, b) => a.distance - b.distance);
  const nearest = new Map<string, Match>();
  for (const match of matches) if (!nearest.has(match.take)) nearest.set(match.take, match);
  return [...nearest.values()];
}

/** Beside the moment itself, and beside what lies between it and the one before or behind: every second frame is kept. */
function matchOf({ take, moment, cells }: Moment, picture: Int32Array): Match {
  const at = (n: number) => cells.subarray(n * CELLS, (n + 1) * CELLS);
  const laid = align([pairOf(picture, at(moment))]);
  const match = { take, window: laid.window, at: 0 - moment * STRIDE, moments: 1 };
  if (laid.unlike > HOPELESS) return { ...match, distance: UNRELATED };
  const beside = [moment - 1, moment + 1].filter((n) => n >= 0 && n * CELLS < cells.length);
  const between = beside.map((n) => distanceBetween(picture, laid.window, at(moment), at(n)));
  return { ...match, distance: Math.min(distanceOf(laid), ...between) };
}

/**
 * The distance of a picture from all that lies between two moments: while something moves by less than a cell, each cell is as in the one, as
 * in the other, or between the two.
 */
function distanceBetween(picture: Int32Array, window: Window, one: Uint8Array, other: Uint8Array): number {
  const middle = one.map((value, i) => (value + (other[i] as number)) / 2);
  const laid = align([pairOf(picture, middle)], window);
  const record = laid.record.map((_, i) => {
    const [a, b] = [one[i] as number, other[i] as number];
    const shown = laid.gain * (laid.picture[i] as number) + laid.offset;
    return Math.min(Math.max(a, b), Math.max(Math.min(a, b), shown));
  });
  return distanceOf({ ...laid, record });
}

function pairOf(sums: Int32Array, cells: Uint8Array): Pair {
  let spent: Int32Array | undefined;
  return { cells, sums, spent: () => (spent ??= spentOf(sums)) };
}
