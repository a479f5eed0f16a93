import type { Range } from './schema.ts';

/** Enough: even the lower bound says that most briefs get a usable take among four. */
export const ENOUGH = 0.6;

export type Verdict = 'enough' | 'not enough' | 'cannot tell';

export function verdictOf(usableAt4: Range | null): Verdict {
  if (usableAt4 === null) return 'cannot tell';
  if (usableAt4.low >= ENOUGH) return 'enough';
  return usableAt4.high < ENOUGH ? 'not enough' : 'cannot tell';
}
