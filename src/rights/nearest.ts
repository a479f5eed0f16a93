import type { Miss } from './schema.ts';

/** A permission with every dimension in which it does not reach what is asked. */
interface Missing {
  id: string;
  misses: readonly Miss[];
}

const unmeasured = ({ misses }: Missing): number => misses.filter(({ days }) => days === null).length;
const daysIn = ({ misses }: Missing): number => misses.reduce((sum, { days }) => sum + (days ?? 0), 0);

/** The one that fails in the fewest dimensions, then in the fewest that no days measure, then by the fewest days. */
export const nearestOf = <T extends Missing>(tried: readonly T[]): T | undefined =>
  tried.toSorted(
    (a, b) =>
      a.misses.length - b.misses.length ||
      unmeasured(a) - unmeasured(b) ||
      daysIn(a) - daysIn(b) ||
      (a.id < b.id ? -1 : 1),
  )[0];
