/** What a long task tells people while it works. `done` and `total` count `unit`s. */
export interface Progress {
  phase: string;
  done: number;
  total: number;
  unit: string;
  etaSeconds?: number | null;
  note?: string;
}

export type Report = (progress: Progress) => void;
