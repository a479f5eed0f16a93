import { wilson } from './interval.ts';
import type { Interval } from './schema.ts';

const tries = 4;

export interface Rates {
  briefs: number;
  usable: Interval;
  usableAt4: Interval;
}

/**
 * How often one arm is usable, from its briefs' takes in the order of their candidates (true: usable).
 * `usable` is the mean over briefs of the share of usable takes; `usableAt4` the share of briefs with one among the
 * first four. Both intervals are Wilson's with the briefs as trials: takes of one brief are not independent, and a
 * share between 0 and 1 varies less than a yes or no, so that of `usable` is rather too wide than too narrow.
 * @returns null where there is no brief with a take
 */
export function usableRates(briefs: readonly (readonly boolean[])[]): Rates | null {
  const judged = briefs.filter((takes) => takes.length > 0);
  if (judged.length === 0) return null;
  const shares = judged.map((takes) => takes.filter(Boolean).length / takes.length);
  const found = judged.filter((takes) => takes.slice(0, tries).some(Boolean)).length;
  const sum = shares.reduce((total, share) => total + share, 0);
  return {
    briefs: judged.length,
    usable: wilson(Math.min(sum, judged.length), judged.length),
    usableAt4: wilson(found, judged.length),
  };
}
