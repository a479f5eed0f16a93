import { type SQL, sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { canonical } from '../jobs/index.ts';
import { type Row, type Section, textOf } from './raw.ts';
import { keeping } from './replacing.ts';

const { rightsRows } = tables;

/** Of rows of the record those that were in force: not what was recorded of a row that the same ledger took out of force. */
export const stood = sql`${rightsRows.id} <> ${rightsRows.ledger} || '/' || ${rightsRows.section} || '/' || ${rightsRows.key} || '/replaced'`;

type Reader = Pick<Db, 'execute'>;

/** What rows said last, those that are out of force too. */
export const lastContents = (db: Reader, of: Section, keys: readonly string[]): Promise<Row[]> =>
  newestOf(db, of, keys, sql`seq desc`);

/** What rows said last while they were in force; of those that never were, what was said of them last. */
export const lastStood = (db: Reader, of: Section, keys: readonly string[]): Promise<Row[]> =>
  newestOf(db, of, keys, sql`${stood} desc, seq desc`);

async function newestOf(db: Reader, of: Section, keys: readonly string[], order: SQL): Promise<Row[]> {
  const { rows } = await db.execute<{ content: Row }>(sql`
    select last.content from jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb) k(key)
    join lateral (select content from ${rightsRows}
      where section = ${of} and key = k.key and content is not null order by ${order} limit 1) last on true
    order by k.key`);
  return rows.map(({ content }) => content);
}

/** A row beside what it said when it was recorded last, if it ever was. */
export interface Beside {
  row: Row;
  was?: Row | undefined;
}

/** @param held by a register, which says nothing of other fields; without it a row says all */
export async function besideLast(
  db: Reader,
  of: Section,
  rows: readonly Row[],
  held?: ReadonlySet<string>,
): Promise<Beside[]> {
  if (rows.length === 0) return [];
  const keys = rows.flatMap(({ id }) => textOf(id) ?? []);
  const last = new Map((await lastContents(db, of, keys)).map((row) => [row.id, row]));
  return rows.map((row) => {
    const was = last.get(row.id);
    return { row: was && held ? keeping(row, was, held) : row, was };
  });
}

/** Rows as they are now, of those that say something else than they did, or were never recorded. */
export const saidAnew = (beside: readonly Beside[]): Row[] =>
  beside.flatMap(({ row, was }) => (was && canonical(was) === canonical(row) ? [] : [row]));
