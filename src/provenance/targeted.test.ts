import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { addStudio } from './lineage.test-support.ts';
import { concernedParties } from './lineage-parties.ts';
import { showTake } from './show.ts';
import { lineageWords } from './words.ts';

let workspace: Awaited<ReturnType<typeof testContext>>;

beforeAll(async () => {
  workspace = await testContext();
  await addStudio(workspace.context);
});
afterAll(() => workspace.close());

const { datasetSnapshots, generateTakes } = tables;

/** Of the studio's dataset, as if it had been frozen for somebody. */
async function frozenFor(targets: object): Promise<void> {
  const { db } = workspace.context;
  const options = { use: 'train.performer', territory: 'DE', asOf: '2026-05-01', ...targets };
  const record = { options, rights: { ledger: 'ldg_1', ruleVersion: 'v1' } };
  await db.update(datasetSnapshots).set({ record }).where(eq(datasetSnapshots.id, 'dst_1'));
}

const performersIn = async () =>
  (await showTake(workspace.context, 'tak_1')).lineage.parties.filter(({ role }) => role === 'performer');

it('a performer whom the dataset was frozen for is concerned, seen in its shots or not, and how is said', async () => {
  await frozenFor({ performers: ['ann', 'bob'] });
  expect(await performersIn()).toMatchObject([
    { id: 'ann', title: 'harbour', row: 'a1', basis: ['seen', 'targeted'] },
    { id: 'bob', name: 'Bob Example', title: 'harbour', row: 'bob', basis: ['targeted'] },
  ]);
  const words = lineageWords(await showTake(workspace.context, 'tak_1'));
  expect(words).toContain(
    'Concerns Bob Example, performer of harbour: targeted by dataset dst_1, not recorded as seen; no consent recorded',
  );
  expect(words).toContain('targeted by dataset dst_1; consent c1 given');
});

it('so is one whom an earlier version named, and one whom the ledger does not know', async () => {
  await frozenFor({ performer: 'ghost' });
  expect(await performersIn()).toMatchObject([
    { id: 'ann', basis: ['seen'], standing: 'consent c1 given' },
    { id: 'ghost', name: 'ghost', standing: expect.stringContaining('no party of the ledger') },
  ]);
});

it('so is one of a dataset whose ledger or films are not known here any more', () => {
  const snapshot = { id: 'dst_1', performers: ['bob'], titles: [], grants: null } as never;
  const lost = { snapshot, ledger: null, files: [], shots: [], gaps: [] };
  expect(concernedParties(lost)).toMatchObject([
    { id: 'bob', title: 'dst_1', standing: expect.stringContaining('whether bob agreed is not known here') },
  ]);
});

it('somebody whom the words of a brief name, and no dataset was frozen for, is concerned by the brief', async () => {
  await frozenFor({});
  const { db } = workspace.context;
  const brief = {
    id: 'b1',
    text: 'Bob Example walks by the pier',
    adapters: [{ id: 'mdl_adapter', weight: 1 }],
  };
  await db.update(generateTakes).set({ brief }).where(eq(generateTakes.id, 'tak_1'));
  expect((await performersIn()).find(({ id }) => id === 'bob')).toMatchObject({
    ...{ title: 'brief b1', row: 'bob', basis: ['named'] },
    standing: 'named by the words of the brief; no dataset behind the take was frozen for a replica',
  });
  await frozenFor({ performers: ['bob'] });
  expect((await performersIn()).filter(({ id }) => id === 'bob')).toMatchObject([{ basis: ['targeted'] }]);
});
