import type { DuckDBValue } from '@duckdb/node-api';
import type { Context } from '../jobs/index.ts';
import { rowsOf } from './index-store.ts';
import { lookUp, type Where } from './look-up.ts';
import { type FoundShot, foundShotSchema, type SearchInput, type SearchOutput } from './schema.ts';

/** A page of the shots that match, and how many match in all. */
export function searchShots(context: Context, input: SearchInput): Promise<SearchOutput> {
  return lookUp(context, input, [], async (index, where) => {
    const [all] = await rowsOf(index, countOf(where), where.values);
    const page = await rowsOf(index, pageOf(where), [...where.values, input.limit, input.offset]);
    return { found: Number(all?.found), minutes: minutesOf(all?.seconds), shots: page.map(shotOf) };
  });
}

export const minutesOf = (seconds: unknown): number => Math.round(Number(seconds ?? 0) / 0.6) / 100;

export const countOf = ({ sql }: Where): string =>
  `SELECT count(*) AS found, sum(s.seconds) AS seconds FROM shots s WHERE ${sql}`;

const shown = (field: string): string => `(SELECT shown FROM terms WHERE no = s."${field}") AS "${field}"`;

/** The page is found first and put into words then: terms and texts are read of its shots alone. */
const pageOf = ({ sql }: Where): string => `
  WITH page AS (SELECT s.no, f.id AS file_id, f.place FROM shots s JOIN files f ON f.no = s.file
    WHERE ${sql} ORDER BY f.place, s.no LIMIT ? OFFSET ?)
  SELECT s.id, page.file_id AS "fileId", s."in", s."out", s.timecode AS "inTimecode", s.seconds,
    ${['title', 'set', 'action', 'camera', 'time', 'light', 'source'].map(shown).join(', ')},
    (SELECT list(shown ORDER BY no) FROM terms WHERE list_contains(s."character", no)) AS characters,
    s.scene, s.caption, s.spoken
  FROM page JOIN shots s ON s.no = page.no ORDER BY page.place, s.no`;

function shotOf(row: Record<string, DuckDBValue>): FoundShot {
  const { characters, ...rest } = row as Record<string, DuckDBValue> & {
    characters: { items: string[] } | null;
  };
  return foundShotSchema.parse({ ...rest, characters: [...(characters?.items ?? [])] });
}
