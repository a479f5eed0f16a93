import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { WorkspacePaths } from '../jobs/index.ts';

/**
 * The shots of the workspace in columns, to be looked up and counted. All of it is made from the workspace's tables and
 * the films' sidecars, so the file may be deleted: the next question makes it anew.
 */
export type Index = DuckDBConnection;

/** Part of the file's name: another number where the tables below change, or sidecars and tracks are read otherwise. */
const version = 8;
/** Memory that questions may take, beside the workspace's database in the same process. */
const memory = '1GB';

/** Fields of which a shot has one value at most. */
export const oneValued = [
  ...['title', 'set', 'action', 'camera', 'time', 'light', 'source', 'outcome'],
  ...['text', 'speech'],
] as const;
const create = `
CREATE TABLE IF NOT EXISTS marks (what VARCHAR, mark VARCHAR);
CREATE TABLE IF NOT EXISTS files (no INTEGER, id VARCHAR, mark VARCHAR, place INTEGER);
CREATE TABLE IF NOT EXISTS notices (file INTEGER, message VARCHAR);
CREATE TABLE IF NOT EXISTS terms (no INTEGER, field VARCHAR, key VARCHAR, shown VARCHAR, words VARCHAR[]);
CREATE TABLE IF NOT EXISTS totals (field VARCHAR, value INTEGER, shots BIGINT);
CREATE TABLE IF NOT EXISTS vocabulary (no INTEGER, word VARCHAR);
CREATE TABLE IF NOT EXISTS words (word INTEGER, shot INTEGER);
CREATE TABLE IF NOT EXISTS shots (no INTEGER, file INTEGER, id VARCHAR, "in" INTEGER, "out" INTEGER,
  timecode VARCHAR, seconds DOUBLE, "character" INTEGER[], ${oneValued.map((name) => `"${name}" INTEGER`).join(', ')},
  scene VARCHAR, caption VARCHAR, spoken VARCHAR, read VARCHAR, credited VARCHAR[], look INTEGER);`;

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

/** Removes the index's folder: rows that are only deleted leave their words in the file. The next question makes it anew. */
export async function removeIndex(path: string): Promise<void> {
  const before = working.get(path) ?? Promise.resolve();
  const remove = () => rm(dirname(path), { recursive: true, force: true });
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
  await removeOlder(path);
  const open = () => DuckDBInstance.create(path, { memory_limit: memory });
  return open().catch(async () => {
    await rm(path, { force: true });
    await rm(`${path}.wal`, { force: true });
    return open();
  });
}

/** Files of versions before hold the same words, and nobody would remove them. */
async function removeOlder(path: string): Promise<void> {
  const names = await readdir(dirname(path));
  const older = names.filter((name) => /^shots-\d+\.duckdb/.test(name) && !name.startsWith(basename(path)));
  for (const name of older) await rm(join(dirname(path), name), { force: true });
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
