import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { currentLedger, importLedger, type Ledger } from '../rights/index.ts';
import { withReach } from './import-reach.ts';
import type { ImportedHere } from './schema.ts';
import { addGivenTake, addTakeGiven, fillWorkspace, hashOf } from './withdrawn.test-support.ts';

/** What an import newly refuses of films that takes were given: the base that drew them learned from no title. */

let workspace: Awaited<ReturnType<typeof testContext>>;
let held: Ledger;
beforeEach(async () => {
  await workspace?.close();
  workspace = await testContext();
  const { context } = workspace;
  await fillWorkspace(context);
  await addGivenTake(context, 'tak_given', 'harbour.mp4');
  await addTakeGiven(context, 'tak_onward', { path: '/t.mp4', sha256: hashOf('tak_given') });
  held = (await currentLedger(context.db))?.document as Ledger;
  const grants = held.grants.filter(({ titles }) => titles.includes('harbour'));
  // What models learned is allowed by a grant of its own, whatever becomes of the permission for takes.
  await importing({ grants: [...grants, { ...(grants[0] as Grant), id: 'g-also', uses: ['condition'] }] });
});
afterAll(() => workspace.close());

type Grant = Ledger['grants'][number];

async function importing(change: Partial<Ledger>): Promise<ImportedHere['reached']> {
  held = { ...held, ...change };
  const path = join(workspace.context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify(held));
  return (await withReach(workspace.context, await importLedger(workspace.context, path))).reached;
}

const narrowing = (id: string, change: Partial<Grant>) =>
  importing({ grants: held.grants.map((row) => (row.id === id ? { ...row, ...change } : row)) });

/** The row whose takes are more than those that models of the title drew. */
const ofGiven = {
  models: 0,
  row: 'grants/g-final',
  command: 'backlot rights revoke --grant g-final --dry-run',
};

it('a permission for takes alone that is narrowed counts takes that were given the film, and what goes on from them', async () => {
  await workspace.context.db.delete(tables.trainModels);
  const [told, ...others] = await narrowing('g-final', { territories: ['DE'] });
  expect(told).toMatchObject({ ...ofGiven, takes: 2 });
  expect(told?.says).toContain('now refuses what was allowed');
  expect(others).toEqual([]);
});

it('beside takes by what learned from the title', async () => {
  expect(await narrowing('g-final', { until: '2026-01-01' })).toMatchObject([{ ...ofGiven, takes: 5 }]);
});

it('so does a permission to give the film', async () => {
  expect(await narrowing('g-also', { until: '2026-01-01' })).toMatchObject([
    { models: 0, takes: 2, row: 'grants/g-also' },
  ]);
});

it('and a permission that is narrowed to what takes do not need counts none', async () => {
  expect(await narrowing('g-final', { uses: ['generate.previz'] })).toEqual([]);
});
