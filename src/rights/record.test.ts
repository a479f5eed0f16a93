import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { forgetLedgers } from './catalogued.test-support.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { revoke } from './revoke.ts';
import { type LedgerFile, revokeInputSchema } from './schema.ts';
import { currentLedger, ledgerById } from './store.ts';

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
});
afterAll(() => close());
beforeEach(() => forgetLedgers(context));

async function imported(parts: Partial<LedgerFile> = {}): ReturnType<typeof importLedger> {
  const path = join(context.paths.root, 'ledger.yaml');
  await writeFile(path, stringify({ ...clearedFile(), ...parts }));
  return importLedger(context, path);
}

const rows = () => context.db.select().from(tables.rightsRows).orderBy(tables.rightsRows.seq);
const [g1] = clearedFile().grants as [NonNullable<LedgerFile['grants']>[number]];

test('an import records the rows that changed, each with who, when and what it replaces', async () => {
  const first = await imported();
  const second = await imported({ grants: [{ ...g1, until: '2027-01-01' }], consents: [] });
  expect(second.changes).toEqual({ added: 0, changed: 1, removed: 1 });
  const recorded = (await rows()).filter(({ ledger }) => ledger === second.ledger);
  expect(recorded.map(({ id, supersedes, content }) => [id, supersedes, content === null])).toEqual([
    [`${second.ledger}/grants/g1`, `${first.ledger}/grants/g1`, false],
    [`${second.ledger}/consents/c1`, `${first.ledger}/consents/c1`, true],
  ]);
  expect(recorded.every(({ recordedBy, recordedAt }) => recordedBy === 'test' && recordedAt)).toBe(true);
});

test('what is in force is read from the rows, and every ledger before it still can be', async () => {
  const { ledger } = await imported();
  await imported({ consents: [], grants: [{ ...g1, until: '2027-01-01' }] });
  const now = await currentLedger(context.db);
  expect([now?.document.consents, now?.document.grants[0]?.until]).toEqual([[], '2027-01-01']);
  expect((await ledgerById(context.db, ledger))?.document).toMatchObject(clearedFile());
  expect(await ledgerById(context.db, 'ldg_none')).toBeNull();
});

test('a row that comes back after it was taken out is in force again', async () => {
  await imported();
  await imported({ consents: [] });
  const { changes } = await imported({ parties: [...(clearedFile().parties ?? [])] });
  expect(changes.added).toBe(1);
  expect((await currentLedger(context.db))?.document.consents).toHaveLength(1);
});

test('a row that was taken out and then withdrawn cannot come back without its withdrawal', async () => {
  await imported();
  await imported({ consents: [] });
  await revoke(context, revokeInputSchema.parse({ consent: 'c1' }), '2026-05-01T09:00:00.000Z');
  await expect(imported()).rejects.toMatchObject({ code: 'ledger-undoes-withdrawal' });
});

test('a row that another replaces is recorded no longer in force, and the other names it', async () => {
  const { ledger } = await imported();
  const amended = { ...g1, id: 'g2', supersedes: 'g1', territories: ['DE'] };
  const next = await imported({ grants: [g1, amended] });
  expect((await currentLedger(context.db))?.document.grants.map(({ id }) => id)).toEqual(['g2']);
  const recorded = (await rows()).find(({ id }) => id === `${next.ledger}/grants/g2`);
  expect(recorded?.supersedes).toBe(`${ledger}/grants/g1`);
});

test('an appearance, and what of others is seen, can be replaced by a row of another id', async () => {
  const [a1] = clearedFile().appearances as [NonNullable<LedgerFile['appearances']>[number]];
  const { party: _, ...place } = a1;
  const m1 = { ...place, id: 'm1', kind: 'music' as const, owner: 'studio' };
  const { ledger } = await imported({ materials: [m1] });
  const next = await imported({
    appearances: [a1, { ...a1, id: 'a2', supersedes: 'a1', shots: 'all' }],
    materials: [m1, { ...m1, id: 'm2', supersedes: 'm1', kind: 'stock' }],
  });
  const document = (await currentLedger(context.db))?.document;
  expect([document?.appearances, document?.materials]).toMatchObject([[{ id: 'a2' }], [{ id: 'm2' }]]);
  const replaced = (await rows()).filter((row) => row.ledger === next.ledger && row.content !== null);
  expect(replaced.map(({ supersedes }) => supersedes)).toEqual([
    `${ledger}/appearances/a1`,
    `${ledger}/materials/m1`,
  ]);
});

test.each([
  ['changed', sql`update rights_rows set content = null`],
  ['deleted', sql`delete from rights_rows where key = 'g1'`],
  ['emptied', sql`truncate rights_rows`],
  ['changed in the list of ledgers', sql`update rights_ledgers set recorded_by = 'nobody'`],
  ['deleted from the list of ledgers', sql`delete from rights_ledgers`],
])('the database refuses that rows are %s', async (_, statement) => {
  await imported();
  const before = await rows();
  await expect(context.db.execute(statement)).rejects.toMatchObject({
    cause: { message: expect.stringContaining('append-only') },
  });
  expect(await rows()).toEqual(before);
});

test('an import that fails half way leaves nothing', async () => {
  await imported();
  const before = await rows();
  await context.db.execute(sql`alter table rights_rows add constraint broken check (key <> 'g9')`);
  await expect(imported({ grants: [g1, { ...g1, id: 'g8' }, { ...g1, id: 'g9' }] })).rejects.toThrow();
  await context.db.execute(sql`alter table rights_rows drop constraint broken`);
  expect(await rows()).toEqual(before);
  expect((await currentLedger(context.db))?.document.grants).toHaveLength(1);
});
