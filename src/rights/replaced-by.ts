import { and, eq, inArray, sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { replacing } from './last-said.ts';
import type { Section } from './raw.ts';
import { knownKeys, replacements } from './register-around.ts';
import { rowsInForce } from './store.ts';
import { successorsIn } from './successors.ts';

const { section, key, content } = tables.rightsRows;

/** Rows in force that stand in the place of one, by every version of the ledger: what replaced it, and what replaced that. Those that are withdrawn are not told. */
export async function standingFor(db: Db, of: Section, id: string): Promise<string[]> {
  const old = sql<string>`${content} ->> 'supersedes'`;
  const found = new Set<string>();
  for (let next = [id]; next.length > 0; ) {
    const rows = await db
      .selectDistinct({ key })
      .from(tables.rightsRows)
      .where(and(eq(section, of), inArray(old, next), replacing(of)));
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

/**
 * Rows that were replaced once and are not in force, though others in whose place these stand may be gone too: each as what replaces it.
 * @param isAmong whether a register brings the row again
 */
export async function replacedBefore(
  db: Db,
  of: Section,
  isAmong: (id: string) => boolean,
): Promise<{ id: string; supersedes: string }[]> {
  const ever = await replacements(db, of);
  const again = [...new Set(ever.map(({ supersedes }) => supersedes))].filter(isAmong);
  if (again.length === 0) return [];
  const successors = successorsIn(ever);
  const found = again.flatMap((old) => successors(old).map((id) => ({ id, supersedes: old })));
  const standing = await knownKeys(
    db,
    of,
    found.flatMap(({ id, supersedes }) => [id, supersedes]),
  );
  return found.filter(({ id, supersedes }) => standing.has(id) && !standing.has(supersedes));
}
