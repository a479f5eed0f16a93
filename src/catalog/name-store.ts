import { asc, eq, type SQL, sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import type { CatalogFile } from './schema.ts';

const { catalogFiles } = tables;

/**
 * Another base name under which the same bytes lie: a ledger may know them by it.
 * @param found the name that is new, which is the other one or, of a film that was moved, its own
 */
export async function addName(db: Db, file: CatalogFile, other: string, found: string): Promise<void> {
  const { id, facts } = file;
  const names = JSON.stringify({ names: [...new Set([...(facts.names ?? []), other])] });
  const dated = facts.names?.includes(found) || facts.namedAt?.[found] ? sql`'{}'::jsonb` : datedNow(found);
  await db
    .update(catalogFiles)
    .set({ facts: sql`${catalogFiles.facts} || ${names}::jsonb || ${dated}` })
    .where(eq(catalogFiles.id, id));
}

/** By the clock that dates statements, and as they write it. */
function datedNow(name: string): SQL {
  const now = sql`to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const all = sql`coalesce(${catalogFiles.facts} -> 'namedAt', '{}') || jsonb_build_object(${name}::text, ${now})`;
  return sql`jsonb_build_object('namedAt', ${all})`;
}

const otherNames = sql<string[]>`case when jsonb_typeof(${catalogFiles.facts} -> 'names') = 'array'
  then ${catalogFiles.facts} -> 'names' else '[]' end`;

/** Every film by its base name, its hash and the other base names of its bytes. */
export const listFilesNamed = (
  db: Db,
): Promise<{ id: string; name: string; sha256: string; also: string[] }[]> => {
  const { id, path, sha256 } = catalogFiles;
  const name = sql<string>`regexp_replace(${path}, '^.*/', '')`;
  return db
    .select({ id, name, sha256, also: otherNames })
    .from(catalogFiles)
    .orderBy(asc(catalogFiles.reel), asc(id));
};

/**
 * Whether the bytes were found under one of the names, too.
 * @param names a query, or a list in brackets, of names in NFC
 */
export const alsoNamed = (names: SQL): SQL =>
  sql`exists (select 1 from jsonb_array_elements_text(${otherNames}) also(name) where normalize(also.name, NFC) in ${names})`;
