import type { DuckDBAppender, DuckDBListType } from '@duckdb/node-api';
import { keyOf, tokens } from './index-rows.ts';
import { type Index, oneValued, rowsOf } from './index-store.ts';
import { type FoundShot, type ShotField, shotFields } from './schema.ts';

/** A word's stem. */
export type Stem = (word: string) => string;

/** Stands for a value that nobody named. */
export const unsaid = -1;

/**
 * The number of each value of each field; a new value gets the next one, and is shown as it was first written. With it
 * lie the stems of its words, so that words are sought among values and shots by numbers.
 */
export class Terms {
  #numbers = new Map<string, number>();
  #news: { no: number; texts: [string, string, string]; words: string[] }[] = [];

  readonly lists: { integers: DuckDBListType; texts: DuckDBListType };
  readonly #stem: Stem;

  private constructor(lists: Terms['lists'], stem: Stem) {
    this.lists = lists;
    this.#stem = stem;
  }

  static async read(index: Index, stem: Stem): Promise<Terms> {
    const { INTEGER, LIST, VARCHAR } = await import('@duckdb/node-api');
    const terms = new Terms({ integers: LIST(INTEGER), texts: LIST(VARCHAR) }, stem);
    for (const { no, field, key } of await rowsOf(index, 'SELECT no, field, key FROM terms ORDER BY no')) {
      terms.#numbers.set(`${field}=${key}`, Number(no));
    }
    return terms;
  }

  numberOf(field: ShotField, value: string | null): number | null {
    if (value === null) return null;
    const key = keyOf(value);
    const known = this.#numbers.get(`${field}=${key}`);
    if (known !== undefined) return known;
    const no = this.#numbers.size;
    this.#numbers.set(`${field}=${key}`, no);
    this.#news.push({ no, texts: [field, key, value], words: tokens(value).map(this.#stem) });
    return no;
  }

  /** Writes the values that came since. */
  async keep(index: Index): Promise<void> {
    const appender = await index.createAppender('terms');
    for (const { no, texts, words } of this.#news.splice(0)) {
      appender.appendInteger(no);
      for (const text of texts) appender.appendVarchar(text);
      appender.appendList(words, this.lists.texts);
      appender.endRow();
    }
    appender.closeSync();
  }
}

/** The number of each word by which shots are found. */
export class Vocabulary {
  #numbers = new Map<string, number>();
  #news: [number, string][] = [];

  static async read(index: Index): Promise<Vocabulary> {
    const vocabulary = new Vocabulary();
    for (const { no, word } of await rowsOf(index, 'SELECT no, word FROM vocabulary')) {
      vocabulary.#numbers.set(String(word), Number(no));
    }
    return vocabulary;
  }

  numberOf(word: string): number {
    const known = this.#numbers.get(word);
    if (known !== undefined) return known;
    const no = this.#numbers.size;
    this.#numbers.set(word, no);
    this.#news.push([no, word]);
    return no;
  }

  /** Writes the words that came since. */
  async keep(index: Index): Promise<void> {
    const appender = await index.createAppender('vocabulary');
    for (const [no, word] of this.#news.splice(0)) {
      appender.appendInteger(no);
      appender.appendVarchar(word);
      appender.endRow();
    }
    appender.closeSync();
  }
}

export interface NewShot {
  no: number;
  file: number;
  shot: FoundShot;
  words: readonly string[];
}

/** Numbers of values and words, as far as they were given. */
export interface Numbers {
  terms: Terms;
  vocabulary: Vocabulary;
}

export async function addShots(
  index: Index,
  { terms, vocabulary }: Numbers,
  rows: readonly NewShot[],
): Promise<void> {
  const shots = await index.createAppender('shots');
  for (const row of rows) appendShot(shots, terms, row);
  shots.closeSync();
  const words = await index.createAppender('words');
  for (const { no, words: own } of rows) {
    for (const word of own) {
      words.appendInteger(vocabulary.numberOf(word));
      words.appendInteger(no);
      words.endRow();
    }
  }
  words.closeSync();
}

function appendShot(to: DuckDBAppender, terms: Terms, { no, file, shot }: NewShot): void {
  const texts = (...values: string[]) => values.forEach((value) => void to.appendVarchar(value));
  const integers = (...values: number[]) => values.forEach((value) => void to.appendInteger(value));
  integers(no, file);
  texts(shot.id);
  integers(shot.in, shot.out);
  texts(shot.inTimecode);
  to.appendDouble(shot.seconds);
  to.appendList(
    shot.characters.map((name) => terms.numberOf('character', name)),
    terms.lists.integers,
  );
  for (const field of oneValued) {
    const term = field === 'outcome' ? null : terms.numberOf(field, shot[field]);
    if (term === null) to.appendNull();
    else to.appendInteger(term);
  }
  texts(shot.scene, shot.caption, shot.spoken, shot.read);
  to.appendList(shot.credited, terms.lists.texts);
  // Its picture is looked at when somebody asks for shots like another.
  to.appendNull();
  to.endRow();
}

/** Words lie sorted, so that a question reads only the part where its word lies. */
export async function sortWords(index: Index): Promise<void> {
  await index.run('CREATE OR REPLACE TABLE words AS SELECT word, shot FROM words ORDER BY word, shot');
}

/** A field's value of a shot `s`; a list of them gives a row for each. */
export const termOf = (field: ShotField): string =>
  field === 'character'
    ? `unnest(CASE WHEN len(s."character") = 0 THEN [${unsaid}] ELSE s."character" END)`
    : `coalesce(s."${field}", ${unsaid})`;

/** How many shots have each value of each field: what a table of the whole catalogue would count at each question. */
export async function countTotals(index: Index): Promise<void> {
  const counts = shotFields.map(
    (field) => `SELECT '${field}' AS field, value, count(*) AS shots FROM
      (SELECT ${termOf(field)} AS value FROM shots s) GROUP BY value`,
  );
  await index.run(`CREATE OR REPLACE TABLE totals AS ${counts.join(' UNION ALL ')}`);
}
