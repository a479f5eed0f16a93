import { basename, join } from 'node:path';
import { sql } from 'drizzle-orm';
import type { Db } from '../db/index.ts';
import { type Context, jobHoldsTexts, livePid, runsIn, textsFile } from '../jobs/index.ts';
import { listed } from './reach.ts';
import type { Touched } from './schema.ts';

/** A take whose words are the caption of a shot, as `run` makes briefs. */
export interface WordedTake {
  id: string;
  run: string;
  shot: string;
}

/**
 * Takes that were given the caption of one of the shots, out of one of the snapshots: their words go with the captions (ADR 0125). What
 * a person wrote is no caption, whatever it says.
 */
export async function wordedTakes(
  db: Db,
  shots: { has(id: string): boolean },
  snapshots: readonly { id: string }[],
): Promise<WordedTake[]> {
  // `run` makes few such takes: reading all of them costs less than sending the ids of a library's shots.
  const { rows } = await db.execute<Record<keyof WordedTake | 'dataset', string>>(sql`
    select id, run_id as run, brief #>> '{caption,shot}' as shot, brief #>> '{caption,dataset}' as dataset
    from generate_takes where brief ? 'caption' order by id`);
  const reached = new Set(snapshots.map(({ id }) => id));
  return rows
    .filter(({ shot, dataset }) => shots.has(shot) && reached.has(dataset))
    .map(({ id, run, shot }) => ({ id, run, shot }));
}

/** Runs of earlier versions, whose job holds the words of such takes itself: people delete their folders. */
export function runsHolding(
  { runs }: Context['paths'],
  takes: readonly WordedTake[],
  reached: readonly Touched[],
): Touched[] {
  const known = new Set(reached.map(({ id }) => id));
  const first = new Map(takes.map(({ run, id }) => [run, id]));
  return [...first].flatMap(([id, via]): Touched[] =>
    known.has(id) || !jobHoldsTexts(join(runs, id)) ? [] : [{ kind: 'run', id, via }],
  );
}

/**
 * Runs that were stopped or failed before any take of theirs was recorded: whose the words of their briefs are nothing says, so those go whole. A
 * command that is given again writes them anew; what is at work reads them still.
 */
export async function runsUnrecorded({ db, paths }: Pick<Context, 'db' | 'paths'>): Promise<string[]> {
  const worded = (await runsIn(paths.runs)).filter((run) => textsFile(run) !== null);
  const { rows } = await db.execute<{ run: string }>(sql`
    select distinct run_id as run from generate_takes where run_id in ${listed(worded.map((run) => basename(run)))}`);
  const recorded = new Set(rows.map(({ run }) => run));
  const left = worded.filter((run) => !recorded.has(basename(run)));
  const alive = await Promise.all(left.map(livePid));
  return left.filter((_, n) => alive[n] === null).map((run) => basename(run));
}
