import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../../test/support/context.ts';
import type { Context } from '../../jobs/index.ts';
import { forgetLedgers } from '../../rights/catalogued.test-support.ts';
import { importLedger, type LedgerFile, type OutputKind, type Use } from '../../rights/index.ts';
import { addGivenTake, fillWorkspace, handOverTake } from '../withdrawn.test-support.ts';
import { verifyDelivery } from './deliver.ts';

/** What takes that were given a film of the catalogue are handed over for. */

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  await addGivenTake(context, 'tak_given', 'harbour.mp4');
});
afterAll(() => close());

const handing = (purpose: OutputKind) =>
  handOverTake(context, 'tak_given', { purpose, productionData: 'no' });

/** The ledger of the workspace with one grant more for the film that was given, and what is forbidden of it. */
async function permitting(uses: Use[], restrictions: LedgerFile['restrictions'] = []): Promise<void> {
  const path = join(context.paths.root, 'ledger.json');
  const held = JSON.parse(await readFile(path, 'utf8'));
  const [first] = held.grants;
  const own = held.grants.filter(({ id }: { id: string }) => !['g-given', 'g-final'].includes(id));
  const grants = [...own, { ...first, id: 'g-given', uses }];
  const other = join(context.paths.root, 'other.json');
  await writeFile(other, JSON.stringify({ ...held, grants, restrictions }));
  await forgetLedgers(context);
  await importLedger(context, other);
}

const ban = (titles: 'all' | string[], ...uses: Use[]) => ({
  ...{ id: `no-${uses.join('-')}`, titles, uses, territories: ['world'], reason: 'the archive says no' },
});

it('of a take by a model from outside it is not said that no film here was trained on, which nobody knows', async () => {
  const { declaration } = await verifyDelivery(
    await handOverTake(context, 'tak_base', { productionData: 'no' }),
  );
  const [fact] = declaration.answers.find(({ question }) => question === 'purpose')?.facts ?? [];
  expect(fact).toContain('No film of this workspace is known to have been trained on');
});

it('nothing leaves for a purpose that the ledger forbids for a film it was drawn from', async () => {
  await permitting(['condition', 'generate.final', 'generate.ad'], [ban('all', 'generate.ad')]);
  await expect(handing('ad')).rejects.toMatchObject({
    code: 'purpose-not-cleared',
    message: expect.stringMatching(
      /generate\.ad to be allowed for all shots of films that takes were given.*restrictions\/no/,
    ),
  });
  await permitting(['condition', 'generate.final'], [ban(['harbour'], 'generate.final')]);
  await expect(handing('final')).rejects.toThrow(/generate\.final to be allowed.*restrictions\/no/);
});

it('nor for one that nobody has granted of that film', async () => {
  await permitting(['condition', 'generate.temp']);
  await expect(handing('final')).rejects.toThrow(/use_not_granted.*not generate\.final/);
  await permitting(['generate.temp']);
  await expect(handing('temp')).rejects.toThrow(/condition to be allowed/);
});

it('what was asked of the film stands in the declaration: to be given, and for the purpose', async () => {
  await permitting(['condition', 'generate.temp']);
  const { declaration } = await verifyDelivery(await handing('temp'));
  const which = 'shots of films that takes were given, in world';
  expect(declaration.decided).toMatchObject([
    { use: 'condition', which, territory: 'world', shots: 2, grants: ['g-given'] },
    { use: 'generate.temp', which, territory: 'world', shots: 2, grants: ['g-given'] },
  ]);
  expect(declaration.answers.find(({ question }) => question === 'purpose')?.facts).toEqual([
    `The ledger in force at hand-over allowed condition for all 2 ${which}.`,
    `The ledger in force at hand-over allowed generate.temp for all 2 ${which}.`,
  ]);
});
