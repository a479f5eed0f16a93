import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileHash } from '../../jobs/index.ts';
import { signed } from '../../trust/index.ts';
import { questionIdSchema } from '../delivery-schema.ts';
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
