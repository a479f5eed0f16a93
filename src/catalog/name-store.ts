import { asc, eq, type SQL, sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import type { CatalogFile } from './schema.ts';

const { catalogFiles } = tables;

/** Another base name under which the same bytes lie: a ledger may know them by it. */
export async function addName(db: Db, { id, facts }: CatalogFile, name: string): Promise<void> {
  const names = JSON.stringify({ names: [...new Set([...(facts.names ?? []), name])] });
  await db
    .update(catalogFiles)
    .set({ facts: sql`${catalogFiles.facts} || ${names}::jsonb` })
    .where(eq(catalogFiles.id, id));
}

/** Every film by its base name, its hash and the other base names of its bytes. */
export const listFilesNamed = (
  db: Db,
): Promise<{ id: string; name: string; sha256: string; also: string[] }[]> => {
  const { id, path, sha256, facts } = catalogFiles;
  const name = sql<string>`regexp_replace(${path}, '^.*/', '')`;
  const also = sql<string[]>`coalesce(${facts} -> 'names', '[]')`;
  return db.select({ id, name, sha256, also }).from(catalogFiles).orderBy(asc(catalogFiles.reel), asc(id));
};

const otherNames = sql`case when jsonb_typeof(${catalogFiles.facts} -> 'names') = 'array'
  then ${catalogFiles.facts} -> 'names' else '[]' end`;

/**
 * Whether the bytes were found under one of the names, too.
 * @param names a query, or a list in brackets, of names in NFC
 */
export const alsoNamed = (names: SQL): SQL =>
  sql`exists (select 1 from jsonb_array_elements_text(${otherNames}) also(name) where normalize(also.name, NFC) in ${names})`;
