import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { BacklotError } from '../contract/index.ts';
import { separatorOf, textIn } from '../editorial/index.ts';
import { isPattern } from '../media/index.ts';
import { rateSchema } from './schema.ts';

/** Which title a file belongs to, and as which reel; null reel: the next one. `rate` is that of an image sequence. */
export interface Mapping {
  title: string;
  reel: number | null;
  rate?: string;
}

export interface TitleMap {
  /** What is said of a film by its path; a sequence's is its pattern. */
  titleOf: (film: string) => Mapping | null;
  /** What rows name, of those that are about none of these films. */
  unused: (films: readonly string[]) => string[];
}

/** Nobody said what belongs together. */
export const noMap: TitleMap = { titleOf: () => null, unused: () => [] };

const rowSchema = z.object({
  file: z.string().trim().min(1),
  title: z.string().trim().min(1),
  reel: z.string().trim().regex(/^\d*$/, 'a whole number').default(''),
  rate: z.literal('').or(rateSchema).optional(),
});

/** Every file belongs to the one title that was named, in the order in which it comes. */
export const oneTitle = (title: string): TitleMap => ({
  ...noMap,
  titleOf: () => ({ title, reel: null }),
});

/**
 * Reads a CSV (separated by commas, semicolons or tabs) with the columns file, title, reel and perhaps rate (which may be
 * empty). Files are named by path, relative to the CSV's folder, or by name alone; an image sequence by its pattern,
 * `plate.%04d.exr`, or by its folder.
 * @throws BacklotError `bad-map`, naming the row
 */
export async function readTitleMap(path: string): Promise<TitleMap> {
  const rows = csvRows(path, await readCsv(path));
  const byKey = new Map<string, Row>();
  for (const [i, { file, title, reel, rate }] of rows.entries()) {
    const mapping = { title, reel: reel === '' ? null : Number(reel), ...(rate ? { rate } : {}) };
    const row = { file, mapping, number: i + 2 };
    const place = resolve(dirname(path), file);
    refuseOther(path, byKey.get(place), row);
    byKey.set(place, row);
    if (basename(file) === file) byKey.set(file, row);
  }
  const rowOf = (film: string) => namesOf(film).flatMap((name) => byKey.get(name) ?? [])[0];
  return {
    titleOf: (film) => rowOf(film)?.mapping ?? null,
    unused: (films) => {
      const used = new Set(films.map((film) => rowOf(film)?.file));
      return [...new Set(rows.map(({ file }) => file))].filter((file) => !used.has(file));
    },
  };
}

interface Row {
  file: string;
  mapping: Mapping;
  /** Of the CSV, its heading being the first. */
  number: number;
}

/** Nobody knows which of two rows is meant. */
function refuseOther(path: string, before: Row | undefined, row: Row): void {
  const [one, other] = [before?.mapping, row.mapping].map((mapping) => JSON.stringify(mapping));
  if (before && one !== other)
    throw badMap(`${path}, row ${row.number}`, `${row.file}, of which row ${before.number} says otherwise`);
}

/** Under what a row may name a film: its path before its name, itself before its folder. */
function namesOf(film: string): string[] {
  const folder = dirname(film);
  return [film, basename(film), ...(isPattern(film) ? [folder, basename(folder)] : [])];
}

async function readCsv(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error) => {
    throw badMap(path, String(error));
  });
  const { text, guessed } = textIn(bytes);
  if (guessed) throw badMap(path, 'letters that are neither UTF-8 nor UTF-16, as which it is to be saved');
  return text;
}

function csvRows(path: string, text: string): z.infer<typeof rowSchema>[] {
  const records = csvRecords(path, text);
  return records.map((record, index) => {
    const row = rowSchema.safeParse(record);
    if (row.success) return row.data;
    const issue = row.error.issues[0];
    throw badMap(`${path}, row ${index + 2}`, `${issue?.path.join('.')}: ${issue?.message}`);
  });
}

function csvRecords(path: string, text: string): unknown[] {
  try {
    return parse(text, {
      bom: true,
      trim: true,
      delimiter: separatorOf(text),
      skip_empty_lines: true,
      columns: (names: string[]) => names.map((n) => n.toLowerCase()),
    });
  } catch (error) {
    throw badMap(path, String(error));
  }
}

function badMap(where: string, found: string): BacklotError {
  return new BacklotError('bad-map', {
    expected: 'a CSV with the columns file, title, reel',
    where,
    found,
    remedy: 'Correct the CSV; reel may be empty.',
  });
}
