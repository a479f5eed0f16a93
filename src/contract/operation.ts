/** What a long task tells people while it works. `done` and `total` count `unit`s. */
export interface Progress {
  phase: string;
  done: number;
  total: number;
  unit: string;
  etaSeconds?: number | null;
  note?: string;
  /** Something a person should know that is not a failure: shown on a line of its own, never left out. */
  notice?: string;
}

export type Report = (progress: Progress) => void;
