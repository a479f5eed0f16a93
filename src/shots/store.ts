import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { BacklotError } from '../contract/index.ts';
import { type Db, tables, texts } from '../db/index.ts';
import type { Print } from './copies/prints.ts';
import { savePrints } from './copies/store.ts';
import {
  type FileFacts,
  type FileTransition,
  type FoundTransition,
  fileFactsSchema,
  fileTransitionSchema,
  type Rectangle,
  type Shot,
  type ShotFacts,
  shotSchema,
} from './schema.ts';

const { shotsFailures, shotsPasses, shotsPrints, shotsShots, shotsTransitions } = tables;

/** Rows of one insert: PostgreSQL takes 65,535 parameters. */
const batch = 2000;

export interface Pass {
  fileId: string;
  detector: string;
  facts: FileFacts;
  shots: readonly Shot[];
  transitions: readonly FoundTransition[];
  prints: readonly Print[];
}

/** Keeps everything found in a file, or nothing; what was there of the file before is replaced. */
export async function savePass(db: Db, pass: Pass): Promise<void> {
  const { fileId, detector, facts, shots, transitions, prints } = pass;
  await db.transaction(async (tx) => {
    for (const table of [shotsShots, shotsTransitions, shotsPrints, shotsPasses]) {
      await tx.delete(table).where(eq(table.fileId, fileId));
    }
    const rows = shots.map(({ in: inFrame, out: outFrame, ...shot }) => ({ ...shot, inFrame, outFrame }));
    for (let at = 0; at < rows.length; at += batch) {
      await tx.insert(shotsShots).values(rows.slice(at, at + batch));
    }
    const changes = transitions.map(({ start, end, type, confidence }) => ({
      ...{ fileId, startFrame: start, endFrame: end },
      ...{ type, confidence },
    }));
    for (let at = 0; at < changes.length; at += batch) {
      await tx.insert(shotsTransitions).values(changes.slice(at, at + batch));
    }
    await savePrints(tx, prints);
    await tx.insert(shotsPasses).values({ fileId, detector, facts });
  });
}

/** What found the shots of a file; undefined where nobody did. */
export async function passOf(db: Db, fileId: string): Promise<{ detector: string } | undefined> {
  const { detector } = shotsPasses;
  return (await db.select({ detector }).from(shotsPasses).where(eq(shotsPasses.fileId, fileId)))[0];
}

/** Ids of the files whose shots are found. */
export async function filesDone(db: Db): Promise<Set<string>> {
  const rows = await db.select({ fileId: shotsPasses.fileId }).from(shotsPasses);
  return new Set(rows.map(({ fileId }) => fileId));
}

type Failure = typeof shotsFailures.$inferSelect;

/** Why a file's shots could not be found, if so it was. */
export async function failureOf(db: Db, fileId: string): Promise<Failure | undefined> {
  return (await db.select().from(shotsFailures).where(eq(shotsFailures.fileId, fileId)))[0];
}

/** Why the shots of files could not be found, by the file's id. */
export async function failuresByFile(db: Db): Promise<Map<string, Failure>> {
  return new Map((await db.select().from(shotsFailures)).map((failure) => [failure.fileId, failure]));
}

export const recordFailure = async (db: Db, failure: Omit<Failure, 'failedAt'>): Promise<void> => {
  await db.insert(shotsFailures).values(failure);
};

export const dropFailure = async (db: Db, fileId: string): Promise<void> => {
  await db.delete(shotsFailures).where(eq(shotsFailures.fileId, fileId));
};

/** When each file's shots were found: another moment is another set of shots. */
export async function passMarks(db: Db): Promise<Map<string, string>> {
  const rows = await db.select({ id: shotsPasses.fileId, foundAt: shotsPasses.foundAt }).from(shotsPasses);
  return new Map(rows.map(({ id, foundAt }) => [id, foundAt.toISOString()]));
}

/** Changes when the shots of any file are found, or found again: one row, however many there are. */
export async function shotsMark(db: Db): Promise<string> {
  const { fileId, foundAt } = shotsPasses;
  const mark = sql<string>`coalesce(md5(string_agg(${fileId} || ${foundAt}, ',' order by ${fileId})), '')`;
  return (await db.select({ mark }).from(shotsPasses))[0]?.mark ?? '';
}

