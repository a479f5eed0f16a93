import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { openDb } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { withdraw } from './withdraw.ts';
import { fillWorkspace } from './withdrawn.test-support.ts';

let folder: string;
let context: Context;
let close: () => Promise<void>;

/** Found in a file wherever the captions, the words read in frames or the small pictures of the harbour are. */
const unique = 'quuxzebra';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-remains-'));
  ({ context, close } = await testContext({ db: await openDb(folder) }));
  const { db } = context;
  await fillWorkspace(context);
  const lines = JSON.stringify({ text: { covers: 0.1, lines: [`${unique} read`], names: [] } });
  for (const change of [
    sql`update dataset_clips set caption = ${`${unique} of a clip`} where snapshot_id = 'dst_harbour'`,
    sql`insert into dataset_captions (shot_id, file_id, source, caption, who)
      select id, file_id, 'person', ${`${unique} written`}, 'ann' from shots_shots where id like 'sht_harbour%'`,
    sql`update shots_shots set facts = facts || ${lines}::jsonb where id like 'sht_harbour%'`,
    sql`update shots_prints set grids = ${Buffer.from(`${unique} seen`)} where shot_id like 'sht_harbour%'`,
  ])
    await db.execute(change);
  // A file of the log that is full is used again, with what it holds, for what comes later.
  await db.execute(sql`select pg_switch_wal()`);
  await db.execute(sql`checkpoint`);
});
afterAll(async () => {
  await close();
  await rm(folder, { recursive: true });
});

async function holding(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found: string[] = [];
  for (const file of files) if ((await readFile(file)).includes(unique)) found.push(file);
  return found;
}

it('what a withdrawal removed is in no file of the database any more, its log included', async () => {
  const before = await holding();
  expect(before.filter((file) => file.includes('pg_wal')).length).toBeGreaterThan(0);
  expect(before.filter((file) => file.includes('base')).length).toBeGreaterThanOrEqual(4);
  await withdraw(context, { territory: 'world', dryRun: false, title: 'harbour' });
  expect(await holding()).toEqual([]);
});
