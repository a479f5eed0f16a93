import type { FoundTransition } from './schema.ts';

/** How sure of a fade: the rule for fades says no more. Cuts, dissolves and wipes have a chance of their own (`trees.ts`). */
export const clear = 0.95;
export const likely = 0.7;

/** What has less is no transition. */
export const kept = 0.5;

/** The network is asked about what lies between; what has less is not spoken of. Cuts are few and cost it little. */
const doubts = { cut: [0.04, 0.98], other: [0.1, 0.9] } as const;

type Sure = Pick<FoundTransition, 'type' | 'confidence'>;

const doubtsOf = ({ type }: Sure) => doubts[type === 'cut' ? 'cut' : 'other'];

export const isSpokenOf = (found: Sure): boolean => found.confidence >= doubtsOf(found)[0];

export const isDoubtful = (found: Sure): boolean =>
  isSpokenOf(found) && found.confidence < doubtsOf(found)[1];
