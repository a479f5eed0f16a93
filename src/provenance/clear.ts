import type { Job, PermittedSnapshot } from '../contract/index.ts';
import { clearSnapshot } from '../dataset/index.ts';
import type { Db } from '../db/index.ts';
import { clearedSnapshots } from '../trust/index.ts';

/** Decides again, before a run begins, on everything that it reads. @returns what its permit lists */
export const clearJob = (db: Db, job: Job): Promise<PermittedSnapshot[]> =>
  clearedSnapshots(job, (dataset, seal) => clearSnapshot({ db }, dataset, seal));
