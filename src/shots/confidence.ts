import type { FoundTransition } from './schema.ts';

/** How sure of a fade: the rule for fades says no more. Cuts, dissolves and wipes have a chance of their own (`trees.ts`). */
export const clear = 0.95;
export const likely = 0.7;

/** What has less is no transition. */
export const kept = 0.5;

/** What has less is not spoken of: little may be made of a cut by the network, and of the others they are what was near. */
const spokenFrom = { cut: 0.04, other: 0.1 };
/** A surer cut is not doubted: in 80 composed films the network would undo two from here to .98 and mend none. */
const doubtTo = 0.9;

type Sure = Pick<FoundTransition, 'type' | 'confidence'>;

export const isSpokenOf = ({ type, confidence }: Sure): boolean =>
  confidence >= spokenFrom[type === 'cut' ? 'cut' : 'other'];

/** The network is asked about cuts alone: of dissolves it knows less than the forest (ADR 0085), of wipes nothing. */
export const isDoubtful = (found: Sure): boolean =>
  found.type === 'cut' && isSpokenOf(found) && found.confidence < doubtTo;
