import { sql } from 'drizzle-orm';
import type { Db } from './open.ts';

/**
 * Rewrites tables and replaces the log of writes, so that no file of the database holds what rows no longer say: PostgreSQL
 * keeps old rows in its files, and both old and new ones in its log. Needs room for a second copy of the largest table.
 * A database in memory leaves no files. What the disk keeps of files that are gone is not reached.
 * @param emptied names of tables, with the schema where it is not the default one
 */
export async function clearRemains(db: Db, emptied: readonly string[]): Promise<void> {
  if (db.$client.dataDir === undefined) return;
  for (const table of emptied) {
    const name = table.split('.').map((part) => sql.identifier(part));
    await db.execute(sql`vacuum full ${sql.join(name, sql`.`)}`);
  }
  // Otherwise files of the log are used again with what they hold, under the name of one to come.
  await db.execute(sql`set wal_recycle = off`);
  try {
    await replaceLog(db);
  } finally {
    await db.execute(sql`reset wal_recycle`);
  }
}

/** Goes on in new files of the log until none of those that are there now is left, nor one kept for later. */
async function replaceLog(db: Db): Promise<void> {
  const old = new Set(await logFiles(db));
  // One file a turn at least, and one more for where the log stands.
  for (let turn = 0; turn <= old.size + 1; turn += 1) {
    await db.execute(sql`select pg_switch_wal()`);
    await db.execute(sql`checkpoint`);
    if (!(await logFiles(db)).some((name) => old.has(name))) return;
  }
  throw new Error(`the log of writes was not replaced: ${(await logFiles(db)).join(', ')}`);
}

async function logFiles(db: Db): Promise<string[]> {
  const { rows } = await db.execute<{ name: string }>(sql`select name from pg_ls_waldir()`);
  return rows.map(({ name }) => name);
}
