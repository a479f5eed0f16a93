import { and, eq, inArray, sql } from 'drizzle-orm';
import { type Db, tables, texts } from '../db/index.ts';
import type { Nameable } from './person-names.ts';
import type { Party } from './schema.ts';
import { rowsInForce } from './store.ts';

const { section, content } = tables.rightsRows;

const people: readonly Party['kind'][] = ['person', 'estate'];

/**
 * The parties of the ledger in force whose name in a caption or brief stands for somebody who can be seen: people and estates, and of
 * other parties (a band) those of whom the ledger says that they are seen or what they consent to.
 */
export async function nameable(db: Db): Promise<Nameable[]> {
  const rows = await rowsInForce(db, eq(section, 'parties'));
  const parties = rows.map((row) => row.content as Party);
  const others = parties.filter(({ kind }) => !people.includes(kind)).map(({ id }) => id);
  const seen = await seenAmong(db, others);
  return parties.filter(({ id, kind }) => people.includes(kind) || seen.has(id));
}

async function seenAmong(db: Db, parties: readonly string[]): Promise<Set<string>> {
  if (parties.length === 0) return new Set();
  const theirs = sql`${content} ->> 'party' = any(${texts(parties)})`;
  const rows = await rowsInForce(db, and(inArray(section, ['appearances', 'consents']), theirs));
  return new Set(rows.map((row) => (row.content as { party: string }).party));
}
