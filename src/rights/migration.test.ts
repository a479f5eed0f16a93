import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { describe, expect, test } from 'vitest';
import { type Db, tables } from '../db/index.ts';
import { noLedger } from './bulk.ts';
import { decide } from './decide.ts';
import { asking, clearedFile } from './ledgers.test-support.ts';
import { registeredRows } from './registered.ts';
import { ledgerSchema } from './schema.ts';
import { appendLedger, currentLedger, ledgerById } from './store.ts';

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

describe('refusals that consents had taken out of force', () => {
  const [c1] = clearedFile().consents ?? [];
  const no = {
    ...{ id: 'no', party: 'nia', answer: 'refused', titles: 'all', uses: 'all', territories: ['world'] },
    on: '2025-01-01',
  };
  const yes = { ...c1, id: 'yes', supersedes: 'no' };

  /** As an earlier version recorded them: each list of consents in force, one after the other. */
  async function migrated(...recordings: object[][]) {
    const client = await PGlite.create();
    const db = drizzle(client, { schema: tables, casing: 'snake_case' });
    await migrateUntil(db, '0030_refusals_stand');
    for (const [n, consents] of recordings.entries()) {
      const document = ledgerSchema.parse({ ...clearedFile(), consents });
      const ledger = {
        id: `ldg_${n}`,
        sha256: 'a'.repeat(64),
        source: `${n}.yaml`,
        recordedBy: 'lawyer',
        document,
      };
      await appendLedger(db, ledger, n === 0 ? null : `ldg_${n - 1}`, {
        what: 'rights.import',
        subject: 'x',
      });
    }
    await migrate(db, { migrationsFolder: migrations });
    const now = await currentLedger(db);
    const before = await ledgerById(db, `ldg_${recordings.length - 1}`);
    await db.$client.close();
    return { now, before, consents: now?.document.consents ?? [] };
  }
  const idsOf = (rows: readonly { id: string }[] = []) => rows.map(({ id }) => id).sort();

  test('stand again beside them, in a recording of their own', async () => {
    const { now, before, consents } = await migrated([c1 as object, no], [c1 as object, yes]);
    expect(idsOf(consents)).toEqual(['c1', 'no', 'yes']);
    expect(consents.find(({ id }) => id === 'no')).toEqual(no);
    expect(idsOf(before?.document.consents)).toEqual(['c1', 'yes']);
    expect(now).toMatchObject({
      id: expect.stringMatching(/^ldg_[0-9a-f]{12}$/),
      source: 'refusals that consents had replaced stand again',
      recordedBy: 'backlot',
    });
    const decided = decide({ ...asking(), ledger: now?.document ?? noLedger });
    expect(decided.outcome).toBe('ALLOW');
  });

  test('and stay beside a file that does not name them, where a register had them', async () => {
    const client = await PGlite.create();
    const db = drizzle(client, { schema: tables, casing: 'snake_case' });
    await migrateUntil(db, '0030_refusals_stand');
    for (const [n, [what, ...consents]] of [
      ['rights.register', no],
      ['rights.import', yes],
    ].entries()) {
      const document = ledgerSchema.parse({ ...clearedFile(), consents });
      const ledger = { id: `ldg_${n}`, sha256: 'a'.repeat(64), source: 'x', recordedBy: 'lawyer', document };
      await appendLedger(db, ledger, n === 0 ? null : 'ldg_0', { what: String(what), subject: 'x' });
    }
    await migrate(db, { migrationsFolder: migrations });
    const rows = await registeredRows(db);
    expect(rows.flatMap(({ section, key }) => (section === 'consents' ? [key] : []))).toEqual(['no']);
    await db.$client.close();
  });

  test('also where a withdrawn one names them, or one that says it no longer; that permits nothing more', async () => {
    const gone = { ...yes, withdrawn: '2026-04-01' };
    expect(idsOf((await migrated([no], [yes], [gone])).consents)).toEqual(['no', 'yes']);
    const silent = { ...c1, id: 'yes' };
    const { consents, now } = await migrated([no], [yes], [silent]);
    expect(idsOf(consents)).toEqual(['no', 'yes']);
    expect(decide({ ...asking(), ledger: now?.document ?? noLedger }).outcome).toBe('EXCLUDE');
  });

  test('where others replaced these in between, the last lifts them', async () => {
    const next = { ...c1, id: 'next', supersedes: 'yes' };
    const never = { ...no, id: 'never', supersedes: 'next' };
    const last = { ...c1, id: 'last', supersedes: 'never' };
    const { consents, now } = await migrated([no], [yes], [next]);
    expect(consents.find(({ id }) => id === 'next')).toEqual({ ...next, lifts: ['no'] });
    expect(idsOf(consents)).toEqual(['next', 'no']);
    expect(decide({ ...asking(), ledger: now?.document ?? noLedger }).outcome).toBe('ALLOW');
    const longer = await migrated([no], [yes], [next], [never], [last]);
    expect(idsOf(longer.consents)).toEqual(['last', 'never', 'no']);
    expect(longer.consents.find(({ id }) => id === 'last')).toEqual({ ...last, lifts: ['no'] });
  });

  test('but not where a refusal replaced them, nor where all of it is gone', async () => {
    const less = { ...no, id: 'less', uses: ['train.style'], supersedes: 'no' };
    for (const rows of [
      [[no], [less]],
      [[no], [less, yes]],
      [[no], [yes], []],
    ] as object[][][]) {
      const { now, before, consents } = await migrated(...rows);
      expect(now?.id).toBe(before?.id);
      expect(consents).toEqual(before?.document.consents);
    }
  });
});
