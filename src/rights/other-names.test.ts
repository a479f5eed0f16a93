import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { decideSome } from './around.ts';
import { decideShots } from './bulk.ts';
import { catalogue, facts, forgetLedgers } from './catalogued.test-support.ts';
import { checkRights } from './check.ts';
import { explainShot } from './explain.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';

const ask = { use: 'train.style', territory: 'world', asOf: '2026-06-01' } as const;
let context: Context;
let close: () => Promise<void>;

/** The same bytes lie under another name, too. */
beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
  const named = { facts: { ...facts, names: ['secret_cut.mp4'] } };
  await context.db.update(tables.catalogFiles).set(named).where(eq(tables.catalogFiles.id, 'fil_harbour'));
});
afterAll(() => close());

const importing = async (parts: object) => {
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify({ ...clearedFile(), ...parts }));
  await importLedger(context, path);
};
const outcomes = async () => {
  const all = (await decideShots(context, ask)).map(({ outcome }) => outcome);
  const shots = ['sht_harbour-0', 'sht_harbour-1'];
  expect((await decideSome(context, shots, ask)).map(({ outcome }) => outcome)).toEqual(all);
  expect((await explainShot(context, 'sht_harbour-0', ask)).outcome).toBe(all[0]);
  return all;
};
const [harbour] = clearedFile().titles ?? [];

test('a film whose bytes another title names by their other name waits for a person', async () => {
  await importing({});
  expect(await outcomes()).toEqual(['ALLOW', 'ALLOW']);
  const secret = {
    ...harbour,
    id: 'secret',
    name: 'Secret',
    files: ['secret_cut.mp4'],
    withdrawn: '2026-01-01',
  };
  await importing({ titles: [harbour, secret] });
  expect(await outcomes()).toEqual(['REVIEW', 'REVIEW']);
  expect((await checkRights(context, ask)).notices.join()).toContain(
    'harbour names harbour.mp4, and secret names secret_cut.mp4, which is the same bytes',
  );
  expect((await checkRights(context, ask)).notices.join()).not.toContain('is not catalogued');
});

test('who is seen in it under its other name is asked', async () => {
  await forgetLedgers(context);
  const titles = [{ ...harbour, files: ['harbour.mp4', 'secret_cut.mp4'] }];
  const appearances = [{ ...clearedFile().appearances?.[0], file: 'secret_cut.mp4' }];
  await importing({ titles, appearances });
  expect(await outcomes()).toEqual(['ALLOW', 'ALLOW']);
  await importing({ titles, appearances, consents: [] });
  expect(await outcomes()).toEqual(['NEEDS_ACTION', 'NEEDS_ACTION']);
});
