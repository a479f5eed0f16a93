import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { drizzle, type PgliteDatabase } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import * as tables from './tables.ts';

export type Db = PgliteDatabase<typeof tables> & { $client: PGlite };

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));

/**
 * Opens the workspace's database and brings its tables up to date.
 * @param directory folder of the database, or null for one in memory (tests)
 */
export async function openDb(directory: string | null): Promise<Db> {
  const client = directory === null ? await PGlite.create() : await PGlite.create(directory);
  const db = drizzle(client, { schema: tables, casing: 'snake_case' });
  await migrate(db, { migrationsFolder });
  return db;
}

export async function closeDb(db: Db): Promise<void> {
  await db.$client.close();
}
