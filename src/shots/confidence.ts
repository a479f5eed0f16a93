/** How sure a finding is; the network is asked about what lies between. */
export const clear = 0.95;
export const likely = 0.7;
export const possible = 0.3;

/** What has less is no transition. */
export const kept = 0.5;

export const isDoubtful = ({ confidence }: { confidence: number }): boolean =>
  confidence > 0 && confidence < clear;
