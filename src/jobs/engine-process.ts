import type { Job, Outcome, RunEvent } from '../contract/index.ts';

export interface EngineRunResult {
  id: string;
  directory: string;
  outcome: Outcome;
}

/**
 * The one door to Python. `key` says what the run is for: a run with this key that has succeeded is not run again,
 * one without an outcome goes on in its directory from its newest whole checkpoint.
 */
export interface EngineRunner {
  run(key: string, job: Job, onEvent?: (event: RunEvent) => void): Promise<EngineRunResult>;
}
