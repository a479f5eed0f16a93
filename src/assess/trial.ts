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

/** The base that the trials start from, as a model of the workspace. */
export type TrialBase = Pick<ModelRow, 'id' | 'path' | 'sha256'>;

interface Tried {
  run: EngineRunResult;
  snapshot: Pick<Snapshot, 'id'>;
  base: TrialBase;
  clips: number;
}

/** A trial has learned from the studio's films as every model has: it is kept among them, so that a withdrawal finds it. */
export async function keepTrial(context: Context, { run, snapshot, base, clips }: Tried): Promise<void> {
  const { path, sha256 } = artifactSchema.parse(run.outcome.result.model);
  await keepModel(context, {
    ...{
      id: await modelIdFor(context.db, sha256, snapshot.id),
      name: `trial on ${clips} clips of ${snapshot.id}`,
    },
    ...{ kind: 'trial', path: join(run.directory, path), sha256 },
    ...{ baseId: base.id, snapshotId: snapshot.id, runId: run.id, record: { clips } },
  });
}
