import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { frameTablePath, writeFrameTable } from '../catalog/frame-table.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { catalogue } from '../rights/catalogued.test-support.ts';
import { importLedger, ruleVersion } from '../rights/index.ts';
import { clearedFile } from '../rights/ledgers.test-support.ts';
import { unlockInputSchema } from './schema.ts';
import { unlockPlaces } from './unlock.ts';
import { unlockWords } from './unlock-words.ts';

let context: Context;
let close: () => Promise<void>;

const shotList = [
  'in,out,description,set,time',
  '0,24,Nia walks,Harbour,night',
  '24,48,Nia waits,Harbour,',
].join('\n');

beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
  const frames = Array.from({ length: 48 }, (_, i) => i);
  await writeFrameTable(frameTablePath(context.paths, 'fil_harbour'), { timeBase: '1/24', pts: frames });
  await context.db.insert(tables.shotsPasses).values({ fileId: 'fil_harbour', detector: 'test', facts: {} });
  await say(shotList);
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify({ ...clearedFile(), consents: [] }));
  await importLedger(context, path);
});
afterAll(() => close());

async function say(text: string): Promise<void> {
  const path = join(context.paths.root, 'harbour.csv');
  await writeFile(path, text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const row = { id: 'sdc_harbour', fileId: 'fil_harbour', kind: 'csv', path, sha256 };
  await context.db.insert(tables.catalogSidecars).values(row);
}

const asked = (more = {}) =>
  unlockPlaces(context, unlockInputSchema.parse({ use: 'train.style', asOf: '2026-05-01', ...more }));

it('an answer says what it adds to each set at each time of day, by its light where nobody said the time', async () => {
  const { answers } = await asked();
  expect(answers[0]?.coverage).toEqual([
    { title: 'harbour', set: 'Harbour', time: 'night', light: null, before: 0, after: 1 },
    { title: 'harbour', set: 'Harbour', time: null, light: 'medium-lit', before: 0, after: 1 },
  ]);
  const words = unlockWords(await asked());
  expect(words).toContain('if Nia Okafor consents to train.style');
  expect(words).toContain('harbour, Harbour, night: 0 -> 1 shot\n');
});

it('asked for other rules than these it answers nothing', async () => {
  await expect(asked({ ruleVersion: '1-aaaaaaaaaaaa' })).rejects.toMatchObject({ code: 'other-rules' });
  expect(await asked({ ruleVersion })).toMatchObject({ ruleVersion });
});
