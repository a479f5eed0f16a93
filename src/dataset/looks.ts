import { appendFile, type FileHandle, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckDBDataChunk, DuckDBListVector, DuckDBVector } from '@duckdb/node-api';
import { BacklotError } from '../contract/index.ts';
import type { Context, WorkspacePaths } from '../jobs/index.ts';
import { withdrawnShots } from '../rights/index.ts';
import { listShots, lookBytes, lookOf, type Shot } from '../shots/index.ts';
import { type Index, indexPath, rowsOf, together } from './index-store.ts';
import { asksNothing, type Where } from './look-up.ts';
import { type Near, nearestRows } from './nearest.ts';

/** Looks of shots, `lookBytes` each, beside the index whose column `look` says which row is whose. Goes with its folder. */
export const looksPath = (paths: WorkspacePaths): string => join(dirname(indexPath(paths)), 'looks-1.i8');

/** Films whose shots are looked at in one transaction: a run that is stopped loses no more. */
const filmsAtOnce = 10;
/** Pictures that are decoded at a time. */
const picturesAtOnce = 16;
/** Stands for a shot that has no picture, or one that nobody may look at any more. */
const unseen = -1;

/** Looks at the shots that nobody looked at yet: those of films that came or changed since. */
export async function refreshLooks(context: Context, index: Index): Promise<void> {
  await startAnew(context.paths, index);
  const films = await rowsOf(
    index,
    'SELECT f.no, f.id FROM files f WHERE f.no IN (SELECT file FROM shots WHERE look IS NULL) ORDER BY f.no',
  );
  if (films.length === 0) return;
  const withdrawn = await withdrawnShots(context);
  for (let at = 0; at < films.length; at += filmsAtOnce) {
    context.signal.throwIfAborted();
    context.report({ phase: 'looking at shots', done: at, total: films.length, unit: 'films' });
    await together(index, async () => {
      for (const { no, id } of films.slice(at, at + filmsAtOnce)) {
        await lookAtFilm(context, index, { no: Number(no), id: String(id) }, withdrawn);
      }
    });
  }
}

/** Where the file was lost or cut off, all is looked at again; one that no shot of the index has a row of is of another. */
async function startAnew(paths: WorkspacePaths, index: Index): Promise<void> {
  const [last] = await rowsOf(index, 'SELECT max(look) AS row FROM shots');
  const needed = last?.row === null ? 0 : Number(last?.row) + 1;
  if (needed > 0 && needed <= (await rowsIn(paths))) return;
  await rm(looksPath(paths), { force: true });
  if (needed > 0) await index.run('UPDATE shots SET look = NULL');
}

/** Whole rows of the file; those at its end that a stopped run left are nobody's. */
async function rowsIn(paths: WorkspacePaths): Promise<number> {
  const { size } = await stat(looksPath(paths)).catch(() => ({ size: 0 }));
  return Math.floor(size / lookBytes);
}

async function lookAtFilm(
  { db, paths }: Context,
  index: Index,
  film: { no: number; id: string },
  withdrawn: ReadonlySet<string>,
): Promise<void> {
  const shots = await listShots(db, film.id);
  const looks: (Int8Array | null)[] = [];
  for (let at = 0; at < shots.length; at += picturesAtOnce) {
    const some = shots.slice(at, at + picturesAtOnce);
    looks.push(...(await Promise.all(some.map((shot) => (withdrawn.has(shot.id) ? null : seen(shot))))));
  }
  let next = await rowsIn(paths);
  const rows = shots.map(({ id }, i) => ({ id, look: looks[i] ? next++ : unseen }));
  await mkdir(dirname(looksPath(paths)), { recursive: true });
  await appendFile(looksPath(paths), bytesOf(looks));
  await index.run(
    `UPDATE shots SET look = n.look FROM
      (SELECT unnest(from_json(?::JSON, '[{"id":"VARCHAR","look":"INTEGER"}]'), max_depth := 2)) n
      WHERE n.id = shots.id AND shots.file = ${film.no}`,
    [JSON.stringify(rows)],
  );
}

const bytesOf = (looks: readonly (Int8Array | null)[]): Buffer =>
  Buffer.concat(looks.flatMap((look) => (look ? [new Uint8Array(look.buffer)] : [])));

/** A picture that is gone or damaged is as good as none. */
async function seen({ thumbnail, facts }: Shot): Promise<Int8Array | null> {
  const picture = thumbnail === null ? null : await readFile(thumbnail).catch(() => null);
  return picture && lookOf(picture, facts).catch(() => null);
}

