import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { closeDb, type Db, openInMemory, tables } from '../db/index.ts';
import { appendAudit, type Context, fileHash } from '../jobs/index.ts';
import { retireKey, rotateKey, signed, signingKeyId } from '../trust/index.ts';
import { exportAudit, verifyAudit } from './audit-file.ts';
import { verifyDelivery } from './delivery/deliver.ts';
import { readable, sealed, sealType } from './delivery/hand-over.ts';
import { verifiedDeliveryWords } from './delivery/words.ts';
import { writeKey } from './public-key.ts';
import { declarationSchema, questionIdSchema } from './schema.ts';
import { auditVerifiedWords } from './words.ts';

/** What somebody can check who has the files and the studio's public key, and no workspace and no keys of their own. */

const before = process.env.BACKLOT_KEYS;
const db: Db = await openInMemory();
const folder = await mkdtemp(join(tmpdir(), 'backlot-outsider-'));
const at = (...names: string[]) => join(folder, ...names);
const studio = () => {
  process.env.BACKLOT_KEYS = at('keys');
};
const outside = () => {
  process.env.BACKLOT_KEYS = at('nothing');
};
const row = (subject: string) => appendAudit(db, { who: 'ann', what: 'test', subject, details: {} });
const verified = (file: string, key?: string) => verifyAudit({} as Context, { file, key });
let file: string;
let key: string;

beforeAll(async () => {
  studio();
  await row('one');
  ({ file, key } = await exportAudit({ db, paths: { root: folder } } as Context, at('export')));
  await delivered();
  const { publicKey } = generateKeyPairSync('ed25519');
  await writeFile(at('other.pem'), publicKey.export({ format: 'pem', type: 'spki' }));
});
afterAll(async () => {
  vi.useRealTimers();
  process.env.BACKLOT_KEYS = before;
  await closeDb(db);
  await rm(folder, { recursive: true });
});

async function delivered(): Promise<void> {
  await mkdir(at('sent'));
  await writeFile(at('sent', 'tak_1.mp4'), 'a take');
  const sha256 = await fileHash(at('sent', 'tak_1.mp4'));
  const answer = { asks: '?', answer: 'no', basis: 'said', saidBy: 'Lea', facts: [] };
  const declaration = declarationSchema.parse({
    ...{ version: 1, note: null, deliveredBy: 'ann', deliveredAt: new Date().toISOString(), notice: '' },
    takes: [{ id: 'tak_1', file: 'tak_1.mp4', sha256, lineage: sha256 }],
    answers: questionIdSchema.options.map((question) => ({ ...answer, question })),
  });
  await writeFile(at('sent', readable), JSON.stringify(declaration));
  await writeFile(at('sent', sealed), await signed(sealType, declaration));
  await writeKey(at('sent'));
}

test("an exported log is checked by the studio's key alone, which lies beside it", async () => {
  outside();
  await expect(verified(file)).rejects.toMatchObject({ code: 'signature-invalid' });
  const found = await verified(file, key);
  expect(found).toMatchObject({ intact: true, signedBy: { named: true, retiredAt: null } });
  expect(auditVerifiedWords(found)).toContain('the one you named');
  await expect(verified(file, at('other.pem'))).rejects.toThrow('Ask who signed it for their public key');
  const noFile = verifyAudit({} as Context, { key });
  await expect(noFile).rejects.toMatchObject({ code: 'bad-input' });
});

test("a delivery is checked by the studio's key alone, which lies in its folder", async () => {
  outside();
  await expect(verifyDelivery(at('sent'))).rejects.toMatchObject({ code: 'signature-invalid' });
  const found = await verifyDelivery(at('sent'), at('sent', 'signing-key.pem'));
  expect(found).toMatchObject({ whole: true, signedBy: { named: true } });
  expect(verifiedDeliveryWords(found)).toContain('the one you named');
  const other = verifyDelivery(at('sent'), at('other.pem'));
  await expect(other).rejects.toMatchObject({ code: 'signature-invalid' });
});

test('in the house both stay good after the key was retired; a log of later that it signed does not', async () => {
  studio();
  const id = await signingKeyId();
  vi.useFakeTimers({ now: Date.now() + 60_000, toFake: ['Date'] });
  await row('later');
  const { file: late } = await exportAudit({ db, paths: { root: folder } } as Context, at('late'));
  vi.useRealTimers();
  await rotateKey();
  const retiredAt = await retireKey(id);
  const found = await verified(file);
  expect(found).toMatchObject({ intact: true, signedBy: { key: id, retiredAt, named: false } });
  expect(auditVerifiedWords(found)).toContain(`out of use since ${retiredAt}`);
  expect(await verifyDelivery(at('sent'))).toMatchObject({ whole: true, signedBy: { key: id, retiredAt } });
  const { broken } = await verified(late);
  expect(broken).toMatchObject({ seq: 2, reason: expect.stringContaining('went out of use') });
  await db.delete(tables.provenanceAudit);
});