/** Shots in film order, of one file or of all. */
export async function listShots(db: Db, fileId?: string): Promise<Shot[]> {
  const rows = await db
    .select()
    .from(shotsShots)
    .where(fileId === undefined ? undefined : eq(shotsShots.fileId, fileId))
    .orderBy(asc(shotsShots.fileId), asc(shotsShots.number));
  return rows.map(shotOf);
}

/** Where a shot lies. */
export type ShotPlace = Pick<Shot, 'id' | 'fileId' | 'in' | 'out' | 'inTimecode' | 'outTimecode'>;

/** Where shots lie, without what was measured of them: all of some files, or those with some ids. */
export async function shotPlaces(
  db: Db,
  of: { files: Iterable<string> } | { shots: Iterable<string> },
): Promise<ShotPlace[]> {
  const { id, fileId, number, inFrame, outFrame, inTimecode, outTimecode } = shotsShots;
  const [column, ids] = 'files' in of ? [fileId, [...of.files]] : [id, [...of.shots]];
  if (ids.length === 0) return [];
  return db
    .select({ id, fileId, in: inFrame, out: outFrame, inTimecode, outTimecode })
    .from(shotsShots)
    .where(sql`${column} = any(${texts(ids)})`)
    .orderBy(asc(fileId), asc(number));
}

/** From the first shot of a film to the last. */
export type FilmSpan = Omit<ShotPlace, 'id' | 'fileId'>;

/** @param shots in film order; @returns by the file's id */
export function spansOf(shots: readonly ShotPlace[]): Map<string, FilmSpan> {
  const films = Map.groupBy(shots, ({ fileId }) => fileId);
  return new Map([...films].flatMap(([id, own]) => spanOf(own[0], own.at(-1)).map((span) => [id, span])));
}

const spanOf = (first: ShotPlace | undefined, last: ShotPlace | undefined): FilmSpan[] =>
  first && last
    ? [{ in: first.in, inTimecode: first.inTimecode, out: last.out, outTimecode: last.outTimecode }]
    : [];

/** The same of some files, without reading every shot into memory. */
export async function filmSpans(db: Db, files: Iterable<string>): Promise<Map<string, FilmSpan>> {
  const { rows } = await db.execute<{ id: string } & FilmSpan>(sql`
    select file_id as id, min(in_frame) as "in", max(out_frame) as "out",
      (array_agg(in_timecode order by number))[1] as "inTimecode",
      (array_agg(out_timecode order by number desc))[1] as "outTimecode"
    from ${shotsShots} where file_id = any(${texts(files)})
    group by file_id`);
  return new Map(rows.map(({ id, ...span }) => [id, span]));
}

const shotOf = ({ inFrame, outFrame, ...row }: typeof shotsShots.$inferSelect): Shot =>
  shotSchema.parse({ ...row, in: inFrame, out: outFrame });

/** Adds facts to those of some shots, all or none. Another moment of the pass: what was made from its shots is made anew. */
export async function addFacts(
  db: Db,
  fileId: string,
  facts: readonly (readonly [shot: string, more: Partial<ShotFacts>])[],
): Promise<void> {
  await db.transaction(async (tx) => {
    for (const [id, more] of facts) {
      const all = sql`${shotsShots.facts} || ${JSON.stringify(more)}::jsonb`;
      await tx.update(shotsShots).set({ facts: all }).where(eq(shotsShots.id, id));
    }
    await tx.update(shotsPasses).set({ foundAt: new Date() }).where(eq(shotsPasses.fileId, fileId));
  });
}

export async function getShot(db: Db, id: string): Promise<Shot | null> {
  const [row] = await db.select().from(shotsShots).where(eq(shotsShots.id, id));
  return row ? shotOf(row) : null;
}