/** What a shot is compared by, and the table that it is compared with. */
export interface Compared {
  row: number;
  look: Int8Array;
  table: Int8Array;
}

/** @throws BacklotError `no-such-shot`, `no-picture` */
export async function lookOfShot(index: Index, paths: WorkspacePaths, id: string): Promise<Compared> {
  const [shot] = await rowsOf(index, 'SELECT look FROM shots WHERE id = ?', [id]);
  if (!shot) throw cannotCompare('no-such-shot', 'the id of a shot of this workspace', id);
  const row = Number(shot.look);
  if (row < 0) throw cannotCompare('no-picture', 'a shot with a thumbnail', `${id}, which has none`);
  const table = await tableIn(looksPath(paths));
  return { row, look: table.slice(row * lookBytes, (row + 1) * lookBytes), table };
}

/** The table read last, by path and by what the file was then: a server asks it again and again. */
const held = new Map<string, Int8Array>();

/** What was read of looks goes from memory too. */
export const forgetLooks = (): void => held.clear();

/** The whole file at once, into memory that is neither cleared before nor copied after. */
async function tableIn(path: string): Promise<Int8Array> {
  await using file = await open(path, 'r');
  const { size, mtimeMs, ino } = await file.stat();
  const mark = [path, size, mtimeMs, ino].join(' ');
  const table = held.get(mark) ?? (await wholeOf(file, size));
  held.clear();
  held.set(mark, table);
  return table;
}

async function wholeOf(file: FileHandle, size: number): Promise<Int8Array> {
  const table = new Int8Array(Buffer.allocUnsafeSlow(size).buffer);
  for (let at = 0; at < table.length; ) {
    const { bytesRead } = await file.read(table, at, table.length - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return table;
}

const cannotCompare = (code: string, expected: string, found: string): BacklotError =>
  new BacklotError(code, {
    expected,
    where: 'dataset search --like SHOT',
    found,
    remedy: 'Name another shot: backlot shots list.',
  });

/** Shots that one is compared with: how many, how long they are, and which rows of the table are theirs; null: all. */
export interface Comparable {
  found: number;
  seconds: number;
  rows: ArrayLike<number> | null;
}

/**
 * The shots that match, without the one itself. One question counts them and gives their rows as one list: a million set
 * aside and fetched chunk by chunk take 119 ms of processor time, as a list 27.
 */
export async function comparableShots(
  index: Index,
  where: Where,
  { row, table }: Compared,
): Promise<Comparable> {
  const sums = 'SELECT count(*) AS found, coalesce(sum(s.seconds), 0) AS seconds';
  const others = `FROM ${where.from} WHERE ${where.sql} AND s.look >= 0 AND s.look <> ${row}`;
  if (asksNothing(where)) {
    const [all] = await rowsOf(index, `${sums} ${others}`);
    const [found, seconds] = [Number(all?.found), Number(all?.seconds)];
    if ((found + 1) * lookBytes === table.length) return { found, seconds, rows: null };
  }
  const result = await index.run(`${sums}, list(s.look) AS looks ${others}`, where.values);
  const chunk = (await result.fetchChunk()) as DuckDBDataChunk;
  const [found, seconds] = chunk.getRowValues(0);
  return { found: Number(found), seconds: Number(seconds), rows: numbersIn(chunk.getColumnVector(2)) };
}

/** The numbers of the only list of a column. */
function numbersIn(column: DuckDBVector): Int32Array {
  const { childVector } = column as DuckDBListVector;
  const numbers = new Int32Array(childVector.itemCount);
  for (let i = 0; i < numbers.length; i++) numbers[i] = childVector.getItem(i) as number;
  return numbers;
}

/** The shots that look most like one: their numbers in the index, the likest first. */
export async function nearestShots(
  index: Index,
  rows: Comparable['rows'],
  { row: own, look, table }: Compared,
  most: number,
): Promise<{ no: number; distance: number }[]> {
  const near = nearestRows(table, look, rows, most + 1)
    .filter(({ row }) => row !== own)
    .slice(0, most);
  const numbers = await numbersOf(index, near);
  return near.flatMap(({ row, distance }) => {
    const no = numbers.get(row);
    return no === undefined ? [] : [{ no, distance }];
  });
}

async function numbersOf(index: Index, near: readonly Near[]): Promise<Map<number, number>> {
  if (near.length === 0) return new Map();
  const rows = await rowsOf(
    index,
    `SELECT no, look FROM shots WHERE look IN (SELECT unnest([${near.map(({ row }) => row).join(', ')}]))`,
  );
  return new Map(rows.map(({ no, look }) => [Number(look), Number(no)]));
}
