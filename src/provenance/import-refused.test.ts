import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { currentLedger, importLedger, type Ledger } from '../rights/index.ts';
import { withReach } from './import-reach.ts';
import type { ImportedHere } from './schema.ts';
import { fillWorkspace } from './withdrawn.test-support.ts';

/** What an import newly refuses, though none of its rows says no. */

let workspace: Awaited<ReturnType<typeof testContext>>;
let held: Ledger;
beforeEach(async () => {
  await workspace?.close();
  workspace = await testContext();
  await fillWorkspace(workspace.context);
  held = (await currentLedger(workspace.context.db))?.document as Ledger;
  await importing({ parties: [...held.parties, { id: 'rival', kind: 'org', name: 'Rival' }] });
});
afterAll(() => workspace.close());

async function importing(change: Partial<Ledger>): Promise<ImportedHere['reached']> {
  held = { ...held, ...change };
  const path = join(workspace.context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify(held));
  return (await withReach(workspace.context, await importLedger(workspace.context, path))).reached;
}

const changed = <T extends { id: string }>(rows: readonly T[], id: string, change: object): T[] =>
  rows.map((row) => (row.id === id ? { ...row, ...change } : row));

const everything = { models: 4, takes: 3 };
const ban = { id: 'no', titles: ['harbour'], territories: ['world'], reason: 'the archive says no' };

it('a grant that is for somebody else now', async () => {
  const told = await importing({
    grants: changed(held.grants, 'g-harbour', { grantee: 'rival' }),
    policies: [{ id: 'house', house: 'studio' }] as unknown as Ledger['policies'],
  });
  expect(told).toMatchObject([
    { ...everything, row: 'grants/g-harbour', command: 'backlot rights revoke --grant g-harbour --dry-run' },
  ]);
  expect(told[0]?.says).toContain('now refuses what was allowed');
});

it('a restriction that is for more uses than before', async () => {
  expect(await importing({ restrictions: [{ ...ban, uses: ['generate.ad'] }] })).toEqual([]);
  expect(await importing({ restrictions: [{ ...ban, uses: 'all' }] })).toMatchObject([
    { ...everything, row: 'restrictions/no', command: 'backlot rights revoke --title harbour --dry-run' },
  ]);
});

it('a title of which a half was sold', async () => {
  const shares = ['studio', 'rival'].map((party) => ({ party, share: '50%' }));
  expect(await importing({ titles: changed(held.titles, 'harbour', { shares }) })).toMatchObject([
    { ...everything, command: 'backlot rights revoke --title harbour --dry-run' },
  ]);
});

it('a grant that rests on a paper which is signed later', async () => {
  const paper = { id: 'deal', name: 'Deal', kind: 'contract', parties: ['studio'], sha256: 'a'.repeat(64) };
  const agreements = [{ ...paper, signed: '2199-01-01' }];
  const grants = changed(held.grants, 'g-harbour', { evidence: { agreement: 'deal' } });
  const told = await importing({ agreements: agreements as unknown as Ledger['agreements'], grants });
  expect(told).toMatchObject([{ ...everything, row: 'grants/g-harbour' }]);
});

it('somebody of whom it is confirmed that she is seen, whom nobody asked', async () => {
  const [seen] = held.appearances;
  const more = { ...seen, id: 'bob-seen', party: 'bob', title: 'harbour', file: 'harbour.mp4' };
  const told = await importing({ appearances: [...held.appearances, more] as Ledger['appearances'] });
  expect(told).toMatchObject([{ ...everything, row: 'appearances/bob-seen' }]);
});

it('a duty that comes first and is open', async () => {
  const owed = { id: 'owed', kind: 'notify' as const, to: 'studio', titles: ['harbour'] };
  const obligations = [{ ...owed, uses: 'all' as const, territories: ['world'] }];
  expect(await importing({ obligations })).toMatchObject([{ ...everything, row: 'obligations/owed' }]);
});

it('a ban of takes alone is told of the takes', async () => {
  const told = await importing({ restrictions: [{ ...ban, titles: ['quarry'], uses: ['generate.previz'] }] });
  expect(told).toMatchObject([{ models: 0, takes: 3, row: 'restrictions/no' }]);
});
