import { and, asc, eq, or, type SQL, sql } from 'drizzle-orm';
import { type Db, tables, texts } from '../db/index.ts';
import { type CatalogFile, catalogFileSchema } from './schema.ts';
import { isMarked, selectFiles } from './store.ts';

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

/** Films of whose bytes other base names are known: few, and found by an index. */
const isRenamed = sql`jsonb_typeof(${catalogFiles.facts} -> 'names') = 'array'`;

const otherNames = sql<string[]>`case when ${isRenamed}
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

const baseName = sql<string>`normalize(regexp_replace(${catalogFiles.path}, '^.*/', ''), NFC)`;

/** Films that bear one of the base names, or whose bytes were found under it too. @param names in NFC */
function isNamed(names: readonly string[]): SQL | undefined {
  const own = texts(names);
  const also = sql`exists (select 1 from jsonb_array_elements_text(${otherNames}) also(name)
    where normalize(also.name, NFC) = any(${own}))`;
  return or(sql`${baseName} = any(${own})`, and(isRenamed, also));
}

/** Films whose base name is `name`, or that were found under it too, however Unicode writes it. */
export async function filesNamed(db: Db, name: string): Promise<CatalogFile[]> {
  const rows = await selectFiles(db).where(isNamed([name.normalize('NFC')]));
  return rows.map((row) => catalogFileSchema.parse(row));
}

/** Films, those that were found under the same base names, and all that say something about training on them: what decides on their shots. */
export async function filesAround(db: Db, ids: readonly string[]): Promise<CatalogFile[]> {
  if (ids.length === 0) return [];
  const own = sql`${catalogFiles.id} = any(${texts(ids)})`;
  // Read first: names that a query within the query finds are compared with those of every film.
  const found = await db.selectDistinct({ name: baseName }).from(catalogFiles).where(own);
  const names = found.map(({ name }) => name);
  const rows = await selectFiles(db).where(or(isNamed(names), isMarked));
  return rows.map((row) => catalogFileSchema.parse(row));
}
