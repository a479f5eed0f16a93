import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { importLedger, type RevokeInput } from '../rights/index.ts';
import type { Touched } from './schema.ts';
import { signTake } from './sign.ts';
import { withdraw } from './withdraw.ts';
import { pathsIn, withdrawalWords } from './withdrawal-words.ts';
import { fillWorkspace, noteExits } from './withdrawn.test-support.ts';

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  await noteExits(context);
  await handOver('dlv_temp', 'temp', ['tak_quarry', 'tak_base']);
  await handOver('dlv_final', 'final', ['tak_harbour']);
  await handOver('dlv_ad', 'ad', ['tak_base']);
});
afterAll(() => close());

/** A delivery as the workspace keeps it, as far as a withdrawal reads it. */
async function handOver(id: string, purpose: string, takes: string[]): Promise<void> {
  const answers = [
    { question: 'secured', answer: 'yes' },
    { question: 'purpose', answer: purpose },
  ];
  const declaration = { takes: takes.map((take) => ({ id: take })), answers };
  await context.db
    .insert(tables.provenanceDeliveries)
    .values({ id, path: `/${id}`, declaration, digest: '' });
}

const trying = (target: Partial<RevokeInput>, dryRun = true) =>
  withdraw(context, { territory: 'world', dryRun, ...target });
const named = (items: readonly Touched[]) => items.map(({ kind, id }) => `${kind} ${id}`).sort();

it('a withdrawn permission for takes reaches the takes drawn by it, and where they went; not the models, nor other takes', async () => {
  const { touched, permitted, tasks } = await trying({ grant: 'g-takes' });
  expect(named(touched)).toEqual([
    'cut /cuts/one.otio',
    'delivery dlv_temp',
    'take tak_heir',
    'take tak_mixed',
    'take tak_quarry',
  ]);
  expect(permitted).toEqual([]);
  expect(tasks.map(({ subject }) => subject).sort()).toEqual(['cut /cuts/one.otio', 'delivery dlv_temp']);
});

it('names the way from the row to each, with what a delivery was decided for', async () => {
  const { touched } = await trying({ consent: 'ann-takes' });
  const way = (id: string) => {
    const item = touched.find((one) => one.id === id) as Touched;
    return pathsIn(touched)(item).join(' > ');
  };
  expect(way('tak_heir')).toBe(
    'appearances/seen, shot sht_quarry-0, snapshot dst_quarry, model mdl_heir > take tak_heir',
  );
  expect(way('/cuts/one.otio')).toContain('take tak_heir > cut /cuts/one.otio');
  expect(way('dlv_temp')).toContain('take tak_quarry');
});

it('what another row still permits is listed with tasks for people, and not blocked', async () => {
  await permitSketches();
  const { touched, permitted, tasks } = await trying({ grant: 'g-takes' });
  expect(named(touched)).toEqual(['delivery dlv_temp']);
  expect(touched[0]?.via).toBe(
    'grants/g-takes, shot sht_quarry-0, snapshot dst_quarry, model mdl_quarry, take tak_quarry, handed over for generate.temp',
  );
  expect(named(permitted)).toEqual([
    'cut /cuts/one.otio',
    'take tak_heir',
    'take tak_mixed',
    'take tak_quarry',
  ]);
  expect(tasks.find(({ subject }) => subject === 'cut /cuts/one.otio')?.what).toContain('still permit');
  expect(withdrawalWords(await trying({ grant: 'g-takes' }))).toContain('4 more things rest on it');
});

/** A later ledger in which sketches of the quarry are permitted by another grant too. */
async function permitSketches(): Promise<void> {
  const file = join(context.paths.root, 'ledger.json');
  const ledger = JSON.parse(await readFile(file, 'utf8'));
  const sketches = { id: 'g-sketches', grantor: 'studio', titles: ['quarry'], territories: ['world'] };
  const grants = [...ledger.grants, { ...sketches, uses: ['generate.previz'] }];
  await writeFile(file, JSON.stringify({ ...ledger, grants }));
  await importLedger(context, file);
}

it('withdrawn, it blocks the takes that nothing else permits, and removes no clips', async () => {
  const { purged, thumbnails, touched } = await trying({ grant: 'g-final' }, false);
  expect([purged, thumbnails]).toEqual([[], 0]);
  // An adapter on a whole model of the harbour draws by what that learned, too.
  expect(named(touched.filter(({ kind }) => kind !== 'cut'))).toEqual([
    'delivery dlv_final',
    'take tak_harbour',
    'take tak_heir',
    'take tak_mixed',
  ]);
  await expect(signTake(context, 'tak_harbour')).rejects.toMatchObject({ code: 'blocked' });
});