/** Thumbnails that these shots have. */
export async function thumbnailsOf(
  db: Db,
  shots: readonly string[],
): Promise<{ id: string; thumbnail: string }[]> {
  const { id, thumbnail } = shotsShots;
  const found: { id: string; thumbnail: string }[] = [];
  for (let at = 0; at < shots.length; at += batch) {
    const rows = db
      .select({ id, thumbnail })
      .from(shotsShots)
      .where(inArray(id, shots.slice(at, at + batch)));
    for (const row of await rows)
      if (row.thumbnail !== null) found.push({ id: row.id, thumbnail: row.thumbnail });
  }
  return found;
}

/** Shots that have no thumbnail: few of all. */
export const withoutThumbnails = (db: Db): Promise<{ id: string; fileId: string }[]> => {
  const { id, fileId, thumbnail } = shotsShots;
  return db.select({ id, fileId }).from(shotsShots).where(isNull(thumbnail));
};

/** Notes where the thumbnails of shots lie; their film counts as read anew, as what was made of its pictures is. */
export async function keepThumbnails(
  db: Pick<Db, 'transaction'>,
  thumbnails: readonly (readonly [shot: string, path: string])[],
): Promise<void> {
  await db.transaction(async (tx) => {
    const rows = JSON.stringify(thumbnails.map(([id, path]) => ({ id, path })));
    const films = await tx.execute<{ film: string }>(sql`
      update ${shotsShots} s set thumbnail = n.path from jsonb_to_recordset(${rows}::jsonb) as n(id text, path text)
      where s.id = n.id returning s.file_id as film`);
    const own = inArray(shotsPasses.fileId, [...new Set(films.rows.map(({ film }) => film))]);
    await tx.update(shotsPasses).set({ foundAt: new Date() }).where(own);
  });
}

export async function forgetThumbnails(db: Db, shots: readonly string[]): Promise<void> {
  for (let at = 0; at < shots.length; at += batch) {
    const some = inArray(shotsShots.id, shots.slice(at, at + batch));
    await db.update(shotsShots).set({ thumbnail: null }).where(some);
  }
}

/** What was read in the pictures goes, how much of them it covered stays: nobody reads them again. */
export async function forgetWords(db: Db, shots: readonly string[]): Promise<void> {
  const { facts, id } = shotsShots;
  const read = sql`${facts} -> 'text' is not null`;
  const emptied = sql`jsonb_set(${facts}, '{text}', (${facts} -> 'text') || '{"lines": [], "names": []}'::jsonb)`;
  for (let at = 0; at < shots.length; at += batch) {
    const some = inArray(id, shots.slice(at, at + batch));
    await db.update(shotsShots).set({ facts: emptied }).where(and(some, read));
  }
}

/** Transitions in film order, of one file or of all. */
export async function listTransitions(db: Db, fileId?: string): Promise<FileTransition[]> {
  const rows = await db
    .select()
    .from(shotsTransitions)
    .where(fileId === undefined ? undefined : eq(shotsTransitions.fileId, fileId))
    .orderBy(asc(shotsTransitions.fileId), asc(shotsTransitions.startFrame));
  return rows.map(({ startFrame, endFrame, confidence, ...row }) =>
    fileTransitionSchema.parse({
      ...row,
      start: startFrame,
      end: endFrame,
      ...(confidence === null ? {} : { confidence }),
    }),
  );
}

/** The active picture of every file whose shots were found. */
export async function activePictures(db: Db): Promise<Map<string, Rectangle>> {
  const rows = await db.select({ id: shotsPasses.fileId, facts: shotsPasses.facts }).from(shotsPasses);
  return new Map(rows.map(({ id, facts }) => [id, fileFactsSchema.parse(facts).activePicture]));
}

/**
 * The part of a file's decoded picture that no black bar covers.
 * @throws BacklotError `shots-missing` where the file's shots were not found yet
 */
export async function activePicture(db: Db, fileId: string): Promise<Rectangle> {
  const [row] = await db.select().from(shotsPasses).where(eq(shotsPasses.fileId, fileId));
  if (row) return fileFactsSchema.parse(row.facts).activePicture;
  throw new BacklotError('shots-missing', {
    expected: 'a file whose shots were found',
    where: fileId,
    found: 'none',
    remedy: 'Run shots detect.',
  });
}
