import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckDBAppender, DuckDBConnection, DuckDBListType, DuckDBValue } from '@duckdb/node-api';
import type { WorkspacePaths } from '../jobs/index.ts';
import { keyOf } from './index-rows.ts';
import type { FoundShot, ShotField } from './schema.ts';

/**
 * The shots of the workspace in columns, to be looked up and counted. All of it is made from the workspace's tables and
 * the films' sidecars, so the file may be deleted: the next question makes it anew.
 */
export type Index = DuckDBConnection;

/** Part of the file's name: another number where the tables below change. */
const version = 1;
/** Memory that questions may take, beside the workspace's database in the same process. */
const memory = '1GB';

const one = ['title', 'set', 'action', 'camera', 'time', 'light', 'source', 'outcome'] as const;
const create = `
CREATE TABLE IF NOT EXISTS marks (what VARCHAR, mark VARCHAR);
CREATE TABLE IF NOT EXISTS files (no INTEGER, id VARCHAR, mark VARCHAR, place INTEGER);
CREATE TABLE IF NOT EXISTS notices (file INTEGER, message VARCHAR);
CREATE TABLE IF NOT EXISTS terms (no INTEGER, field VARCHAR, key VARCHAR, shown VARCHAR);
CREATE TABLE IF NOT EXISTS words (word VARCHAR, shot INTEGER);
CREATE TABLE IF NOT EXISTS shots (no INTEGER, file INTEGER, id VARCHAR, "in" INTEGER, "out" INTEGER,
  timecode VARCHAR, seconds DOUBLE, "character" INTEGER[], ${one.map((name) => `"${name}" INTEGER`).join(', ')},
  scene VARCHAR, caption VARCHAR, spoken VARCHAR);`;

export const indexPath = (paths: WorkspacePaths): string =>
  join(paths.root, 'index', `shots-${version}.duckdb`);

const working = new Map<string, Promise<unknown>>();

/** Opens the index for one piece of work, one at a time: DuckDB lets nobody else open a file that it writes. */
export async function withIndex<T>(path: string, work: (index: Index) => Promise<T>): Promise<T> {
  const before = working.get(path) ?? Promise.resolve();
  const mine = before.then(
    () => opened(path, work),
    () => opened(path, work),
  );
  working.set(path, mine);
  try {
    return await mine;
  } finally {
    if (working.get(path) === mine) working.delete(path);
  }
}

/** Removes the index whole: rows that are only deleted leave their words in the file. The next question makes it anew. */
export async function removeIndex(path: string): Promise<void> {
  const before = working.get(path) ?? Promise.resolve();
  const remove = async () => {
    await rm(path, { force: true });
    await rm(`${path}.wal`, { force: true });
  };
  const mine = before.then(remove, remove);
  working.set(path, mine);
  await mine;
}

async function opened<T>(path: string, work: (index: Index) => Promise<T>): Promise<T> {
  const instance = await openFile(path);
  const index = await instance.connect();
  try {
    await index.run(create);
    return await work(index);
  } finally {
    index.closeSync();
    instance.closeSync();
  }
}

/** A file that a crash or another version left unreadable is made anew. */
async function openFile(path: string) {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  await mkdir(dirname(path), { recursive: true });
  const open = () => DuckDBInstance.create(path, { memory_limit: memory });
  return open().catch(async () => {
    await rm(path, { force: true });
    await rm(`${path}.wal`, { force: true });
    return open();
  });
}

export async function rowsOf(
  index: Index,
  query: string,
  values: DuckDBValue[] = [],
): Promise<Record<string, DuckDBValue>[]> {
  return (await index.runAndReadAll(query, values)).getRowObjects();
}

export async function readMark(index: Index, what: string): Promise<string | null> {
  const [row] = await rowsOf(index, 'SELECT mark FROM marks WHERE what = ?', [what]);
  return row ? String(row.mark) : null;
}

export async function writeMark(index: Index, what: string, mark: string): Promise<void> {
  await index.run('DELETE FROM marks WHERE what = ?', [what]);
  await index.run('INSERT INTO marks VALUES (?, ?)', [what, mark]);
}

/** All or nothing. */
export async function together(index: Index, work: () => Promise<void>): Promise<void> {
  await index.run('BEGIN');
  try {
    await work();
    await index.run('COMMIT');
  } catch (error) {
    await index.run('ROLLBACK');
    throw error;
  }
}

export async function removeFiles(index: Index, numbers: readonly number[]): Promise<void> {
  if (numbers.length === 0) return;
  const of = `(${numbers.join(', ')})`;
  await index.run(`DELETE FROM words WHERE shot IN (SELECT no FROM shots WHERE file IN ${of})`);
  await index.run(`DELETE FROM shots WHERE file IN ${of}`);
  await index.run(`DELETE FROM notices WHERE file IN ${of}`);
  await index.run(`DELETE FROM files WHERE no IN ${of}`);
}

/** The number of each value of each field; a new value gets the next one, and is shown as it was first written. */
export class Terms {
  #numbers = new Map<string, number>();
  #news: [number, string, string, string][] = [];

  readonly listType: DuckDBListType;

  private constructor(listType: DuckDBListType) {
    this.listType = listType;
  }

  static async read(index: Index): Promise<Terms> {
    const { INTEGER, LIST } = await import('@duckdb/node-api');
    const terms = new Terms(LIST(INTEGER));
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
    this.#news.push([no, field, key, value]);
    return no;
  }

  /** Writes the values that came since. */
  async keep(index: Index): Promise<void> {
    const appender = await index.createAppender('terms');
    for (const [no, ...texts] of this.#news.splice(0)) {
      appender.appendInteger(no);
      for (const text of texts) appender.appendVarchar(text);
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

export async function addShots(index: Index, terms: Terms, rows: readonly NewShot[]): Promise<void> {
  const shots = await index.createAppender('shots');
  for (const row of rows) appendShot(shots, terms, row);
  shots.closeSync();
  const words = await index.createAppender('words');
  for (const { no, words: own } of rows) {
    for (const word of own) {
      words.appendVarchar(word);
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
    terms.listType,
  );
  for (const field of one) {
    const term = field === 'outcome' ? null : terms.numberOf(field, shot[field]);
    if (term === null) to.appendNull();
    else to.appendInteger(term);
  }
  texts(shot.scene, shot.caption, shot.spoken);
  to.endRow();
}

/** Words lie sorted, so that a question reads only the part where its word lies. */
export async function sortWords(index: Index): Promise<void> {
  await index.run('CREATE OR REPLACE TABLE words AS SELECT word, shot FROM words ORDER BY word, shot');
}
