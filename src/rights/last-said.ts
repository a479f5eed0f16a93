import { type SQL, sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { canonical } from '../jobs/index.ts';
import { type Row, type Section, textOf } from './raw.ts';
import { keeping } from './replacing.ts';

const { rightsRows } = tables;

/** Of rows of the record those that were in force: not what was recorded of a row that the same ledger took out of force. */
export const stood = sql`${rightsRows.id} <> ${rightsRows.ledger} || '/' || ${rightsRows.section} || '/' || ${rightsRows.key} || '/replaced'`;

const { content, seq, ledger } = rightsRows;

/**
 * Of versions of rows that name others in `supersedes` those that replaced them. A consent of before 2026-11-28 that named a refusal lifted it, by what that had said last by
 * then (ADR 0198).
 */
export const replacing = (of: Section): SQL | undefined =>
  of !== 'consents'
    ? undefined
    : sql`(${content} ->> 'answer' = 'given' and ${content} ->> 'supersedes' in (
        select key from ${rightsRows} where section = 'consents' and content ->> 'answer' = 'refused')
      and (select old.content ->> 'answer' = 'refused' from ${rightsRows} old
        where old.section = 'consents' and old.key = ${content} ->> 'supersedes' and old.content is not null
          and (old.seq < ${seq} or old.ledger = ${ledger}) order by old.seq desc limit 1)) is not true`;

type Reader = Pick<Db, 'execute'>;

/** What rows said last, those that are out of force too. */
export async function lastContents(db: Reader, of: Section, keys: readonly string[]): Promise<Row[]> {
  const { rows } = await db.execute<{ content: Row }>(sql`
    select last.content from jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb) k(key)
    join lateral (select content from ${rightsRows}
      where section = ${of} and key = k.key and content is not null order by seq desc limit 1) last on true
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
