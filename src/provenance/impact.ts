import type { Context } from '../jobs/index.ts';
import type { Resting } from '../rights/index.ts';
import * as reach from './reach.ts';
import { filesGiven, framedTakesOf, givenTakesOf, runsThatDrew, takesOfTakes } from './reach-given.ts';
import * as out from './reach-out.ts';
import { runsOf } from './reach-runs.ts';
import { snapshotsOf } from './reach-snapshots.ts';
import { runsHolding, type WordedTake, wordedTakes } from './reach-words.ts';
import type { Touched } from './schema.ts';

export interface Impact {
  touched: Touched[];
  /** Of these the takes whose words were captions of the shots. */
  worded: WordedTake[];
}

/**
 * Everything that shots have reached: snapshots, the models trained on them and those derived, the folders and files either were exported to, forecasts with their trials, runs with their
 * checkpoints and those that drew such takes, takes of those and takes that were given one of the films, a clip's first frame, its caption or such a take, signed files, cuts, deliveries, endpoints. Each item names in `via` what reached it, so that its path can be followed.
 */
export async function impactOf(context: Pick<Context, 'db' | 'paths'>, resting: Resting): Promise<Impact> {
  const { db, paths } = context;
  const held = await snapshotsOf(db, resting);
  const { snapshots } = held;
  const models = await reach.modelsOf(db, held);
  const worded = await wordedTakes(db, resting.shots, snapshots);
  const given = await filesGiven(db);
  const shown = [
    ...(await givenTakesOf(db, given, resting)),
    ...(await framedTakesOf(db, given, resting, snapshots)),
  ];
  const spoken = worded.map(
    ({ id, shot }): Touched => ({ kind: 'take', id, via: `${resting.shots.get(shot)}, shot ${shot}` }),
  );
  const first = onceEach([...(await reach.takesOf(db, models)), ...shown, ...spoken]);
  const onward = await takesOfTakes(db, given, first);
  const takes = [...first, ...onward];
  const named = [...snapshots, ...models];
  const drew = await runsThatDrew(db, [...shown, ...onward]);
  const read = await runsOf(paths.runs, named, { models, drew }, await reach.sharersOf(db, named));
  const runs = [...read, ...runsHolding(paths, worded, read)];
  const exports = [...(await out.exportsOf(db, named)), ...(await out.originalsOf(context, snapshots))];
  const forecasts = await reach.forecastsOf(db, snapshots);
  const ids = new Set(takes.map(({ id }) => id));
  const handed = await out.deliveriesOf(db, ids);
  const sent = await reach.endpointsOf(db, resting);
  const left = [...(await out.filesOf(db, takes)), ...(await out.cutsOf(db, ids)), ...handed, ...sent];
  const all = [...snapshots, ...exports, ...forecasts, ...models, ...runs, ...takes, ...left];
  return { touched: all.map(({ kind, id, via }) => ({ kind, id, via })), worded };
}

/** A take that several things have reached is listed by the first. */
function onceEach(takes: readonly Touched[]): Touched[] {
  const seen = new Set<string>();
  return takes.filter(({ id }) => !seen.has(id) && seen.add(id));
}
