import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, gte } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { closeDb, type Db, openInMemory, tables } from '../db/index.ts';
import { AUDIT_START, type AuditStored, appendAudit, auditHash, type Context } from '../jobs/index.ts';
import { auditReport, firstBroken } from './audit.ts';
import { exportAudit, verifyAudit } from './audit-file.ts';

const { provenanceAudit: audit } = tables;
const db: Db = await openInMemory();
const folder = await mkdtemp(join(tmpdir(), 'backlot-audit-'));
const context = { db, paths: { root: folder } } as Context;
afterAll(async () => {
  await closeDb(db);
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  await db.delete(audit);
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
  for (const subject of ['one', 'two', 'three']) {
    await appendAudit(db, { who: 'ann', what: 'test', subject, details: { z: 1, a: [true, null, 'ü'] } });
  }
});

test('an untouched log is intact and its head is the newest row', async () => {
  const report = await auditReport(context, 2);
  expect(report).toMatchObject({ rows: 3, intact: true, broken: null });
  expect(report.listed.map(({ subject }) => subject)).toEqual(['two', 'three']);
  expect(report.head).toBe(report.listed[1]?.hash);
});

test('a changed row is found, also in its details', async () => {
  await db.update(audit).set({ who: 'bob' }).where(eq(audit.seq, 2));
  expect((await auditReport(context, 1)).broken).toMatchObject({ seq: 2 });
  await db
    .update(audit)
    .set({ who: 'ann', details: { z: 2 } })
    .where(eq(audit.seq, 2));
  expect((await auditReport(context, 1)).broken).toMatchObject({ seq: 2 });
});

test('a row that has no form that a row can have is told as the broken one, and the log is still listed', async () => {
  await db.update(audit).set({ at: 'yesterday' }).where(eq(audit.seq, 3));
  const { broken, listed } = await auditReport(context, 2);
  expect(broken).toMatchObject({ seq: 3 });
  expect(listed.map(({ seq }) => seq)).toEqual([2]);
  const [row] = await db.select().from(audit).where(eq(audit.seq, 3));
  const { hash: _, ...forged } = row as AuditStored;
  await db
    .update(audit)
    .set({ hash: auditHash(forged) })
    .where(eq(audit.seq, 3));
  expect((await auditReport(context, 1)).broken).toMatchObject({
    seq: 3,
    reason: expect.stringContaining('form'),
  });
});

test('a removed row is found', async () => {
  await db.delete(audit).where(eq(audit.seq, 2));
  expect((await auditReport(context, 1)).broken).toEqual({ seq: 3, reason: 'row 2 is missing' });
});

test('two rows that changed places are found', async () => {
  for (const [from, to] of [
    [2, 9],
    [3, 2],
    [9, 3],
  ] as const) {
    await db.update(audit).set({ seq: to }).where(eq(audit.seq, from));
  }
  expect((await auditReport(context, 1)).broken).toMatchObject({ seq: 2 });
});

test('a row rewritten together with its own hash breaks the row after it', async () => {
  const [row] = await db.select().from(audit).where(eq(audit.seq, 2));
  const { hash: _, ...forged } = { ...(row as AuditStored), subject: 'forged' };
  await db
    .update(audit)
    .set({ subject: 'forged', hash: auditHash(forged) })
    .where(eq(audit.seq, 2));
  expect((await auditReport(context, 1)).broken).toMatchObject({ seq: 3 });
});

test('writers at the same time build one chain', async () => {
  const entry = (n: number) => ({ who: 'ann', what: 'test', subject: `at once ${n}`, details: {} });
  await Promise.all([1, 2, 3, 4].map((n) => appendAudit(db, entry(n))));
  expect(await auditReport(context, 1)).toMatchObject({ rows: 7, intact: true });
});

test('rows of versions that kept no origin still fit', async () => {
  const old = { seq: 1, at: '2026-01-01T00:00:00.000Z', who: 'ann', what: 'test', subject: 's', details: {} };
  const row = { ...old, origin: null, previousHash: AUDIT_START };
  // What those versions hashed had no such field.
  const { origin: _, ...asThen } = row;
  expect(firstBroken([{ ...row, hash: auditHash(asThen as typeof row & { origin: null }) }])).toBeNull();
  expect(auditHash(row)).not.toBe(auditHash({ ...row, origin: 'here' }));
});

