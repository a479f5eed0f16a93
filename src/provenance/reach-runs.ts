import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Job } from '../contract/index.ts';
import type { Reached, ReachedModel, Sharer } from './reach.ts';
import type { Touched } from './schema.ts';

/**
 * Runs whose job reads a touched snapshot or model, by the hashes in it, and their checkpoints; then those that read what such a run
 * has left, by its folder: takes made crisp, a training that went on.
 * @param drew runs that drew takes which were given something reached, each with the first of these: their folders hold the raw frames
 * @param shared of hashes that others have too, all that have it
 */
export async function runsOf(
  folder: string,
  touched: readonly Reached[],
  { models, drew }: { models: readonly ReachedModel[]; drew: ReadonlyMap<string, string> },
  shared: ReadonlyMap<string, readonly Sharer[]>,
): Promise<Touched[]> {
  const byHash = new Map(touched.map(({ sha256, id }) => [sha256, id]));
  const ids = new Set(touched.map(({ id }) => id));
  const jobs = await jobsIn(folder, (text, hash) => isOfReached(text, shared.get(hash) ?? [], ids));
  const via = new Map<string, string>();
  for (const [id, { hashes }] of jobs) {
    const found = hashes.map((hash) => byHash.get(hash)).find(Boolean);
    if (found !== undefined) via.set(id, found);
  }
  // A model may be reached where the snapshot that its run read is not.
  for (const { id, run } of models) if (run !== null && jobs.has(run) && !via.has(run)) via.set(run, id);
  for (const [run, take] of drew) if (jobs.has(run) && !via.has(run)) via.set(run, take);
  followOn(jobs, via);
  return [...via].sort().flatMap(([id, by]) => withCheckpoints(folder, id, by));
}

/**
 * Whether a job that names a hash reads something reached: where others have the hash too, the folder tells; one that is none of theirs, as
 * when a workspace was moved, may be anybody's.
 */
function isOfReached(text: string, sharers: readonly Sharer[], reached: ReadonlySet<string>): boolean {
  const named = sharers.filter(({ path }) => text.includes(JSON.stringify(path)));
  return named.length === 0 || named.some(({ id }) => reached.has(id));
}

/** What the job of a run reads: hashes of files, and folders of runs. */
interface Reads {
  hashes: string[];
  runs: string[];
}

const found = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, group = '']) => group);

/** The runs from whose folders a job reads, whatever they have left there. */
export const runsReadBy = (job: Job): Pick<Touched, 'kind' | 'id'>[] =>
  [...new Set(found(JSON.stringify(job), RUN))].map((id) => ({ kind: 'run', id }));

/** Thousands of small files: read at once each, which costs a sixth of the processor time that waiting for each does; `join` a fifth of it. */
async function jobsIn(
  folder: string,
  counts: (text: string, hash: string) => boolean,
): Promise<Map<string, Reads>> {
  const jobs = new Map<string, Reads>();
  for (const id of (await readdir(folder).catch(() => [])).sort()) {
    const text = jobText(`${folder}${sep}${id}${sep}job.json`);
    const hashes = found(text, HASH).filter((hash) => counts(text, hash));
    jobs.set(id, { hashes, runs: found(text, RUN) });
  }
  return jobs;
}

function jobText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Adds the runs that read what one of these has left, over any number of steps. */
function followOn(jobs: ReadonlyMap<string, Reads>, via: Map<string, string>): void {
  for (let before = -1; before !== via.size; ) {
    before = via.size;
    for (const [id, { runs }] of jobs) {
      const run = runs.find((one) => via.has(one));
      if (run !== undefined && run !== id && !via.has(id)) via.set(id, run);
    }
  }
}

/** A run with the checkpoints in its folder. */
function withCheckpoints(folder: string, id: string, via: string): Touched[] {
  const checkpoints = join(folder, id, 'checkpoints');
  const names = existsSync(checkpoints) ? readdirSync(checkpoints) : [];
  return [
    { kind: 'run', id, via },
    ...names.map((name): Touched => ({ kind: 'checkpoint', id: `${id}/${name}`, via: id })),
  ];
}

/** A hash that a job names, of whatever version of the engine it is: a withdrawal must find old runs too. */
const HASH = /"(?:digest|sha256)"\s*:\s*"([0-9a-f]{64})"/g;

/** The folder of a run in a path that a job names. */
const RUN = /"path"\s*:\s*"[^"]*[/\\](run_[^/\\"]+)[/\\]/g;
