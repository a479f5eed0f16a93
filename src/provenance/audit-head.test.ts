import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, gte } from 'drizzle-orm';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { closeDb, type Db, openInMemory, tables } from '../db/index.ts';
import {
  AUDIT_START,
  appendAudit,
  auditHash,
  auditHeadKeeper,
  type Context,
  keepAuditHead,
} from '../jobs/index.ts';
import { forgetKey, rotateKey, signingKeyId } from '../trust/index.ts';
import { acknowledgeLog } from './acknowledge.ts';
import { auditReport } from './audit.ts';
import { exportAudit, verifyAudit } from './audit-file.ts';
import { retireSigner } from './retire-key.ts';
import { auditVerifiedWords } from './words.ts';

const { provenanceAudit: audit } = tables;
const db: Db = await openInMemory();
const before = process.env.BACKLOT_KEYS;
afterAll(() => closeDb(db));

let folder: string;
const context = (name = 'workspace') => ({ db, who: 'ann', paths: { root: join(folder, name) } }) as Context;
const heads = () => join(folder, 'keys', 'audit-heads');
const append = (...subjects: string[]) =>
  Promise.all(subjects.map((subject) => appendAudit(db, { who: 'ann', what: 'test', subject, details: {} })));
const verified = (name?: string) => verifyAudit(context(name), { log: false });
const cut = (from: number) => db.delete(audit).where(gte(audit.seq, from));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-heads-'));
  process.env.BACKLOT_KEYS = join(folder, 'keys');
  await db.delete(audit);
  await append('one', 'two', 'three');
});
afterEach(async () => {
  process.env.BACKLOT_KEYS = before;
  await rm(folder, { recursive: true });
});

test('rows that were cut off the end are found by the head that is kept beside the keys', async () => {
  await keepAuditHead(context());
  expect(await verified()).toMatchObject({ intact: true, kept: { rows: 3 }, earlier: [] });
  await cut(3);
  const found = await verified();
  expect(found.broken).toMatchObject({ seq: 3, reason: expect.stringContaining('3 rows were kept') });
  expect(auditVerifiedWords(found)).toContain(heads());
  expect(await auditReport(context(), 1)).toMatchObject({ intact: false, broken: { seq: 3 } });
});

test('a log whose end was cut off is not signed for export', async () => {
  await keepAuditHead(context());
  await cut(3);
  const refused = exportAudit(context(), join(folder, 'export'));
  await expect(refused).rejects.toMatchObject({ code: 'audit-broken' });
  await expect(readdir(join(folder, 'export'))).rejects.toThrow();
});

test('acts that end at once keep their heads in turn: the newest stays', async () => {
  const keep = auditHeadKeeper(context());
  await Promise.all(['four', 'five', 'six'].map((subject) => append(subject).then(keep)));
  expect((await readdir(heads())).filter((name) => name.endsWith('.json'))).toHaveLength(1);
  expect(await verified()).toMatchObject({ intact: true, kept: { rows: 6 } });
});

test('what is written after a cut does not hide it: the head stays until a person removes it', async () => {
  await keepAuditHead(context());
  await cut(3);
  await append('four', 'five');
  await keepAuditHead(context());
  expect((await verified()).broken).toMatchObject({ seq: 3 });
  await rm(heads(), { recursive: true });
  await keepAuditHead(context());
  expect(await verified()).toMatchObject({ intact: true, kept: { rows: 4 } });
});

test('an end that was cut and written anew, chain and all, is found', async () => {
  await keepAuditHead(context());
  const [second] = await db.select().from(audit).where(eq(audit.seq, 2));
  const [third] = await db.select().from(audit).where(eq(audit.seq, 3));
  if (!second || !third) throw new Error('no rows');
  const { hash: _, ...row } = { ...third, subject: 'forged' };
  await db
    .update(audit)
    .set({ subject: 'forged', hash: auditHash(row) })
    .where(eq(audit.seq, 3));
  expect((await verified()).broken).toMatchObject({ seq: 3 });
});

