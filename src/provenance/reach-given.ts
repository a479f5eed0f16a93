import { sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { type PictureRecord, pictureColumns, shotsOfRecords, takesOfFiles } from '../generate/index.ts';
import { type Resting, restsSince, type Use } from '../rights/index.ts';
import { listed } from './reach.ts';
import type { Touched } from './schema.ts';

/** A file that briefs gave, with the takes that were drawn from it. */
export interface Given {
  sha256: string;
  /** Where it is a picture that Backlot cut out of a film: of which shot. */
  shot: string | null;
  /** Whether `run` gave it, as the first frame of a clip. */
  isFrame: boolean;
  takes: string[];
}

/** Few briefs give anything, and many give the same file: those that do are read once, in a row for each file, in no order. */
export async function filesGiven(db: Db): Promise<Given[]> {
  const { rows } = await db.execute<PictureRecord & { takes: string[] } & Record<string, unknown>>(sql`
    select sha256, shot, frame, json_agg(id) as takes from (
      select id, r ->> 'sha256' as sha256, ${pictureColumns}
      from generate_takes, lateral jsonb_array_elements(brief -> 'references') r
      where jsonb_array_length(brief -> 'references') > 0) given
    group by 1, 2, 3`);
  const shots = await shotsOfRecords(db, rows);
  return rows.map(({ sha256, frame, takes }) => ({
    ...{ sha256, shot: shots.get(sha256) ?? null, isFrame: frame !== null, takes },
  }));
}

/** Whether any take was given anything. */
export async function isAnythingGiven(db: Db): Promise<boolean> {
  const { rows } = await db.execute(
    sql`select 1 from generate_takes where jsonb_array_length(brief -> 'references') > 0 limit 1`,
  );
  return rows.length > 0;
}

/** What of the row a given file shows: the film that it is, or the shot that it was cut from. */
export const shownBy = ({ sha256, shot }: Given, { films, shots }: Resting): string | undefined => {
  if (films.has(sha256)) return sha256;
  return shot !== null && shots.has(shot) ? shot : undefined;
};

/** The way from the row to what a given file shows, in words. */
export const shownWords = (by: string, { films, shots }: Resting): string =>
  films.has(by) ? `${films.get(by)}, given film ${by}` : `${shots.get(by)}, shot ${by}`;

/** Takes that were given one of the films, of which any counts whole as frames are not recorded, or a picture of one of the shots. */
export async function givenTakesOf(db: Db, given: readonly Given[], resting: Resting): Promise<Touched[]> {
  const { uses } = resting;
  if (uses !== null && !uses.includes('condition')) return [];
  const shown = await filesShowing(db, given, resting, 'condition');
  const found = firstOfEach(shown, (file) => shownBy(file, resting));
  return found.map(([id, by]) => ({ kind: 'take', id, via: shownWords(by, resting) }));
}

/** Of files that takes were given those that show what rests on the row, each with the takes that were made while it, and this use of it, rested on that. */
export async function filesShowing(
  db: Db,
  given: readonly Given[],
  resting: Resting,
  use: Use,
): Promise<Given[]> {
  const { ended } = resting;
  const shown = given.filter((file) => shownBy(file, resting) !== undefined);
  const past = shown.filter((file) => ended.has(shownBy(file, resting) ?? '') || ended.has(use));
  if (past.length === 0) return shown;
  const made = await recordingsOf(
    db,
    past.flatMap(({ takes }) => takes),
  );
  const isSince = (by: string | undefined, take: string) =>
    [by ?? '', use].every((one) => restsSince(resting, one, made.get(take) ?? 0));
  return shown.map((file) => ({
    ...file,
    takes: file.takes.filter((take) => isSince(shownBy(file, resting), take)),
  }));
}

/** The number of the recording that was in force when each take was made; 0 where none was. */
async function recordingsOf(db: Db, takes: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.execute<{ id: string; recording: number }>(sql`
    select t.id, coalesce((select max(l.seq) from ${tables.rightsLedgers} l where l.recorded_at <= t.made_at), 0) as recording
    from generate_takes t where t.id in ${listed(takes)}`);
  return new Map(rows.map(({ id, recording }) => [id, recording]));
}

/**
 * Takes that were given the first frame of a clip of one of the shots, as `run` gives them: what their snapshot was frozen
 * for permitted that before it was asked for by itself.
 */
export async function framedTakesOf(
  db: Db,
  given: readonly Given[],
  { shots }: Resting,
  snapshots: readonly Touched[],
): Promise<Touched[]> {
  const framed = given.filter(({ isFrame, shot }) => isFrame && shot !== null && shots.has(shot));
  if (framed.length === 0) return [];
  const { rows } = await db.execute<{ shot: string }>(sql`
    select distinct shot_id as shot from dataset_clips where shot_id in ${listed(framed.map(({ shot }) => shot ?? ''))}
      and snapshot_id in ${listed(snapshots.map(({ id }) => id))}`);
  const held = new Set(rows.map(({ shot }) => shot));
  const found = firstOfEach(framed, ({ shot }) => (shot !== null && held.has(shot) ? shot : undefined));
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

/** The runs that drew some takes, each with the first of these. */
export async function runsThatDrew(db: Db, takes: readonly Touched[]): Promise<Map<string, string>> {
  if (takes.length === 0) return new Map();
  const { rows } = await db.execute<{ run: string; take: string }>(sql`
    select run_id as run, min(id) as take from generate_takes
    where id in ${listed(takes.map(({ id }) => id))} group by 1 order by 1`);
  return new Map(rows.map(({ run, take }) => [run, take]));
}
