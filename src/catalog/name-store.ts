import { eq, sql } from 'drizzle-orm';
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
