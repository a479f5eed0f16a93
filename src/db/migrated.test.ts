import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { closeDb, openInMemory, tables } from './index.ts';

const migration = (name: string): Promise<string> =>
  readFile(new URL(`./migrations/${name}.sql`, import.meta.url), 'utf8');

/** The key that an earlier version had: one row for a thing, whatever withdrawals reached it. */
const earlierKey = `
  ALTER TABLE provenance_blocks DROP CONSTRAINT provenance_blocks_kind_id_withdrawal_pk;
  ALTER TABLE provenance_blocks ADD CONSTRAINT provenance_blocks_kind_id_pk PRIMARY KEY (kind, id);`;

it('what an earlier version blocked stays blocked, and may be blocked by a further withdrawal', async () => {
  const db = await openInMemory();
  await db.$client.exec(earlierKey);
  const row = { kind: 'take', id: 'tak_1', withdrawal: 'titles/a', via: 'mdl_1' };
  await db.insert(tables.provenanceBlocks).values(row);
  await db.$client.exec(await migration('0024_blocks_by_withdrawal'));
  await db.insert(tables.provenanceBlocks).values({ ...row, withdrawal: 'titles/b' });
  const rows = await db.select().from(tables.provenanceBlocks);
  expect(rows).toMatchObject([row, { ...row, withdrawal: 'titles/b' }]);
  await closeDb(db);
});
