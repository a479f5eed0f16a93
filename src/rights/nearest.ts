import type { Miss } from './schema.ts';

/** A permission with every dimension in which it does not reach what is asked. */
interface Missing {
  id: string;
  misses: readonly Miss[];
}

const daysIn = ({ misses }: Missing): number => misses.reduce((sum, { days }) => sum + (days ?? 0), 0);

/** The one that fails in the fewest dimensions, then by the fewest days. */
export const nearestOf = <T extends Missing>(tried: readonly T[]): T | undefined =>
  tried.toSorted(
    (a, b) => a.misses.length - b.misses.length || daysIn(a) - daysIn(b) || (a.id < b.id ? -1 : 1),
  )[0];
