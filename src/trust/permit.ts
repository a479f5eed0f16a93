import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BacklotError,
  type DatasetInput,
  type Job,
  type Permit,
  type PermittedSnapshot,
  permitSchema,
} from '../contract/index.ts';
import { signed } from './envelope.ts';
import { useFor } from './needs.ts';
import { type Policy, readPolicy } from './policy.ts';
import { runKey } from './run-key.ts';
import { forWhomOf, readSeal, refuseAlteredRecord, type SealedBy } from './seal.ts';

/** Decides again on all that a job reads, and says what its permit shall list. Throws where something is refused. */
export type ClearJob = (job: Job) => Promise<PermittedSnapshot[]>;

/** Decides again on one sealed snapshot, for what it was frozen for and for the use of the job. Throws where it may not be used. */
export type Clear = (dataset: DatasetInput, seal: SealedBy['seal'], use: string) => Promise<unknown>;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Every snapshot that a job reads. */
export function datasetsOf(job: Job): DatasetInput[] {
  if (job.kind === 'check') return job.training === null ? [] : [job.training];
  return 'dataset' in job ? [job.dataset] : [];
}

/** Only rendered worlds pass: what is enough where there is no ledger to decide again by (benches, bases). */
export const clearRendered: ClearJob = (job) => clearedSnapshots(job, mustBeRendered);

const mustBeRendered: Clear = async ({ path }, { basis }) => {
  if (basis === 'rendered') return;
  throw new BacklotError('not-cleared', {
    expected: 'rendered worlds, as no ledger is open to decide by',
    where: path,
    found: `a snapshot that a ${basis} decided`,
    remedy: 'Run it in the workspace that froze it.',
  });
};

/**
 * Decides again on every snapshot of a job, for the use that the job makes of it.
 * @returns what its permit will list
 * @throws BacklotError `policy-invalid`, `not-sealed`, `signature-invalid`, `snapshot-altered`, `decision-too-old`, what `clear` throws
 */
export async function clearedSnapshots(job: Job, clear: Clear): Promise<PermittedSnapshot[]> {
  const policy = await readPolicy();
  const snapshots: PermittedSnapshot[] = [];
  for (const dataset of datasetsOf(job)) {
    const { seal, sha256 } = await readSeal(dataset);
    await refuseAlteredRecord(dataset.path, seal);
    if (seal.decidedAt < oldest(policy)) throw tooOld(dataset.path, seal.decidedAt, policy);
    const use = useFor(job, seal.use);
    await clear(dataset, seal, use);
    snapshots.push({ snapshot: dataset.digest, seal: sha256, use, ...forWhomOf(seal) });
  }
  return snapshots;
}

/**
 * Writes `permit.json` beside a job: this run may read these snapshots.
 * @param jobText the bytes of `job.json`, which the permit is bound to
 * @returns the seed of the key that the permit names, for the engine's environment and nowhere else
 */
export async function issuePermit(
  directory: string,
  job: Job,
  jobText: string,
  snapshots: PermittedSnapshot[],
): Promise<string> {
  const policy = await readPolicy();
  const { seed, publicKey } = await runKey(job.id);
  const now = Date.now();
  const permit: Permit = {
    version: 1,
    run: job.id,
    job: createHash('sha256').update(jobText).digest('hex'),
    key: publicKey,
    snapshots,
    decidedSince: oldest(policy),
    issuedAt: new Date(now).toISOString(),
    expires: new Date(now + policy.permitMinutes * MINUTE_MS).toISOString(),
  };
  const text = await signed('application/vnd.backlot.permit+json', permitSchema.parse(permit));
  const path = join(directory, 'permit.json');
  await writeFile(`${path}.tmp`, text);
  await rename(`${path}.tmp`, path);
  return seed;
}

const oldest = ({ decisionDays }: Policy): string =>
  new Date(Date.now() - decisionDays * DAY_MS).toISOString();

const tooOld = (where: string, found: string, { decisionDays }: Policy) =>
  new BacklotError('decision-too-old', {
    expected: `rights decided within ${decisionDays} days`,
    where,
    found: `a decision of ${found}`,
    remedy: 'Freeze the dataset again.',
  });
