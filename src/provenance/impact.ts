import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../jobs/index.ts';
import * as reach from './reach.ts';
import * as out from './reach-out.ts';
import type { Resting } from './resting.ts';
import type { Touched } from './schema.ts';

/**
 * Everything that shots have reached: snapshots, the models trained on them and those derived, the folders and files either were exported to, forecasts with their trials, runs with their
 * checkpoints, takes of those and takes that were given one of the films, a clip's first frame or such a take, signed files, cuts, deliveries, endpoints, files beside the films. Each item names in `via` what reached it, so that its path can be followed.
 */
export async function impactOf(context: Pick<Context, 'db' | 'paths'>, resting: Resting): Promise<Touched[]> {
  const { db, paths } = context;
  const held = await reach.snapshotsOf(db, resting);
  const { snapshots } = held;
  const models = await reach.modelsOf(db, held, resting.uses);
  const shown = [
    ...(await reach.givenTakesOf(db, resting)),
    ...(await reach.framedTakesOf(db, resting, held)),
  ];
  const first = onceEach([...(await reach.takesOf(db, models)), ...shown]);
  const takes = [...first, ...(await reach.takesOfTakes(db, first))];
  const runs = await runsOf(paths.runs, [...snapshots, ...models], models);
  const exports = await reach.exportsOf(db, [...snapshots, ...models]);
  const forecasts = await reach.forecastsOf(db, snapshots);
  const given = await out.deliveriesOf(db, takes);
  const beside = await reach.sidecarsOf(db, resting);
  const sent = await reach.endpointsOf(db, resting);
  const left = [...(await reach.filesOf(db, takes)), ...(await out.cutsOf(db, takes)), ...given, ...sent];
  return [...snapshots, ...exports, ...forecasts, ...models, ...runs, ...takes, ...left, ...beside].map(
    ({ kind, id, via }) => ({
      kind,
      id,
      via,
    }),
  );
}

/** A take that several things have reached is listed by the first. */
function onceEach(takes: readonly Touched[]): Touched[] {
  const seen = new Set<string>();
  return takes.filter(({ id }) => !seen.has(id) && seen.add(id));
}

/**
 * Runs whose job reads a touched snapshot or model, by the hashes in it, and their checkpoints; then those that read what such a run
 * has left, by its folder: takes made crisp, a training that went on.
 */
async function runsOf(
  folder: string,
  touched: readonly reach.Reached[],
  models: readonly reach.ReachedModel[],
): Promise<Touched[]> {
  const byHash = new Map(touched.map(({ sha256, id }) => [sha256, id]));
  const jobs = new Map<string, string>();
  for (const id of (await readdir(folder).catch(() => [])).sort())
    jobs.set(id, await readFile(join(folder, id, 'job.json'), 'utf8').catch(() => ''));
  const via = new Map<string, string>();
  for (const [id, text] of jobs) {
    const hash = [...text.matchAll(HASH)].map(([, found = '']) => byHash.get(found)).find(Boolean);
    if (hash !== undefined) via.set(id, hash);
  }
  // A model may be reached where the snapshot that its run read is not.
  for (const { id, run } of models) if (run !== null && jobs.has(run) && !via.has(run)) via.set(run, id);
  followOn(jobs, via);
  return withCheckpoints(folder, via);
}

/** Adds the runs that read what one of these has left, over any number of steps. */
function followOn(jobs: ReadonlyMap<string, string>, via: Map<string, string>): void {
  for (let before = -1; before !== via.size; ) {
    before = via.size;
    for (const [id, text] of jobs) {
      const run = [...text.matchAll(RUN)].map(([, found = '']) => found).find((one) => via.has(one));
      if (run !== undefined && run !== id && !via.has(id)) via.set(id, run);
    }
  }
}

async function withCheckpoints(folder: string, runs: ReadonlyMap<string, string>): Promise<Touched[]> {
  const found: Touched[] = [];
  for (const [id, via] of [...runs].sort()) {
    found.push({ kind: 'run', id, via });
    const checkpoints = await readdir(join(folder, id, 'checkpoints')).catch(() => []);
    found.push(...checkpoints.map((name): Touched => ({ kind: 'checkpoint', id: `${id}/${name}`, via: id })));
  }
  return found;
}

/** A hash that a job names, of whatever version of the engine it is: a withdrawal must find old runs too. */
const HASH = /"(?:digest|sha256)"\s*:\s*"([0-9a-f]{64})"/g;

/** The folder of a run in a path that a job names. */
const RUN = /"path"\s*:\s*"[^"]*[/\\](run_[^/\\"]+)[/\\]/g;
