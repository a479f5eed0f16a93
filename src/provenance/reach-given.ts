import { sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { takesOfFiles } from '../generate/index.ts';
import { type Resting, restsSince, type Use } from '../rights/index.ts';
import { listed } from './reach.ts';
import type { Touched } from './schema.ts';

/** A file that briefs gave, with the takes that were drawn from it; `frame`: its name where it is the first frame of a clip. */
export interface Given {
  sha256: string;
  frame: string | null;
  takes: string[];
}

/** Few briefs give anything, and many give the same file: those that do are read once, in a row for each file, in no order. */
export async function filesGiven(db: Db): Promise<Given[]> {
  const { rows } = await db.execute<Given & Record<string, unknown>>(sql`
    select r ->> 'sha256' as sha256, json_agg(id) as takes,
      case when r ->> 'path' like '%/first-frames/%' then substring(r ->> 'path' from '/first-frames/(.*)$') end as frame
    from generate_takes, lateral jsonb_array_elements(brief -> 'references') r
    where jsonb_array_length(brief -> 'references') > 0 group by 1, 3`);
  return rows;
}

/** Takes that were given one of the films, as a picture or a video: which frames is not recorded, so any film counts whole. */
export async function givenTakesOf(db: Db, given: readonly Given[], resting: Resting): Promise<Touched[]> {
  const { films, uses } = resting;
  if (uses !== null && !uses.includes('condition')) return [];
  const shown = await filmsGiven(db, given, resting, 'condition');
  const found = firstOfEach(shown, ({ sha256 }) => sha256);
  return found.map(([id, film]) => ({ kind: 'take', id, via: `${films.get(film)}, given film ${film}` }));
}

/** Of files that takes were given the films of the row, each with the takes that were made while it, and this use of it, rested on that. */
export async function filmsGiven(
  db: Db,
  given: readonly Given[],
  resting: Resting,
  use: Use,
): Promise<Given[]> {
  const shown = given.filter(({ sha256 }) => resting.films.has(sha256));
  const past = shown.filter(({ sha256 }) => resting.ended.has(sha256) || resting.ended.has(use));
  if (past.length === 0) return shown;
  const made = await recordingsOf(
    db,
    past.flatMap(({ takes }) => takes),
  );
  const isSince = (film: string, take: string) =>
    [film, use].every((by) => restsSince(resting, by, made.get(take) ?? 0));
  return shown.map((file) => ({ ...file, takes: file.takes.filter((take) => isSince(file.sha256, take)) }));
}

/** The number of the recording that was in force when each take was made; 0 where none was. */
async function recordingsOf(db: Db, takes: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.execute<{ id: string; recording: number }>(sql`
    select t.id, coalesce((select max(l.seq) from ${tables.rightsLedgers} l where l.recorded_at <= t.made_at), 0) as recording
    from generate_takes t where t.id in ${listed(takes)}`);
  return new Map(rows.map(({ id, recording }) => [id, recording]));
}

/**
 * Takes that were given the first frame of a clip of one of the shots, as briefs of held-out scenes are: what their snapshot was frozen
 * for permits that, or whatever permits to give pictures.
 */
export async function framedTakesOf(
  db: Db,
  given: readonly Given[],
  { shots, uses }: Resting,
  held: { snapshots: readonly Touched[]; apart: readonly Touched[] },
): Promise<Touched[]> {
  const snapshots = uses?.includes('condition') ? [...held.snapshots, ...held.apart] : held.snapshots;
  const { rows } = await db.execute<{ frame: string; shot: string }>(sql`
    select left(clip_id, 12) || '.png' as frame, min(shot_id) as shot from dataset_clips
    where shot_id in ${listed(shots.keys())} and snapshot_id in ${listed(snapshots.map(({ id }) => id))} group by 1`);
  const shotOf = new Map(rows.map(({ frame, shot }) => [frame, shot]));
  const found = firstOfEach(given, ({ frame }) => (frame === null ? undefined : shotOf.get(frame)));
  return found.map(([id, shot]) => ({ kind: 'take', id, via: `${shots.get(shot)}, shot ${shot}` }));
}

/** Takes, in the order of their ids, each with the first of what reached it. */
function firstOfEach(given: readonly Given[], reachedBy: (file: Given) => string | undefined) {
  const found = new Map<string, string>();
  for (const file of given) {
    const by = reachedBy(file);
    if (by === undefined) continue;
    for (const take of file.takes) if (by < (found.get(take) ?? '~')) found.set(take, by);
  }
  return [...found].sort(([one], [other]) => less(one, other));
}

const less = (one: string, other: string): number => (one < other ? -1 : 1);

/**
 * Takes that were given one of these takes, by its file, its signed file, what was signed as made of it or a copy of its video, and
 * takes that were given those. Stills saved from a take and not signed as its have other bytes and are not known.
 */
export async function takesOfTakes(
  db: Db,
  given: readonly Given[],
  takes: readonly Touched[],
): Promise<Touched[]> {
  const links = await linksOf(db, given);
  if (links.length === 0) return [];
  const reached = new Set(takes.map(({ id }) => id));
  const found: Touched[] = [];
  for (let before = -1; before !== found.length; ) {
    before = found.length;
    for (const { id, source } of links) {
      if (reached.has(id) || !reached.has(source)) continue;
      reached.add(id);
      found.push({ kind: 'take', id, via: source });
    }
  }
  return found;
}

/** Which take was given which, in the order of their ids. */
async function linksOf(db: Db, given: readonly Given[]): Promise<{ id: string; source: string }[]> {
  const rows = await takesOfFiles(db, [...new Set(given.map(({ sha256 }) => sha256))]);
  const sources = Map.groupBy(rows, ({ sha256 }) => sha256);
  const links = given.flatMap(({ sha256, takes }) =>
    (sources.get(sha256) ?? []).flatMap((source) => takes.map((id) => ({ id, source: source.id }))),
  );
  return links.sort((a, b) => (a.id === b.id ? less(a.source, b.source) : less(a.id, b.id)));
}
