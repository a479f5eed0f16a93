import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { currentLedger, importLedger, type Ledger } from '../rights/index.ts';
import { withReach } from './import-reach.ts';
import { importedWords } from './import-words.ts';
import type { ImportedHere } from './schema.ts';
import { fillWorkspace } from './withdrawn.test-support.ts';

let workspace: Awaited<ReturnType<typeof testContext>>;
let held: Ledger;
beforeAll(async () => {
  workspace = await testContext();
  await fillWorkspace(workspace.context);
  held = (await currentLedger(workspace.context.db))?.document as Ledger;
});
afterAll(() => workspace.close());

/** Imports the ledger with some sections as they are now, and goes on from it. */
async function importing(change: Partial<Ledger>): Promise<ImportedHere> {
  held = { ...held, ...change };
  const path = join(workspace.context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify(held));
  return withReach(workspace.context, await importLedger(workspace.context, path));
}

const revoking = (target: string) => `backlot rights revoke ${target} --dry-run`;

it('an imported ban tells how many models and takes exist that it speaks of and what to run, once', async () => {
  const ban = { id: 'no', titles: ['harbour'], uses: ['train.style' as const], territories: ['world'] };
  const told = await importing({ restrictions: [{ ...ban, reason: 'the archive says no' }] });
  expect(told.reached).toEqual([
    { row: 'restrictions/no', says: 'forbids', models: 4, takes: 3, command: revoking('--title harbour') },
  ]);
  expect(importedWords(told)).toContain(
    '! restrictions/no forbids: 4 models and 3 takes that exist rest on it and go on as they are.',
  );
  expect((await importing({ policies: [] })).reached).toEqual([]);
});

it('so does a withdrawal that a file brings, a refusal, and a grant that it leaves out', async () => {
  const [agreed, ...others] = held.consents;
  const gone = { ...agreed, withdrawn: '2026-01-01' } as Ledger['consents'][number];
  const withdrawal = await importing({ consents: [gone, ...others] });
  expect(withdrawal.reached).toMatchObject([
    {
      row: 'consents/ann-agreed',
      says: 'is withdrawn on 2026-01-01',
      command: revoking('--consent ann-agreed'),
    },
  ]);
  const { withdrawn: _, described: __, ...terms } = gone;
  const no = { ...terms, id: 'ann-no', answer: 'refused' as const, uses: ['distil' as const] };
  expect((await importing({ consents: [gone, ...others, no] })).reached).toEqual([]);
  const wide = { ...no, id: 'ann-no-training', uses: ['train.style' as const] };
  expect((await importing({ consents: [gone, ...others, no, wide] })).reached).toMatchObject([
    { row: 'consents/ann-no-training', says: 'refuses', command: revoking('--party ann') },
  ]);
  const grants = held.grants.filter(({ id }) => id !== 'g-quarry');
  expect((await importing({ grants })).reached).toMatchObject([
    { row: 'grants/g-quarry', says: 'is no longer in force', command: revoking('--grant g-quarry') },
  ]);
});

it('so does a grant that permits less, where what learned by it would be refused now', async () => {
  const [ban] = held.restrictions as [Ledger['restrictions'][number]];
  await importing({ restrictions: [ban, { ...ban, id: 'lifted', until: '2020-01-01', supersedes: 'no' }] });
  const narrowing = async (id: string, change: object) => {
    const grants = held.grants.map((row) => (row.id === id ? { ...row, ...change } : row));
    return (await importing({ grants })).reached;
  };
  expect(await narrowing('g-harbour', { until: '2026-01-01' })).toMatchObject([
    {
      row: 'grants/g-harbour',
      says: 'ends 2026-01-01',
      models: 4,
      takes: 3,
      command: revoking('--grant g-harbour'),
    },
  ]);
  const other = { ...held.grants[0], id: 'g-more', titles: ['harbour'], until: '2099-01-01' };
  held.grants = [...held.grants, other as Ledger['grants'][number]];
  await importing({});
  expect(await narrowing('g-harbour', { until: '2025-01-01' })).toEqual([]);
  expect(await narrowing('g-more', { territories: ['DE', 'FR'], note: 'as agreed' })).toMatchObject([
    { row: 'grants/g-more', says: 'is for the territories DE, FR alone', models: 4 },
  ]);
});
