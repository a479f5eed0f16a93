import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { catalogue, facts } from '../rights/catalogued.test-support.ts';
import { importLedger } from '../rights/index.ts';
import { verifyDelivery } from './delivery/deliver.ts';
import { lineageOf } from './lineage.ts';
import { showTake } from './show.ts';
import { addGivenTake, addTakeGiven, fillWorkspace, handOverTake, hashOf } from './withdrawn.test-support.ts';
import { lineageWords } from './words.ts';

/** A film of the catalogue that a take was given: whose it is and who is in it is what the ledger says. */

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  const path = join(context.paths.root, 'ledger.json');
  const held = JSON.parse(await readFile(path, 'utf8'));
  const given = { ...held.grants[1], id: 'g-given', uses: ['condition', 'generate.temp'] };
  const agreed = { ...held.consents[0], id: 'ann-given', uses: ['condition', 'generate.temp'] };
  const ledger = { ...held, grants: [...held.grants, given], consents: [...held.consents, agreed] };
  const nowhere = { ...held.appearances[0], id: 'heard', party: 'bob', shots: 'none', note: 'heard alone' };
  ledger.appearances = [...held.appearances, nowhere];
  await writeFile(path, JSON.stringify(ledger));
  await importLedger(context, path);
  await addGivenTake(context, 'tak_given', 'quarry.mp4');
  await addTakeGiven(context, 'tak_onward', { path: '/t.mp4', sha256: hashOf('tak_given') });
  await addTakeGiven(context, 'tak_strange', { path: '/rushes/pier.mov', sha256: hashOf('rushes') });
});
afterAll(() => close());

const whom = [
  { id: 'studio', title: 'quarry', role: 'owner', share: '100%', row: 'quarry' },
  { id: 'ann', title: 'quarry', role: 'performer', share: null, row: 'seen' },
];

it('a take that was given a film of the catalogue concerns its owners and who is seen in it', async () => {
  const { parties, references, gaps } = await lineageOf(context, 'tak_given');
  // Not bob, of whom the ledger says that he is seen nowhere in it.
  expect(parties).toMatchObject(whom);
  expect(parties[0]?.standing).toContain('quarry.mp4 was given to take tak_given');
  expect(parties[1]?.standing).toMatch(/which of its frames is not recorded; .*consent ann-given given/);
  expect(references).toMatchObject([{ role: 'video', film: { file: 'quarry.mp4', title: 'quarry' } }]);
  expect(gaps.join(' ')).toContain('it is quarry.mp4 of the catalogue, a film of the title quarry');
});

it('so does one that was given such a take', async () => {
  expect((await lineageOf(context, 'tak_onward')).parties).toMatchObject(whom);
});

it('nothing that is shown or signed of it says that nobody knows whose the film is', async () => {
  const shown = lineageWords(await showTake(context, 'tak_given'));
  expect(shown).toContain('Concerns Example Studio, owner of 100% of quarry');
  expect(shown).not.toContain('who owns it and whether it may be used is not known here');
  const folder = await handOverTake(context, 'tak_given', { productionData: 'no' });
  const { answers } = (await verifyDelivery(folder)).declaration;
  const facts = answers.flatMap((answer) => answer.facts).join(' ');
  expect(facts).toContain('The video "quarry.mp4" was given by a brief: it is a film of the title quarry.');
  expect(facts).toContain('ann is seen in quarry (seen)');
  expect(facts).not.toMatch(/where it came from is not known|who owns it/);
});

it('of a file that is no film of the catalogue it is said still, and of a film without a title', async () => {
  expect((await lineageOf(context, 'tak_strange')).gaps.join(' ')).toContain(
    'who owns it and whether it may be used is not known here',
  );
  await catalogue(context, 'loose', 'loose.mp4');
  await addGivenTake(context, 'tak_loose', 'loose.mp4');
  const { gaps, parties } = await lineageOf(context, 'tak_loose');
  expect(gaps.join(' ')).toContain('it is loose.mp4 of the catalogue, and who owns it');
  expect(parties).toEqual([]);
});

it('a film is not that of a title which names other bytes by one of its names', async () => {
  const { catalogFiles } = tables;
  const named = { facts: { ...facts, names: ['quarry.mp4'] } };
  await context.db.update(catalogFiles).set(named).where(eq(catalogFiles.id, 'fil_loose'));
  const { gaps, parties } = await lineageOf(context, 'tak_loose');
  expect(gaps.join(' ')).toContain('it is loose.mp4 of the catalogue, and who owns it');
  expect(parties).toEqual([]);
});
