import { gapsOf } from '../media/index.ts';

/** A film seldom has more reels: a title whose first number is higher counts from there, such as 101. */
const mostReels = 20;

/** Numbers that no reel of a title has, from 1 or where it counts from up to its last, as stretches `[from, to]`. */
export function missingReels(reels: readonly number[]): [number, number][] {
  const numbers = [...new Set(reels)].sort((a, b) => a - b);
  const isFromOne = (numbers[0] ?? 1) <= mostReels;
  return gapsOf(isFromOne ? [0, ...numbers.filter((reel) => reel > 0)] : numbers);
}
