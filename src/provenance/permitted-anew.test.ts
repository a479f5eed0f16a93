import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { currentLedger, importLedger, type Ledger } from '../rights/index.ts';
import { withdraw } from './withdraw.ts';
import { withdrawalWords } from './withdrawal-words.ts';
import { addGivenTake, fillWorkspace, hashOf } from './withdrawn.test-support.ts';

/** What was permitted anew after a withdrawal does not rest on what was withdrawn, though that is followed again. */

let workspace: Awaited<ReturnType<typeof testContext>>;
beforeEach(async () => {
  await workspace?.close();
  workspace = await testContext();
  await fillWorkspace(workspace.context);
});
afterAll(() => workspace.close());

const held = async () => (await currentLedger(workspace.context.db))?.document as Ledger;
const revoke = (target: object, dryRun = false) =>
  withdraw(workspace.context, { ...target, territory: 'world', dryRun });
const reached = async (target: object) =>
  (await revoke(target)).touched.filter(({ kind }) => isMade(kind)).map(({ kind, id }) => `${kind} ${id}`);

/** What lies beside a film may be found again; a trial's checkpoints went with the first withdrawal. */
const isMade = (kind: string) => kind !== 'sidecar' && kind !== 'checkpoint';

async function importing(change: (before: Ledger) => Partial<Ledger>) {
  const before = await held();
  const path = join(workspace.context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify({ ...before, ...change(before) }));
  await importLedger(workspace.context, path);
}

/** A dataset of the film and a model of it, by the ledger in force. */
async function frozenNow(film: string) {
  const { db, paths } = workspace.context;
  const record = { options: { use: 'train.style' }, rights: { ledger: (await currentLedger(db))?.id } };
  const path = join(paths.datasets, 'anew');
  await db.insert(tables.datasetSnapshots).values({ id: 'dst_anew', digest: hashOf('anew'), path, record });
  const clip = { snapshotId: 'dst_anew', titleId: `ttl_${film}`, split: 'train', caption: 'a pier' };
  await db.insert(tables.datasetClips).values({ ...clip, shotId: `sht_${film}-0`, clipId: hashOf('anew') });
  await db.insert(tables.trainModels).values({
    ...{
      id: 'mdl_anew',
      name: 'anew',
      kind: 'adapter',
      path: '/models/mdl_anew',
      sha256: hashOf('mdl_anew'),
    },
    ...{ baseId: 'mdl_base', snapshotId: 'dst_anew', runId: null, record: {} },
  });
}

it('a grant that is given in its place: what it permits is not reached when the old withdrawal is given again', async () => {
  const first = await reached({ grant: 'g-harbour' });
  expect(first).toContain('model mdl_harbour');
  await importing(({ grants }) => {
    const { withdrawn: _, ...old } = grants.find(({ id }) => id === 'g-harbour') as Ledger['grants'][number];
    return { grants: [...grants, { ...old, id: 'g-anew', uses: ['train.style', 'condition'] }] };
  });
  await frozenNow('harbour');
  await addGivenTake(workspace.context, 'tak_anew', 'harbour.mp4');
  expect((await reached({ grant: 'g-harbour' })).toSorted()).toEqual(first.toSorted());
  expect(await reached({ grant: 'g-anew' })).toEqual(
    expect.arrayContaining(['snapshot dst_anew', 'model mdl_anew', 'take tak_anew']),
  );
});

it('nor is what a new consent permits, by that of before', async () => {
  const first = await reached({ consent: 'ann-agreed' });
  expect(first).toContain('model mdl_quarry');
  await importing(({ consents }) => {
    const { withdrawn: _, ...old } = consents.find(
      ({ id }) => id === 'ann-agreed',
    ) as Ledger['consents'][number];
    return { consents: [...consents, { ...old, id: 'ann-anew' }] };
  });
  await frozenNow('quarry');
  expect((await reached({ consent: 'ann-agreed' })).toSorted()).toEqual(first.toSorted());
  expect(await reached({ consent: 'ann-anew' })).toContain('model mdl_anew');
});

it('a withdrawal from a day to come is followed in what was made until then', async () => {
  await importing(({ grants }) => ({
    grants: grants.map((row) => (row.id === 'g-harbour' ? { ...row, withdrawn: '2099-01-01' } : row)),
  }));
  await frozenNow('harbour');
  expect(await reached({ grant: 'g-harbour' })).toContain('model mdl_anew');
});

it('the words name the row that stands in the place of the one that is withdrawn', async () => {
  await importing(({ grants }) => {
    const old = grants.find(({ id }) => id === 'g-harbour') as Ledger['grants'][number];
    return { grants: [...grants, { ...old, id: 'g-anew', supersedes: 'g-harbour' }] };
  });
  const words = withdrawalWords(await revoke({ grant: 'g-harbour' }, true));
  expect(words).toContain('grants/g-anew, which replaced it, is in force and permits what it says');
});
