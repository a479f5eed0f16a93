import { type SQL, sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { isOver } from './raw.ts';

/** A consent in force, and a refusal that it lifts. */
interface Lift {
  key: string;
  id: string;
}

/** Consents in force that lift some of these refusals. */
export const liftsInForce = (db: Db, refusals: readonly string[], now = Date.now()): Promise<Lift[]> =>
  refusals.length === 0
    ? Promise.resolve([])
    : liftsWhere(db, sql`in (select jsonb_array_elements_text(${JSON.stringify(refusals)}::jsonb))`, now);

/** What consents in force lift that have not ended and are not withdrawn, in the order of recording. */
async function liftsWhere(db: Db, among: SQL, now: number): Promise<Lift[]> {
  const { rows } = await db.execute<
    Record<'key' | 'id', string> & Record<'until' | 'withdrawn', string | null>
  >(sql`
    select r.key, named.id, r.content ->> 'until' as until, r.content ->> 'withdrawn' as withdrawn
    from ${tables.rightsRows} r cross join lateral jsonb_array_elements_text(r.content -> 'lifts') named(id)
    where r.section = 'consents' and r.content -> 'lifts' is not null and r.content ->> 'answer' = 'given'
      and named.id ${among} and not exists (
        select 1 from ${tables.rightsRows} newer where newer.section = r.section and newer.key = r.key and newer.seq > r.seq)
    order by r.seq`);
  return rows.filter((row) => !isOver(row, now)).map(({ key, id }) => ({ key, id }));
}

/** Warnings that are told. */
const TOLD = 20;

/**
 * Consents in force that lift a refusal which is not: told and not refused, as what was refused in its place has to be recorded whatever else the ledger says.
 */
export async function idleLiftWords(db: Db, now = Date.now()): Promise<string[]> {
  const standing = sql`select key from (
    select distinct on (key) key, content is not null as stands from ${tables.rightsRows}
    where section = 'consents' order by key, seq desc) newest where stands`;
  const idle = await liftsWhere(db, sql`not in (${standing})`, now);
  const more = idle.length - TOLD;
  return [
    ...idle.slice(0, TOLD).map(wordsFor),
    ...(more > 0 ? [`${more} more consents lift refusals that are not in force`] : []),
  ];
}

const wordsFor = ({ key, id }: { key: string; id: string }): string =>
  `consents/${key} lifts consents/${id}, which is not in force: what was refused in its place is, until a consent names that in lifts`;