test('a log that grew is intact, and rows since the head was kept are what could be cut unseen', async () => {
  await keepAuditHead(context());
  await append('four');
  expect(await verified()).toMatchObject({ intact: true, rows: 4, kept: { rows: 3 } });
  await keepAuditHead(context());
  expect(await verified()).toMatchObject({ kept: { rows: 4 } });
});

test('a log without a head says so, and an emptied one is found', async () => {
  expect(await verified()).toMatchObject({ intact: true, kept: null });
  expect(auditVerifiedWords(await verified())).toContain('no head');
  await keepAuditHead(context());
  await cut(1);
  expect((await verified()).broken).toMatchObject({ seq: 1 });
});

test('a log written anew from its first row is broken and keeps no head, until a person acknowledges it', async () => {
  await keepAuditHead(context());
  await cut(1);
  await append('forged');
  const [kept = ''] = await readdir(heads());
  await expect(keepAuditHead(context())).rejects.toMatchObject({ code: 'audit-replaced' });
  expect(await readdir(heads())).toEqual([kept]);
  const found = await verified();
  expect(found).toMatchObject({ intact: false, broken: { seq: 1 }, kept: null, earlier: [{ rows: 3 }] });
  expect(found.broken?.reason).toContain('`backlot audit acknowledge --reason "..."`');
  expect(auditVerifiedWords(found)).toContain('BROKEN');
  expect(await auditReport(context(), 1)).toMatchObject({ intact: false });
  const refused = exportAudit(context(), join(folder, 'export'));
  await expect(refused).rejects.toMatchObject({ code: 'audit-broken' });
  const act = await acknowledgeLog(context(), { reason: 'made anew after a full disk' });
  expect(act).toMatchObject({ row: 2, replaced: [{ rows: 3 }] });
  expect(await verified()).toMatchObject({
    ...{ intact: true, kept: { rows: 2 } },
    earlier: [{ rows: 3, file: join(heads(), kept), acknowledged: 2 }],
  });
  expect(auditVerifiedWords(await verified())).toContain('row 2 of this one acknowledges that');
});

test('what was acknowledged stays so as the log grows, is a row of it, and holds for no other log', async () => {
  await keepAuditHead(context());
  await cut(1);
  const { row } = await acknowledgeLog(context(), { reason: 'a new workspace', by: 'Ada' });
  const [{ details } = { details: {} }] = await db.select().from(audit).where(eq(audit.seq, row));
  expect(details).toMatchObject({ by: 'Ada', reason: 'a new workspace', replaced: [{ rows: 3 }] });
  await append('four');
  await keepAuditHead(context());
  expect(await verified()).toMatchObject({ intact: true, kept: { rows: 2 } });
  await db.delete(audit);
  await append('forged', 'twice');
  await expect(keepAuditHead(context())).rejects.toMatchObject({ code: 'audit-replaced' });
  expect(await verified()).toMatchObject({ intact: false, earlier: { length: 2 } });
});

test('nothing is acknowledged where no other log lay, nor of a log that does not fit', async () => {
  const acknowledging = () => acknowledgeLog(context(), { reason: 'a new workspace' });
  await expect(acknowledging()).rejects.toMatchObject({ code: 'nothing-to-acknowledge' });
  await keepAuditHead(context());
  await cut(3);
  await expect(acknowledging()).rejects.toMatchObject({ code: 'audit-broken' });
  await cut(1);
  await append('forged', 'changed');
  await db.update(audit).set({ subject: 'other' }).where(eq(audit.seq, 1));
  await expect(acknowledging()).rejects.toMatchObject({ code: 'audit-broken' });
});

test('a head that was kept of the log written anew does not hide the first one', async () => {
  await keepAuditHead(context());
  await cut(1);
  await append('forged');
  await keepAuditHead(context('elsewhere'));
  expect(await verified()).toMatchObject({ intact: false, kept: { rows: 1 }, earlier: [{ rows: 3 }] });
});

