/** How sure of a fade: the rule for fades says no more. Cuts, dissolves and wipes have a chance of their own (`trees.ts`). */
export const clear = 0.95;
export const likely = 0.7;

/** What has less is no transition. */
export const kept = 0.5;

/** The network is asked about what lies between; what has less is not spoken of. */
export const doubtFrom = 0.1;
const doubtTo = 0.9;

export const isDoubtful = ({ confidence }: { confidence: number }): boolean =>
  confidence >= doubtFrom && confidence < doubtTo;
