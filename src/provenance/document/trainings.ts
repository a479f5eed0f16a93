import { join } from 'node:path';
import { clipsOfWorlds } from '../../jobs/index.ts';
import type { ModelLineage } from '../schema.ts';
import { clipsFromPrior } from '../statement/clip-order.ts';
import { isNamedByContent, type TrainRecord, trainJobOf, trainRecordSchema } from '../train-job.ts';

/** A training of the model, or of one that it was made from. */
export interface TrainingFacts {
  model: ModelLineage;
  /** Null where its job is not here, or was changed after it was named. */
  job: TrainRecord | null;
  rehearsed: Rehearsed | null;
}

/** Clips beside the dataset's that each batch had, so that an adapter keeps what its base knows (ADR 0089). */
export interface Rehearsed {
  /** Of the folder of worlds; null where an older job names none. */
  sha256: string | null;
  /** How many it holds; null where they came with no Backlot that is known here. */
  clips: number | null;
  /** Of the clips of each batch. */
  aBatch: number;
}

export const trainingsOf = (runs: string, chain: readonly ModelLineage[]): Promise<TrainingFacts[]> =>
  Promise.all(chain.filter(({ snapshotId }) => snapshotId).map((model) => trainingOf(runs, model)));

async function trainingOf(runs: string, model: ModelLineage): Promise<TrainingFacts> {
  const { runId } = model;
  const found = runId === null ? null : await trainJobOf(join(runs, runId));
  const isWhole = found && runId !== null && isNamedByContent(runId, found);
  const job = (isWhole && trainRecordSchema.safeParse(found).data) || null;
  return { model, job, rehearsed: job && (await rehearsedIn(job)) };
}

async function rehearsedIn({ prior, batch }: TrainRecord): Promise<Rehearsed | null> {
  if (!prior) return null;
  const sha256 = prior.worlds?.sha256 ?? null;
  const clips = sha256 === null ? null : await clipsOfWorlds(sha256);
  return { sha256, clips, aBatch: clipsFromPrior({ batch, priorShare: prior.share }) };
}
