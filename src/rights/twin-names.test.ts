import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { decideSome } from './around.ts';
import { decideShots } from './bulk.ts';
import { catalogue, facts } from './catalogued.test-support.ts';
import { explainShot } from './explain.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { matchTitle } from './match.ts';
import { listSignatures } from './signatures.ts';

const ask = { use: 'train.style', territory: 'world', asOf: '2026-06-01' } as const;
let context: Context;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ context, close } = await testContext());
});
afterAll(() => close());

/** Other names are written as another system composes their letters. */
const other = (name: string) => name.normalize('NFD');

test('a name under which two films were found names neither, whichever was catalogued under it first', async () => {
  const [harbour] = clearedFile().titles ?? [];
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(
    path,
    JSON.stringify({ ...clearedFile(), titles: [{ ...harbour, files: ['fín.mp4'] }], appearances: [] }),
  );
  await importLedger(context, path);
  await catalogue(context, 'other', 'x2/fín.mp4');
  expect((await decideShots(context, ask)).map(({ outcome }) => outcome)).toEqual(['ALLOW', 'ALLOW']);
  await catalogue(context, 'night', 'night-mail.mp4');
  const named = { facts: { ...facts, names: [other('fín.mp4')] } };
  await context.db.update(tables.catalogFiles).set(named).where(eq(tables.catalogFiles.id, 'fil_night'));
  const all = await decideShots(context, ask);
  expect(all.map(({ outcome }) => outcome)).toEqual(Array(4).fill('REVIEW'));
  for (const { shotId, outcome, reasons } of all) {
    expect((await decideSome(context, [shotId], ask))[0]).toMatchObject({ outcome, reasons });
    expect(await explainShot(context, shotId, ask)).toMatchObject({ outcome, reasons });
  }
  const { signatures } = await listSignatures(context, ask);
  expect(signatures.map(({ shots, outcome }) => [shots, outcome])).toEqual([[4, 'REVIEW']]);
});

test('the other names of one film are told from each other by nobody else', () => {
  const film = { name: 'night.mp4', sha256: 'a'.repeat(64), also: ['final.mp4', 'night.mp4'] };
  const [harbour] = clearedFile().titles ?? [];
  const ledger = { titles: [{ ...harbour, files: ['night.mp4'] }] } as never;
  expect(matchTitle(ledger, film, [film])).toEqual({ title: 'harbour' });
});
