import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileHash } from '../../jobs/index.ts';
import { rotateKey, signed, signingPublicKey } from '../../trust/index.ts';
import { questionIdSchema } from '../delivery-schema.ts';
import { keyName, writeKey } from '../public-key.ts';
import { verifyDelivery } from './deliver.ts';
import { readable, sealed, sealType } from './hand-over.ts';

let folder: string;
const at = (name: string) => join(folder, name);

/** A folder with one take, as it is handed over. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-'));
  await writeFile(at('tak_1.mp4'), 'a take');
  const answers = questionIdSchema.options.map((question) => ({
    ...{ question, asks: '?', answer: 'no', basis: 'said', saidBy: 'ann', facts: [] },
  }));
  const sha256 = await fileHash(at('tak_1.mp4'));
  const declaration = {
    ...{ version: 1, takes: [{ id: 'tak_1', file: 'tak_1.mp4', sha256, lineage: sha256 }], answers },
    ...{ note: null, deliveredBy: 'ann', deliveredAt: '2026-05-01T12:00:00Z', notice: '' },
  };
  await writeFile(at(readable), JSON.stringify(declaration));
  await writeFile(at(sealed), await signed(sealType, declaration));
});
afterAll(() => rm(folder, { recursive: true }));

test('a delivery is not as it was handed over where somebody has laid another file beside the takes', async () => {
  expect(await verifyDelivery(folder)).toMatchObject({ whole: true, problems: [] });
  await mkdir(at('beside'));
  await writeFile(at('beside/tak_9.mp4'), 'a take of other terms');
  expect(await verifyDelivery(folder)).toMatchObject({
    whole: false,
    problems: ['beside/tak_9.mp4 was not handed over: the declaration does not name it'],
  });
});

test('nor where the key beside it, by which it may be checked, is not the one that signed', async () => {
  await rm(at('beside'), { recursive: true });
  await writeKey(folder);
  expect(await verifyDelivery(folder)).toMatchObject({ whole: true });
  await rotateKey();
  await writeFile(at(keyName), await signingPublicKey());
  const other = expect.stringMatching(/^signing-key\.pem is key [0-9a-f]{16}, and key [0-9a-f]{16} signed$/);
  expect(await verifyDelivery(folder)).toMatchObject({ whole: false, problems: [other] });
  await writeFile(at(keyName), 'no key');
  expect((await verifyDelivery(folder)).problems[0]).toContain('signing-key.pem is no key');
});

test('nor where its declaration was written over: what is no declaration, or no JSON, is not what was signed', async () => {
  await writeFile(at(keyName), await signingPublicKey());
  for (const text of ['{"version": 1}', 'not JSON', ''])
    expect(await writeFile(at(readable), text).then(() => verifyDelivery(folder))).toMatchObject({
      whole: false,
      problems: expect.arrayContaining([`${readable} is not what was signed`]),
    });
});
