import { expect, test } from 'vitest';
import { forgetLedgers } from './catalogued.test-support.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { confirmed, context, file, useWorkspace } from './register.test-support.ts';
import { importRegister } from './register.ts';
import { currentLedger } from './store.ts';

useWorkspace();

const [g1] = clearedFile().grants ?? [];
const importing = async (...grants: object[]) =>
  importLedger(context, await file('ledger.json', JSON.stringify({ ...clearedFile(), grants })));
const register = async (replace = false) => {
  const csv = 'Id,Grantor,Titles,Uses,Territories\nwide,studio,harbour,train.foundation,world';
  return importRegister(context, ...(await confirmed(csv)), replace);
};
const grants = async () => (await currentLedger(context.db))?.document.grants.map(({ id }) => id);

test('a register that comes again brings back no row that was replaced, however often what replaced it was', async () => {
  await register();
  const wide = { ...g1, id: 'wide', uses: ['train.foundation'] };
  const narrow = { ...wide, id: 'narrow', uses: ['index'], supersedes: 'wide' };
  const last = { ...narrow, id: 'last', supersedes: 'narrow' };
  await importing(g1 as object, wide, narrow);
  expect((await register(true)).leftOut.rows).toEqual([
    { row: 'grants/wide', by: 'grants/narrow', inForce: true },
  ]);
  await importing(g1 as object, { ...narrow, supersedes: undefined }, last);
  for (const replace of [false, true]) {
    expect((await register(replace)).leftOut.rows).toEqual([
      { row: 'grants/wide', by: 'grants/last', inForce: true },
    ]);
    expect(await grants()).toEqual(['g1', 'last']);
  }
  // What replaced it is left out of the file in its turn: nothing stands in its place.
  await importing(g1 as object);
  await register();
  expect(await grants()).toEqual(['g1', 'wide']);
});

test('nor one of a chain that came whole in the first file', async () => {
  await forgetLedgers(context);
  const wide = { ...g1, id: 'wide', uses: ['train.foundation'] };
  const narrow = { ...wide, id: 'narrow', uses: ['index'], supersedes: 'wide' };
  await importing(g1 as object, wide, narrow, { ...narrow, id: 'last', supersedes: 'narrow' });
  expect((await register()).leftOut.rows).toEqual([{ row: 'grants/wide', by: 'grants/last', inForce: true }]);
  expect(await grants()).toEqual(['g1', 'last']);
});
