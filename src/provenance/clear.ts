import type { Job, PermittedSnapshot } from '../contract/index.ts';
import { clearForRun } from '../dataset/index.ts';
import type { Db } from '../db/index.ts';
import { clearDrawing } from '../generate/index.ts';
import { refuseBlocked } from '../train/index.ts';
import { clearedSnapshots, datasetsOf } from '../trust/index.ts';
import { checkpointsOf, modelInputsOf } from './blocks.ts';
import { modelIds, snapshotIds } from './items.ts';
import { clearLeaving } from './leaving.ts';
import { runsReadBy } from './reach-runs.ts';

/**
 * Decides again, before a run begins, on everything that it reads: snapshots by the ledger in force, snapshots and models by
 * what withdrawals have blocked, what runs have left by whether they were reached, and where takes are drawn, or an adapter leaves, the shots behind its models.
 * @returns what the run's permit lists
 */
export async function clearJob(db: Db, job: Job): Promise<PermittedSnapshot[]> {
  const paths = datasetsOf(job).map(({ path }) => path);
  const models = modelInputsOf(job).map(({ path, sha256 }) => ({ path, sha256 }));
  const left = [...runsReadBy(job), ...checkpointsOf(job)];
  await refuseBlocked(db, [...(await snapshotIds(db, paths)), ...(await modelIds(db, models)), ...left]);
  if (job.kind === 'generate') await clearDrawing(db, models);
  if (job.kind === 'export-adapter') await clearLeaving(db, models);
  return clearedSnapshots(job, (dataset, seal, use) => clearForRun({ db }, dataset, seal, use));
}
