import { eq } from 'drizzle-orm';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { closeDb, type Db, openDb, tables } from '../db/index.ts';
import { type AuditStored, appendAudit, auditHash } from '../jobs/index.ts';
import { auditReport } from './audit.ts';

const { provenanceAudit: audit } = tables;
const db: Db = await openDb(null);
afterAll(() => closeDb(db));

beforeEach(async () => {
  await db.delete(audit);
  for (const subject of ['one', 'two', 'three']) {
    await appendAudit(db, { who: 'ann', what: 'test', subject, details: { z: 1, a: [true, null, 'ü'] } });
  }
});

test('an untouched log is intact and its head is the newest row', async () => {
  const report = await auditReport(db, 2);
  expect(report).toMatchObject({ rows: 3, intact: true, broken: null });
  expect(report.listed.map(({ subject }) => subject)).toEqual(['two', 'three']);
  expect(report.head).toBe(report.listed[1]?.hash);
});

test('a changed row is found, also in its details', async () => {
  await db.update(audit).set({ who: 'bob' }).where(eq(audit.seq, 2));
  expect((await auditReport(db, 1)).broken).toMatchObject({ seq: 2 });
  await db
    .update(audit)
    .set({ who: 'ann', details: { z: 2 } })
    .where(eq(audit.seq, 2));
  expect((await auditReport(db, 1)).broken).toMatchObject({ seq: 2 });
});

test('a removed row is found', async () => {
  await db.delete(audit).where(eq(audit.seq, 2));
  expect((await auditReport(db, 1)).broken).toEqual({ seq: 3, reason: 'row 2 is missing' });
});

test('two rows that changed places are found', async () => {
  for (const [from, to] of [
    [2, 9],
    [3, 2],
    [9, 3],
  ] as const) {
    await db.update(audit).set({ seq: to }).where(eq(audit.seq, from));
  }
  expect((await auditReport(db, 1)).broken).toMatchObject({ seq: 2 });
});

test('a row rewritten together with its own hash breaks the row after it', async () => {
  const [row] = await db.select().from(audit).where(eq(audit.seq, 2));
  const { hash: _, ...forged } = { ...(row as AuditStored), subject: 'forged' };
  await db
    .update(audit)
    .set({ subject: 'forged', hash: auditHash(forged) })
    .where(eq(audit.seq, 2));
  expect((await auditReport(db, 1)).broken).toMatchObject({ seq: 3 });
});

test('writers at the same time build one chain', async () => {
  const entry = (n: number) => ({ who: 'ann', what: 'test', subject: `at once ${n}`, details: {} });
  await Promise.all([1, 2, 3, 4].map((n) => appendAudit(db, entry(n))));
  expect(await auditReport(db, 1)).toMatchObject({ rows: 7, intact: true });
});
