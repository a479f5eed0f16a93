import { sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { type Forbids, forbidsLess } from './forbids.ts';
import { liftedBy, liftedPart } from './lifting.ts';
import { isOver, type Problem, problem, type Row, shown, textOf } from './raw.ts';

/** A consent that went out of force, and a refusal that it lifted: as it was then, and as it is now. */
interface Gone {
  key: string;
  on: string | null;
  was: Row;
  now: Row;
}

/**
 * Consents that come into force again and lift refusals which were said for more meanwhile: as from a register that brings each month what a file leaves out. A consent of
 * another day is another word.
 */
export async function liftedAgain(db: Pick<Db, 'execute'>, rows: readonly Row[]): Promise<Problem[]> {
  const lifting = rows.flatMap((row, i) =>
    liftedBy(row).length === 0 || isOver(row, Date.now()) ? [] : [{ row, i }],
  );
  if (lifting.length === 0) return [];
  const gone = await goneLifts(
    db,
    lifting.flatMap(({ row }) => textOf(row.id) ?? []),
  );
  const byKey = Map.groupBy(gone, ({ key }) => key);
  return lifting.flatMap(({ row, i }) =>
    (byKey.get(textOf(row.id) ?? '') ?? []).flatMap(({ on, was, now }) => {
      const isAsked = liftedBy(row).includes(String(now.id)) && (row.on ?? null) === on;
      const part = isAsked ? liftedPart(now, row) : null;
      const words = part === null ? [] : forbidsLess(part as unknown as Forbids, was as unknown as Forbids);
      return words.length === 0 ? [] : [again(i, row, now, words)];
    }),
  );
}

const again = (i: number, row: Row, now: Row, words: readonly string[]): Problem =>
  problem(
    ['consents', i, 'lifts'],
    `what ${shown(now.id)} refused when ${shown(row.id)}, which comes again, was in force`,
    `more of ${words.join(', ')} since`,
    'Leave this consent out, or let it lift that no more: what was agreed to since is a row of its own id, with its day.',
  );

async function goneLifts(db: Pick<Db, 'execute'>, keys: readonly string[]): Promise<Gone[]> {
  const of = tables.rightsRows;
  const { rows } = await db.execute<{ key: string; on: string | null; was: Row; now: Row }>(sql`
    select k.key, last.content ->> 'on' as on, was.content as was, now.content as now
    from jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb) k(key)
    join lateral (select seq, ledger, content from ${of}
      where section = 'consents' and key = k.key order by seq desc limit 1) gone on gone.content is null
    join lateral (select content from ${of}
      where section = 'consents' and key = k.key and content is not null order by seq desc limit 1) last on true
    cross join lateral jsonb_array_elements_text(last.content -> 'lifts') named(id)
    join lateral (select content from ${of} where section = 'consents' and key = named.id
      and seq < gone.seq and ledger <> gone.ledger order by seq desc limit 1) was on was.content ->> 'answer' = 'refused'
    join lateral (select content from ${of}
      where section = 'consents' and key = named.id order by seq desc limit 1) now on now.content ->> 'answer' = 'refused'`);
  return rows;
}
