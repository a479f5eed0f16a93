import { and, eq, inArray, sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import type { Section } from './raw.ts';
import { rowsInForce } from './store.ts';

const { section, key, content } = tables.rightsRows;

/** Rows in force that stand in the place of one, by every version of the ledger: what replaced it, and what replaced that. Those that are withdrawn are not told. */
export async function standingFor(db: Db, of: Section, id: string): Promise<string[]> {
  const old = sql<string>`${content} ->> 'supersedes'`;
  const found = new Set<string>();
  for (let next = [id]; next.length > 0; ) {
    const rows = await db
      .selectDistinct({ key })
      .from(tables.rightsRows)
      .where(and(eq(section, of), inArray(old, next)));
    next = rows.map((row) => row.key).filter((one) => one !== id && !found.has(one));
    for (const one of next) found.add(one);
  }
  if (found.size === 0) return [];
  const standing = await rowsInForce(
    db,
    and(
      eq(section, of),
      inArray(key, [...found]),
      sql`${content} ->> 'withdrawn' is null and ${content} ->> 'answer' is distinct from 'refused'`,
    ),
  );
  return standing.map((row) => `${of}/${row.key}`).sort();
}
