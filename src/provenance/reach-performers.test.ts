import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { clearDrawing } from '../generate/index.ts';
import type { Context } from '../jobs/index.ts';
import { importLedger, type Ledger, type RevokeInput, revoke } from '../rights/index.ts';
import { withReach } from './import-reach.ts';
import { withdraw } from './withdraw.ts';
import { fillWorkspace, hashOf } from './withdrawn.test-support.ts';

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  await importing((ledger) => ({
    grants: [
      ...ledger.grants,
      { id: 'g-both', grantor: 'studio', titles: ['harbour'], territories: ['world'], uses: replicas },
      { id: 'g-sketch', grantor: 'studio', titles: ['harbour'], territories: ['world'], uses: sketches },
    ],
    consents: [...ledger.consents, ...['bob', 'eve'].flatMap((party) => [trained(party), taken(party)])],
    parties: [...ledger.parties, { id: 'eve', kind: 'person', name: 'Eve Example' }],
  }));
  await addFor('two', { performers: ['bob', 'eve'] });
  await addFor('old', { performer: 'bob' });
});
afterAll(() => close());

const replicas = ['train.performer' as const, 'generate.replica' as const];
const sketches = ['generate.previz' as const];
const agreed = (party: string) => ({
  ...{ party, answer: 'given' as const, titles: ['harbour'], territories: ['world'] },
  ...{ described: 'a double', advisedBy: 'union' as const },
});
const trained = (party: string) => ({
  ...agreed(party),
  ...{ id: `${party}-trained`, uses: ['train.performer' as const] },
});
const taken = (party: string) => ({
  ...agreed(party),
  ...{ id: `${party}-taken`, uses: ['generate.replica' as const] },
});

async function importing(change: (ledger: Ledger) => Partial<Ledger>) {
  const path = join(context.paths.root, 'ledger.json');
  const ledger: Ledger = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...ledger, ...change(ledger) }));
  return withReach(context, await importLedger(context, path));
}

/** A dataset of the harbour's first shot, in which nobody is seen, frozen for performers; its adapter, and a take. */
async function addFor(name: string, said: object): Promise<void> {
  const { db } = context;
  const record = { options: { use: 'train.style', ...said } };
  const dataset = { id: `dst_${name}`, digest: hashOf(name), path: `/${name}`, record };
  await db.insert(tables.datasetSnapshots).values(dataset);
  const clip = { snapshotId: dataset.id, titleId: 'ttl_harbour', split: 'train', caption: 'a pier' };
  await db.insert(tables.datasetClips).values({ ...clip, shotId: 'sht_harbour-0', clipId: hashOf(name) });
  const id = `mdl_${name}`;
  const model = { id, name, kind: 'adapter', path: `/${id}`, sha256: hashOf(id), record: {} };
  await db
    .insert(tables.trainModels)
    .values({ ...model, baseId: 'mdl_base', snapshotId: dataset.id, runId: null });
  const made = {
    briefId: 'b',
    modelId: id,
    runId: 'run_2',
    candidate: 0,
    seed: 1,
    rawPath: '',
    rawSha256: '',
  };
  const brief = { id: 'b', text: '', adapters: [{ id, weight: 1 }] };
  const video = { videoPath: `/${name}.mp4`, videoSha256: hashOf(`${name}.mp4`) };
  await db.insert(tables.generateTakes).values({ id: `tak_${name}`, brief, ...made, ...video });
}

const trying = async (target: Partial<RevokeInput>) =>
  (await withdraw(context, { territory: 'world', dryRun: true, ...target })).touched;
const ofTwo = /^(dst|mdl|tak)_(two|old)$/;
const reached = async (target: Partial<RevokeInput>) =>
  (await trying(target)).map(({ id }) => id).filter((id) => ofTwo.test(id));

it('withdrawing either of two performers reaches the dataset, its model and its takes, by the party and by the consent', async () => {
  const both = ['dst_two', 'mdl_two', 'tak_two'];
  for (const target of [{ party: 'eve' }, { consent: 'eve-trained' }])
    expect(await reached(target)).toEqual(both);
  const all = ['dst_old', 'dst_two', 'mdl_old', 'mdl_two', 'tak_old', 'tak_two'];
  for (const target of [{ party: 'bob' }, { consent: 'bob-trained' }])
    expect((await reached(target)).sort()).toEqual(all);
  expect(await reached({ party: 'ann' })).toEqual([]);
});

it('the way to it names the performer who withdrew', async () => {
  const viaOf = async (target: Partial<RevokeInput>) =>
    (await trying(target)).find(({ id }) => id === 'dst_two')?.via;
  expect(await viaOf({ party: 'eve' })).toBe('parties/eve, performer eve');
  expect(await viaOf({ consent: 'bob-trained' })).toBe('consents/bob-trained, performer bob');
});

it('a consent to takes of either, withdrawn, reaches the takes alone', async () => {
  expect(await reached({ consent: 'eve-taken' })).toEqual(['tak_two']);
  expect((await reached({ consent: 'bob-taken' })).sort()).toEqual(['tak_old', 'tak_two']);
});

it('a consent of one of them that a file narrows tells of what was made for both', async () => {
  const told = await importing((ledger) => ({
    consents: ledger.consents.map((row) =>
      row.id === 'eve-trained' ? { ...row, territories: ['DE'] } : row,
    ),
  }));
  expect(told.reached).toMatchObject([{ row: 'consents/eve-trained', models: 1, takes: 1 }]);
});

it('takes are drawn as long as both agree', async () => {
  const drawing = () =>
    clearDrawing(
      context.db,
      ['mdl_base', 'mdl_two'].map((id) => ({ sha256: hashOf(id) })),
    );
  await drawing();
  const input = { consent: 'eve-taken', territory: 'world', dryRun: false };
  await revoke(context, input, new Date().toISOString());
  await expect(drawing()).rejects.toThrow(/replicas of bob and eve.*eve withdrew the consent/);
});
