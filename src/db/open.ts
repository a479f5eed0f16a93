import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { PGlite } from '@electric-sql/pglite';
import { drizzle, type PgliteDatabase } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import * as tables from './tables.ts';

export type Db = PgliteDatabase<typeof tables> & { $client: PGlite };

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));

/** PostgreSQL's own 128 MB would all be in memory from the start; the system holds what was read of files, too. */
const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=32MB'];

/** Opens the workspace's database in its folder and brings its tables up to date. */
export async function openDb(directory: string): Promise<Db> {
  keepCompiledCode();
  return upToDate(await compiledQuickly(() => PGlite.create(directory, { startParams })));
}

/** What a new database holds, once one was opened in memory. */
let empty: ReturnType<PGlite['dumpDataDir']> | undefined;

/** Opens an empty database in memory, for tests: a copy of the first one, as copying takes a quarter of the time. */
export async function openInMemory(): Promise<Db> {
  keepCompiledCode();
  empty ??= dumped();
  return typed(await PGlite.create({ loadDataDir: await empty }));
}

async function dumped(): ReturnType<PGlite['dumpDataDir']> {
  const db = await upToDate(await PGlite.create());
  const dump = await db.$client.dumpDataDir('none');
  await closeDb(db);
  return dump;
}

const typed = (client: PGlite): Db => drizzle(client, { schema: tables, casing: 'snake_case' });

async function upToDate(client: PGlite): Promise<Db> {
  const db = typed(client);
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

/**
 * What runs first stays as it was compiled first, above all PostgreSQL's parser: to compile that well took 600 MB for a moment and
 * a second of the processor, in each command.
 */
async function compiledQuickly<T>(work: () => Promise<T>): Promise<T> {
  for (const flag of tierUp) setFlagsFromString(`--no-${flag}`);
  try {
    return await work();
  } finally {
    for (const flag of tierUp) setFlagsFromString(`--${flag}`);
  }
}

const tierUp = ['wasm-tier-up', 'wasm-dynamic-tiering'];

export async function closeDb(db: Db): Promise<void> {
  await db.$client.close();
}
