import { and, eq, sql } from 'drizzle-orm';
import { type Db, tables, texts } from '../db/index.ts';
import { liftedBy } from './lifting.ts';
import { isOver, type Row } from './raw.ts';
import { knownKeys } from './register-around.ts';
import { rowsInForce } from './store.ts';

const { section, content } = tables.rightsRows;

const isGiven = sql`${content} ->> 'answer' = 'given'`;

/** Consents in force that lift some of these refusals, each with those that it names. */
export async function liftsInForce(
  db: Db,
  refusals: readonly string[],
): Promise<{ key: string; lifts: string[] }[]> {
  if (refusals.length === 0) return [];
  const names = sql`${content} -> 'lifts' ?| ${texts(refusals)}`;
  const rows = await rowsInForce(db, and(eq(section, 'consents'), isGiven, names));
  return rows.map(({ key, content: row }) => ({ key, lifts: liftedBy(row as Row) }));
}

/** Warnings that are told. */
const TOLD = 20;

/**
 * Consents in force that lift a refusal which is not: told and not refused, as what was refused in its place has to be recorded whatever else the ledger says.
 */
export async function idleLiftWords(db: Db, now = Date.now()): Promise<string[]> {
  const isLifting = sql`${content} -> 'lifts' is not null`;
  const found = await rowsInForce(db, and(eq(section, 'consents'), isGiven, isLifting));
  const lifts = found.flatMap(({ key, content: row }) =>
    isOver(row as Row, now) ? [] : liftedBy(row as Row).map((id) => ({ key, id })),
  );
  const ids = [...new Set(lifts.map(({ id }) => id))];
  const standing = await knownKeys(db, 'consents', ids);
  const idle = lifts.filter(({ id }) => !standing.has(id));
  const more = idle.length - TOLD;
  return [
    ...idle.slice(0, TOLD).map(wordsFor),
    ...(more > 0 ? [`${more} more consents lift refusals that are not in force`] : []),
  ];
}

const wordsFor = ({ key, id }: { key: string; id: string }): string =>
  `consents/${key} lifts consents/${id}, which is not in force: what was refused in its place is, until a consent names that in lifts`;