test('a new empty workspace in the place of another is told how to go on', async () => {
  await keepAuditHead(context());
  await cut(1);
  const { broken } = await verified();
  expect(broken?.reason).toContain('a new workspace in the place of an old one');
  expect(broken?.reason).toContain('backlot audit acknowledge');
});

test('a workspace that was moved is measured by the head of the folder where it was', async () => {
  await keepAuditHead(context());
  expect(await verified('moved')).toMatchObject({ intact: true, kept: { rows: 3 } });
  await cut(2);
  await keepAuditHead(context('moved'));
  expect((await verified('moved')).broken).toMatchObject({ seq: 2 });
});

test('a head that nobody trusted has signed is refused; after a rotation the old one still counts', async () => {
  await keepAuditHead(context());
  await rotateKey();
  await append('four');
  await keepAuditHead(context());
  expect(await verified()).toMatchObject({ intact: true, kept: { rows: 4 } });
  const [name = ''] = await readdir(heads());
  const path = join(heads(), name);
  await writeFile(path, (await readFile(path, 'utf8')).replace(/"sig": "..../, '"sig": "AAAA'));
  await expect(verified()).rejects.toMatchObject({ code: 'signature-invalid' });
});

const rotated = async () => {
  const key = await signingKeyId();
  await rotateKey();
  return key;
};
const signerOf = async (name: string) =>
  JSON.parse(await readFile(join(heads(), name), 'utf8')).signatures[0].keyid;

test('a head by a key that was retired in another workspace counts, and the next row has it signed anew', async () => {
  await keepAuditHead(context());
  const key = await rotated();
  await retireSigner(context('another'), { key, stolen: false });
  expect(await verified()).toMatchObject({ intact: true, kept: { rows: 3 } });
  expect(await exportAudit(context(), join(folder, 'export'))).toMatchObject({ rows: 3 });
  const [name = ''] = await readdir(heads());
  expect(await signerOf(name)).toBe(key);
  await append('four');
  await keepAuditHead(context());
  expect(await signerOf(name)).toBe(await signingKeyId());
  await cut(4);
  expect((await verified()).broken).toMatchObject({ seq: 4 });
});

test('the heads by a stolen key are checked and signed anew, those of other workspaces too', async () => {
  await keepAuditHead(context());
  await keepAuditHead(context('another'));
  const key = await rotated();
  const names = await readdir(heads());
  const { anew, aside } = await retireSigner(context('third'), { key, stolen: true });
  expect([anew, aside]).toEqual([names.map((name) => join(heads(), name)), []]);
  expect(await verified('another')).toMatchObject({ intact: true, kept: { rows: 3 } });
  await cut(3);
  expect((await verified()).broken).toMatchObject({ seq: 3 });
});

test('a changed head by a stolen key is not signed anew, and the key stays', async () => {
  await keepAuditHead(context());
  const key = await rotated();
  const [name = ''] = await readdir(heads());
  const path = join(heads(), name);
  await writeFile(path, (await readFile(path, 'utf8')).replace(/"sig": "..../, '"sig": "AAAA'));
  const retiring = retireSigner(context(), { key, stolen: true });
  await expect(retiring).rejects.toMatchObject({ code: 'signature-invalid' });
  await expect(verified()).rejects.toThrow('does not hold');
});

test('a head by a key that is not here is named with the key, and what sets it aside', async () => {
  await keepAuditHead(context());
  const key = await rotated();
  await forgetKey(key);
  await expect(verified()).rejects.toThrow(`\`backlot provenance retire-key ${key} --stolen\``);
  const { aside } = await retireSigner(context(), { key, stolen: true });
  expect(aside).toEqual([expect.stringContaining(key)]);
  expect(await verified()).toMatchObject({ intact: true, kept: null });
  await keepAuditHead(context());
  expect(await verified()).toMatchObject({ intact: true, kept: { rows: 3 } });
});

test('of an empty log no head is kept', async () => {
  await cut(1);
  await keepAuditHead(context());
  expect(await verified()).toMatchObject({ intact: true, rows: 0, head: AUDIT_START, kept: null });
});
