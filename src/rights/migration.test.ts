import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { expect, test } from 'vitest';
import { type Db, tables } from '../db/index.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { currentLedger, ledgerById } from './store.ts';

const migrations = new URL('../db/migrations', import.meta.url).pathname;

/** Brings the database to what it was before the migration of this name. */
async function migrateUntil(db: Db, name: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'backlot-migrations-'));
  await cp(migrations, folder, { recursive: true });
  const journal = JSON.parse(await readFile(join(folder, 'meta/_journal.json'), 'utf8'));
  const end = journal.entries.findIndex(({ tag }: { tag: string }) => tag === name);
  const older = { ...journal, entries: journal.entries.slice(0, end) };
  await writeFile(join(folder, 'meta/_journal.json'), JSON.stringify(older));
  await migrate(db, { migrationsFolder: folder });
  await rm(folder, { recursive: true });
}

/** A database as a workspace had it before ledgers were kept by rows, with these documents recorded. */
async function olderWorkspace(documents: readonly object[]): Promise<Db> {
  const client = await PGlite.create();
  const db = drizzle(client, { schema: tables, casing: 'snake_case' });
  await migrateUntil(db, '0001_no_runs');
  for (const [n, document] of documents.entries()) {
    const values = [`ldg_${n}`, 'a'.repeat(64), `ledger-${n}.yaml`, JSON.stringify(document), `lawyer-${n}`];
    await client.query(
      'insert into rights_ledgers (id, sha256, source, document, recorded_by) values ($1, $2, $3, $4, $5)',
      values,
    );
  }
  return db;
}

test('ledgers recorded as documents are carried over row by row, with their history', async () => {
  const first = clearedFile();
  const [g1] = first.grants ?? [];
  const second = { ...first, grants: [{ ...g1, until: '2027-01-01' }], consents: [] };
  const third = { ...second, consents: first.consents };
  const db = await olderWorkspace([first, second, third]);
  await migrateUntil(db, '0006_no_ledger_documents');
  const recorded = await db.execute<{ id: string; document: object }>(
    'select id, document from rights_ledgers',
  );
  await migrate(db, { migrationsFolder: migrations });
  const rows = await db.select().from(tables.rightsRows).orderBy(tables.rightsRows.seq);
  expect(rows.slice(6).map(({ id, supersedes, content }) => [id, supersedes, content === null])).toEqual([
    ['ldg_1/grants/g1', 'ldg_0/grants/g1', false],
    ['ldg_1/consents/c1', 'ldg_0/consents/c1', true],
    ['ldg_2/consents/c1', 'ldg_1/consents/c1', false],
  ]);
  expect(rows[6]).toMatchObject({ recordedBy: 'lawyer-1' });
  const now = await currentLedger(db);
  expect(now).toMatchObject({ id: 'ldg_2', source: 'ledger-2.yaml', document: third });
  for (const { id, document } of recorded.rows)
    expect((await ledgerById(db, id))?.document).toMatchObject(document);
  await expect(db.execute('select document from rights_ledgers')).rejects.toThrow();
  await db.$client.close();
});

test('a workspace without a ledger migrates too', async () => {
  const db = await olderWorkspace([]);
  await migrate(db, { migrationsFolder: migrations });
  expect(await currentLedger(db)).toBeNull();
  await db.$client.close();
});
