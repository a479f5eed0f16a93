import type { DuckDBValue } from '@duckdb/node-api';
import type { Context } from '../jobs/index.ts';
import { type Index, rowsOf } from './index-store.ts';
import { lookUp, setAside, type Where } from './look-up.ts';
import { comparableShots, lookOfShot, nearestShots, refreshLooks } from './looks.ts';
import { type FoundShot, foundShotSchema, type SearchInput, type SearchOutput } from './schema.ts';

/** A page of the shots that match, and how many match in all. */
export function searchShots(context: Context, input: SearchInput): Promise<SearchOutput> {
  return lookUp(context, input, [], async (index, where) => {
    if (input.like !== undefined) return likeShots(context, index, where, { ...input, like: input.like });
    const hits = await setAside(index, 'hits', where, ['no', 'file', 'seconds']);
    const films = await countByFilm(index, hits);
    const page = await pageOf(index, hits, partOf(films, input.offset, input.limit));
    return {
      found: films.reduce((sum, film) => sum + film.shots, 0),
      minutes: minutesOf(films.reduce((sum, film) => sum + film.seconds, 0)),
      shots: await shotsAt(index, page),
    };
  });
}

type Found = Pick<SearchOutput, 'found' | 'minutes' | 'shots'>;

/** A page of the shots that match and can be compared with one, those that look most like it first. */
async function likeShots(
  context: Context,
  index: Index,
  where: Where,
  { like, offset, limit }: SearchInput & { like: string },
): Promise<Found> {
  await refreshLooks(context, index);
  const compared = await lookOfShot(index, context.paths, like);
  const { found, seconds, rows } = await comparableShots(index, where, compared);
  const page = (await nearestShots(index, rows, compared, offset + limit)).slice(offset);
  const distances = page.map(({ distance }) => Math.round(distance * 100) / 100);
  const shots = await shotsAt(
    index,
    page.map(({ no }) => no),
  );
  return {
    ...{ found, minutes: minutesOf(seconds) },
    shots: shots.map((shot, i) => ({ ...shot, distance: distances[i] })),
  };
}

export const minutesOf = (seconds: unknown): number => Math.round(Number(seconds ?? 0) / 0.6) / 100;

interface Counted {
  file: number;
  shots: number;
  seconds: number;
}

/** How many shots of each film match, in the order of the answer. */
async function countByFilm(index: Index, hits: string): Promise<Counted[]> {
  const rows = await rowsOf(
    index,
    `SELECT file, n, seconds FROM
      (SELECT file, count(*) AS n, sum(seconds) AS seconds FROM ${hits} GROUP BY file) c
      JOIN files f ON f.no = c.file ORDER BY f.place`,
  );
  return rows.map(({ file, n, seconds }) => ({
    ...{ file: Number(file), shots: Number(n), seconds: Number(seconds) },
  }));
}

interface Part {
  files: number[];
  limit: number;
  /** Matching shots of these films before the page. */
  skip: number;
}

/** The films that a page lies in: only theirs are put in order, however far it is from the start. */
function partOf(films: readonly Counted[], offset: number, limit: number): Part {
  const files: number[] = [];
  let [before, skip] = [0, 0];
  for (const { file, shots } of films) {
    if (before < offset + limit && before + shots > offset) {
      if (files.length === 0) skip = offset - before;
      files.push(file);
    }
    before += shots;
  }
  return { files, limit, skip };
}

const numbered = ['title', 'set', 'action', 'camera', 'time', 'light', 'source', 'text', 'speech'] as const;

async function pageOf(index: Index, hits: string, { files, limit, skip }: Part): Promise<number[]> {
  if (files.length === 0) return [];
  const page = await rowsOf(
    index,
    `SELECT h.no FROM ${hits} h JOIN files f ON f.no = h.file
      WHERE h.file IN (${files.join(', ')}) ORDER BY f.place, h.no LIMIT ? OFFSET ?`,
    [limit, skip],
  );
  return page.map(({ no }) => Number(no));
}

/** Shots by their numbers, in that order: texts are read of a page's shots alone. */
async function shotsAt(index: Index, page: readonly number[]): Promise<FoundShot[]> {
  if (page.length === 0) return [];
  const rows = await rowsOf(
    index,
    `SELECT s.no, s.id, f.id AS "fileId", s."in", s."out", s.timecode AS "inTimecode", s.seconds,
        ${numbered.map((field) => `s."${field}"`).join(', ')}, s."character", s.scene, s.caption, s.spoken, s.read, s.credited
      FROM shots s JOIN files f ON f.no = s.file WHERE s.no IN (SELECT unnest([${page.join(', ')}]))`,
  );
  const names = await namesOf(index, rows.flatMap(numbersIn));
  const found = new Map(rows.map((row) => [Number(row.no), row]));
  return page.flatMap((no) => {
    const row = found.get(no);
    return row ? [shotOf(row, names)] : [];
  });
}

type Row = Record<string, DuckDBValue>;

const itemsOf = <T>(list: DuckDBValue | undefined): T[] => (list as unknown as { items: T[] }).items.slice();

const charactersIn = (row: Row): number[] => itemsOf(row.character);

const numbersIn = (row: Row): number[] => [
  ...charactersIn(row),
  ...numbered
    .map((field) => row[field])
    .filter((no) => no !== null)
    .map(Number),
];

/** How values are shown, by their numbers. */
async function namesOf(index: Index, numbers: readonly number[]): Promise<Map<number, string>> {
  if (numbers.length === 0) return new Map();
  const unique = [...new Set(numbers)].join(', ');
  const rows = await rowsOf(index, `SELECT no, shown FROM terms WHERE no IN (${unique})`);
  return new Map(rows.map(({ no, shown }) => [Number(no), String(shown)]));
}

function shotOf({ character, credited, no: _, ...row }: Row, names: ReadonlyMap<number, string>): FoundShot {
  const named = (no: DuckDBValue | undefined) => (no === null ? null : names.get(Number(no)));
  return foundShotSchema.parse({
    ...row,
    ...Object.fromEntries(numbered.map((field) => [field, named(row[field])])),
    credited: itemsOf(credited),
    characters: charactersIn({ character: character as DuckDBValue })
      .sort((a, b) => a - b)
      .map((no) => names.get(no)),
  });
}