test('any row changed, removed or moved is found, wherever it lies', () => {
  const rows: AuditStored[] = [];
  for (let seq = 1; seq <= 12; seq++) {
    const facts = { seq, at: '2026-01-01T00:00:00.000Z', who: 'ann', what: 'test', subject: `s${seq}` };
    const row = {
      ...facts,
      details: { seq },
      origin: 'here',
      previousHash: rows.at(-1)?.hash ?? AUDIT_START,
    };
    rows.push({ ...row, hash: auditHash(row) });
  }
  const place = fc.nat({ max: 11 });
  const fields = ['at', 'who', 'what', 'subject', 'origin', 'previousHash', 'hash'] as const;
  fc.assert(
    fc.property(place, place, fc.constantFrom(...fields), (one, other, field) => {
      expect(firstBroken(rows.with(one, { ...(rows[one] as AuditStored), [field]: 'x' }))).not.toBeNull();
      if (one < 11) expect(firstBroken(rows.toSpliced(one, 1))).not.toBeNull();
      const swapped = rows.with(one, rows[other] as AuditStored).with(other, rows[one] as AuditStored);
      expect(firstBroken(swapped) === null).toBe(one === other);
    }),
  );
});

describe('an exported log', () => {
  const verified = (file?: string, log = false) => verifyAudit(context, { file, log });

  test('is signed, says what the log says, and is checked without the workspace', async () => {
    const { file, seal, rows, head } = await exportAudit(context, folder);
    const payload = Buffer.from(JSON.parse(await readFile(seal, 'utf8')).payload, 'base64');
    expect(payload.toString()).toContain('This is not legal advice.');
    expect({ rows, head }).toMatchObject({ rows: 3, head: (await auditReport(context, 1)).head });
    const alone = await verifyAudit({} as Context, { file, log: false });
    expect(alone).toMatchObject({ intact: true, signedBy: { named: false }, rows: 3, compared: null });
    expect(await verified()).toMatchObject({ intact: true, signedBy: null, rows: 3 });
  });

  test('shows rows that were cut off the end of the log, and a log written anew', async () => {
    const { file } = await exportAudit(context, folder);
    await appendAudit(db, { who: 'ann', what: 'test', subject: 'later', details: {} });
    expect(await verified(file, true)).toMatchObject({ intact: true, compared: 3 });
    await db.delete(audit).where(gte(audit.seq, 3));
    expect(await verified()).toMatchObject({ intact: true });
    expect((await verified(file, true)).broken).toEqual({
      ...{ seq: 3, reason: "the workspace's log ends before it" },
    });
    await db.delete(audit);
    for (const subject of ['one', 'forged', 'three'])
      await appendAudit(db, { who: 'ann', what: 'test', subject, details: {} });
    expect((await verified(file, true)).broken).toMatchObject({ seq: 1 });
  });

  test('that was changed, cut or signed by nobody trusted is refused', async () => {
    const { file, seal } = await exportAudit(context, folder);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"two"', '"too"'));
    expect((await verified(file)).broken).toMatchObject({ seq: 2 });
    await writeFile(file, text.split('\n').slice(0, 2).join('\n').concat('\n'));
    expect((await verified(file)).broken).toEqual({ seq: 3, reason: '3 rows were signed' });
    await writeFile(file, text.replace('{', '{ '));
    expect((await verified(file)).broken).toMatchObject({ reason: 'other bytes were signed' });
    await writeFile(file, 'no row\n');
    await expect(verified(file)).rejects.toMatchObject({ code: 'audit-unreadable' });
    await writeFile(file, text.replace(/"at":"2/, '"at":"X'));
    await expect(verified(file)).rejects.toThrow(
      /audit-3.jsonl:1: expected an audit log .* found at: [^{]*$/,
    );
    await writeFile(seal, (await readFile(seal, 'utf8')).replace(/"sig": "..../, '"sig": "AAAA'));
    await expect(verified(file)).rejects.toMatchObject({ code: 'signature-invalid' });
  });

  test('is not written over what another log left, and the same one again is no harm', async () => {
    const { file } = await exportAudit(context, folder);
    const before = await readFile(file, 'utf8');
    await exportAudit(context, folder);
    expect(await readFile(file, 'utf8')).toBe(before);
    await writeFile(file, 'the rows of another workspace\n');
    const refused = exportAudit(context, folder);
    await expect(refused).rejects.toMatchObject({ code: 'file-exists' });
    expect(await readFile(file, 'utf8')).toBe('the rows of another workspace\n');
  });

  test('is not made of a log that does not fit', async () => {
    await db.update(audit).set({ who: 'bob' }).where(eq(audit.seq, 2));
    await expect(exportAudit(context, folder)).rejects.toMatchObject({ code: 'audit-broken' });
  });
});
