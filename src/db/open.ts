import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
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
  keepCompiledCode();
  const client = directory === null ? await PGlite.create() : await PGlite.create(directory);
  const db = drizzle(client, { schema: tables, casing: 'snake_case' });
  await migrate(db, { migrationsFolder });
  return db;
}

/**
 * Node 24.21 ends the whole process now and then when it frees compiled WebAssembly twice, as it may where databases
 * come and go (nodejs/node#66366: `Check failed: jit_page_->allocations_.erase(addr) == 1`). What it has compiled stays
 * instead. To be taken out with the first Node 24 that frees it once.
 */
function keepCompiledCode(): void {
  setFlagsFromString('--no-wasm-code-gc');
}

export async function closeDb(db: Db): Promise<void> {
  await db.$client.close();
}
