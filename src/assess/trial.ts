import { join } from 'node:path';
import type { Snapshot } from '../dataset/index.ts';
import {
  artifactSchema,
  type Context,
  type EngineRunResult,
  keepModel,
  type ModelRow,
  modelIdFor,
} from '../jobs/index.ts';
import { recordStanding, type Standing } from '../rights/index.ts';
import { forgetLearned } from './purge.ts';

/** The base that the trials start from, as a model of the workspace. */
export type TrialBase = Pick<ModelRow, 'id' | 'path' | 'sha256'>;

interface Tried {
  run: EngineRunResult;
  snapshot: Pick<Snapshot, 'id' | 'digest'>;
  base: TrialBase;
  clips: number;
  by: Standing;
}

/** A trial has learned from the studio's films as every model has: it is kept among them, so that a withdrawal finds it. */
export async function keepTrial(context: Context, { run, snapshot, base, clips, by }: Tried): Promise<void> {
  const { path, sha256 } = artifactSchema.parse(run.outcome.result.model);
  const { db, who } = context;
  const weights = join(run.directory, path);
  const trial = {
    ...{ id: await modelIdFor(db, sha256, snapshot.id), name: `trial on ${clips} clips of ${snapshot.id}` },
    ...{ kind: 'trial', path: weights, sha256 },
    ...{ baseId: base.id, snapshotId: snapshot.id, runId: run.id, record: { clips } },
  };
  try {
    await recordStanding(db, by, run.mustStand, (tx) => keepModel({ db: tx, who }, trial));
  } catch (error) {
    if (!run.reused) await forgetLearned(context, by, { weights, snapshot: snapshot.digest });
    throw error;
  }
}
