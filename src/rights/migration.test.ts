import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

type Said = { id: string; supersedes?: string } & Record<string, unknown>;
const c1 = { ...clearedFile().consents?.[0], id: 'c1' } as Said;
const refused = { party: 'nia', answer: 'refused', titles: 'all', uses: 'all', territories: ['world'] };
const no: Said = { ...refused, id: 'no', on: '2025-01-01' };
const yes: Said = { ...c1, id: 'yes', supersedes: 'no' };
const next: Said = { ...c1, id: 'next', supersedes: 'yes' };

test('refusals that stand again stay beside a file that does not name them, where a register had them', async () => {
  const db = drizzle(await PGlite.create(), { schema: tables, casing: 'snake_case' });
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

describe('refusals that consents had taken out of force', () => {
  const paper = { name: 'Rider', kind: 'rider', parties: ['nia'], sha256: 'b'.repeat(64) };
  const agreements = [
    { ...paper, id: 'p1', signed: '2024-06-01' },
    { ...paper, id: 'p2', signed: '2025-02-01' },
  ];

  /** As an earlier version recorded files: what a row in them names is kept as said, out of force. */
  async function record(ledger: string, file: readonly Said[], newest: Map<string, Said | null>) {
    const gone = new Set(file.map(({ supersedes }) => supersedes));
    const values = { ledger, section: 'consents', recordedBy: 'lawyer' };
    const add = (key: string, content: Said | null, end = '') => {
      newest.set(key, content);
      return db
        .insert(tables.rightsRows)
        .values({ ...values, id: `${ledger}/consents/${key}${end}`, key, content });
    };
    for (const row of file) if (gone.has(row.id)) await add(row.id, row, '/replaced');
    const inForce = file.filter(({ id }) => !gone.has(id));
    for (const row of inForce) if (!isDeepStrictEqual(newest.get(row.id), row)) await add(row.id, row);
    const out = [...newest].filter(([key, row]) => row !== null && !inForce.some(({ id }) => id === key));
    for (const [key] of out) await add(key, null);
  }

  let client: PGlite;
  let db: Db;

  beforeAll(async () => {
    client = await PGlite.create();
    db = drizzle(client, { schema: tables, casing: 'snake_case' });
    await migrateUntil(db, '0030_refusals_stand');
    const document = ledgerSchema.parse({ ...clearedFile(), agreements, consents: [] });
    const ledger = { id: 'ldg_0', sha256: 'a'.repeat(64), source: 'x', recordedBy: 'lawyer', document };
    await appendLedger(db, ledger, null, { what: 'rights.import', subject: 'x' });
  }, 60_000);
  afterAll(() => client.close());

  /** The consents of each file that an earlier version imported, one after the other, and then the update. */
  async function migrated(...files: Said[][]) {
    await db.execute('begin');
    try {
      return await brought(files);
    } finally {
      await db.execute('rollback');
    }
  }

  async function brought(files: readonly Said[][]) {
    const newest = new Map<string, Said | null>();
    for (const [n, file] of files.entries()) {
      const id = `ldg_${n + 1}`;
      const ledger = { id, sha256: 'a'.repeat(64), source: 'x', recordedBy: 'lawyer' };
      await db.insert(tables.rightsLedgers).values(ledger);
      await record(id, file, newest);
    }
    await client.exec(await readFile(join(migrations, '0030_refusals_stand.sql'), 'utf8'));
    const now = await currentLedger(db);
    const before = await ledgerById(db, `ldg_${files.length}`);
    return { now, before, consents: sorted(now?.document.consents as Said[] | undefined) };
  }

  const sorted = (rows: readonly Said[] = []) => rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const outcome = ({ now }: Awaited<ReturnType<typeof migrated>>) =>
    decide({ ...asking(), ledger: now?.document ?? noLedger }).outcome;
  const lifting = ({ supersedes: _, ...row }: Said, ...lifts: string[]) => ({ ...row, lifts });
  const silent = ({ supersedes: _, ...row }: Said): Said => row;

  test('stand again beside them, in a recording of their own', async () => {
    const found = await migrated([c1, no], [c1, yes]);
    expect(found.consents).toEqual([c1, no, lifting(yes, 'no')]);
    expect(found.before?.document.consents).toEqual([c1, yes]);
    expect(found.now).toMatchObject({
      id: expect.stringMatching(/^ldg_[0-9a-f]{12}$/),
      source: 'refusals that consents had replaced stand again',
      recordedBy: 'backlot',
    });
    expect(outcome(found)).toBe('ALLOW');
  });

  test('also where the consent is withdrawn, says it no longer, or is gone: that permits nothing', async () => {
    const gone = { ...yes, withdrawn: '2026-04-01' };
    expect((await migrated([no], [yes], [gone])).consents).toEqual([no, lifting(gone, 'no')]);
    const found = await migrated([no], [yes], [silent(yes)]);
    expect(found.consents).toEqual([no, silent(yes)]);
    expect(outcome(found)).toBe('EXCLUDE');
    const left = await migrated([c1, no], [c1, yes], [c1]);
    expect(left.consents).toEqual([c1, no]);
    expect(outcome(left)).toBe('EXCLUDE');
  });

  test('also where an early file left them out, and no row ever said why', async () => {
    expect((await migrated([c1, no], [c1])).consents).toEqual([c1, no]);
  });

  test('as they were said last, also in the breath in which they went out of force', async () => {
    const narrow = { ...no, uses: ['train.distil'] };
    expect((await migrated([narrow], [no, yes])).consents).toEqual([no, lifting(yes, 'no')]);
    const nay = { ...no, id: 'c1' };
    const instead = { ...yes, supersedes: 'c1' };
    const found = await migrated([c1], [nay, instead]);
    expect(found.consents).toEqual([nay, lifting(instead, 'c1')]);
  });

  test('also where their id has become that of a consent since', async () => {
    const reused = { ...c1, id: 'no' };
    expect((await migrated([no], [yes], [reused, silent(yes)])).consents).toEqual([no, silent(yes)]);
    expect((await migrated([no], [reused, yes])).consents).toEqual([no, lifting(yes, 'no')]);
    const last = { ...next, supersedes: 'no' };
    expect((await migrated([no], [yes], [reused], [last])).consents).toEqual([lifting(last, 'no'), no]);
  });

  test('but not where they said something else of their own, in force', async () => {
    const turned = { ...c1, id: 'no' };
    expect((await migrated([no], [turned])).consents).toEqual([turned]);
    const last = { ...next, supersedes: 'no' };
    expect((await migrated([no], [turned], [last])).consents).toEqual([last]);
  });

  test('where others replaced these in between, the last lifts them', async () => {
    const never = { ...no, id: 'never', supersedes: 'next' };
    const last = { ...c1, id: 'last', supersedes: 'never' };
    const found = await migrated([no], [yes], [next]);
    expect(found.consents).toEqual([{ ...next, lifts: ['no'] }, no]);
    expect(outcome(found)).toBe('ALLOW');
    const longer = await migrated([no], [yes], [next], [never], [last]);
    expect(longer.consents).toEqual([lifting(last, 'never', 'no'), never, no]);
  });

  test('also where one of these had stopped saying it before it was replaced', async () => {
    const found = await migrated([c1, no], [c1, yes], [c1, silent(yes)], [c1, next]);
    expect(found.consents).toEqual([c1, { ...next, lifts: ['no'] }, no]);
  });

  test('but no consent lifts them that was said, or whose paper was signed, before', async () => {
    const evidence = { agreement: 'p1' };
    for (const when of [{ on: '2024-12-31' }, { on: '2025-01-01T01:00:00+14:00' }, { evidence }]) {
      const found = await migrated([no], [{ ...yes, ...when }]);
      expect(found.consents).toEqual([no, { ...silent(yes), ...when }]);
      expect(outcome(found)).toBe('EXCLUDE');
    }
    for (const when of [
      { on: '2025-01-01' },
      { on: '2024-12-31T20:00:00-10:00' },
      { on: '2025-01-02', evidence },
      { on: '2024-12-31', evidence: { agreement: 'p2' } },
    ])
      expect((await migrated([no], [{ ...yes, ...when }])).consents[1]).toHaveProperty('lifts', ['no']);
    const undated = silent({ ...no, on: undefined });
    expect((await migrated([undated], [{ ...yes, on: '2024-01-01' }])).consents[1]).toHaveProperty('lifts');
  });

  test('of whom it may be that somebody else consented: that lifts nothing', async () => {
    const other = { ...yes, party: 'studio' };
    expect((await migrated([no], [other])).consents).toEqual([no, silent(other)]);
  });

  test('which had replaced consents that are in force again: both are', async () => {
    const instead = { ...no, supersedes: 'c1' };
    const again = { ...c1, supersedes: 'no' };
    const found = await migrated([c1], [instead], [again]);
    expect(found.consents).toEqual([lifting(again, 'no'), no]);
  });

  test('and had replaced each other, one after the other: all, and once', async () => {
    const less = { ...no, id: 'less', supersedes: 'no' };
    const last = { ...yes, supersedes: 'less' };
    const found = await migrated([no], [less], [{ ...no, supersedes: 'less' }], [yes], [{ ...less }], [last]);
    expect(found.consents).toEqual([silent(less), no, lifting(last, 'less', 'no')]);
  });

  test('but not where a refusal replaced them', async () => {
    const less = { ...no, id: 'less', uses: ['train.style'], supersedes: 'no' };
    for (const files of [
      [[no], [less]],
      [[no], [less, yes]],
      [[no], [yes], [less]],
    ] as Said[][][]) {
      const { now, before, consents } = await migrated(...files);
      expect(now?.id).toBe(before?.id);
      expect(consents).toEqual(sorted(before?.document.consents as Said[]));
    }
    const both = await migrated([no], [less], [{ ...yes, supersedes: 'less' }]);
    expect(both.consents).toEqual([less, lifting(yes, 'less')]);
  });
});
