import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { importLedger } from '../rights/index.ts';
import type { Touched } from './schema.ts';
import { signTake } from './sign.ts';
import { withdraw } from './withdraw.ts';
import { addGivenTake, addTakeGiven, fillWorkspace, hashOf } from './withdrawn.test-support.ts';

/** Takes that were given a film, by permissions for takes alone: the base that drew them learned from no title. */

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  await addGivenTake(context, 'tak_given', 'harbour.mp4');
  await addTakeGiven(context, 'tak_onward', { path: '/t.mp4', sha256: hashOf('tak_given') });
  await handOver('dlv_final', 'final');
  await handOver('dlv_ad', 'ad');
});
afterAll(() => close());

/** A delivery of the take that goes on from the given one, as the workspace keeps it. */
async function handOver(id: string, purpose: string): Promise<void> {
  const declaration = { takes: [{ id: 'tak_onward' }], answers: [{ question: 'purpose', answer: purpose }] };
  await context.db
    .insert(tables.provenanceDeliveries)
    .values({ id, path: `/${id}`, declaration, digest: '' });
}

/** The ledger of the workspace with grants more for the harbour, by their ids. */
async function granting(more: Record<string, string>): Promise<void> {
  const path = join(context.paths.root, 'ledger.json');
  const held = JSON.parse(await readFile(path, 'utf8'));
  const [first] = held.grants;
  const grants = Object.entries(more).map(([id, use]) => ({ ...first, id, uses: [use] }));
  const other = join(context.paths.root, 'other.json');
  await writeFile(other, JSON.stringify({ ...held, grants: [...held.grants, ...grants] }));
  await importLedger(context, other);
}

const trying = (grant: string, dryRun = true) => withdraw(context, { territory: 'world', dryRun, grant });
/** Of what was drawn from the film alone. */
const named = (items: readonly Touched[]) =>
  items
    .map(({ kind, id }) => `${kind} ${id}`)
    .filter((one) => /given|onward|dlv/.test(one))
    .sort();

it('a withdrawn permission for takes lists the takes that were given the film, what goes on from them and where they went', async () => {
  const { touched } = await trying('g-final');
  expect(named(touched)).toEqual([
    'delivery dlv_ad',
    'delivery dlv_final',
    'take tak_given',
    'take tak_onward',
  ]);
  const via = (id: string) => touched.find((one) => one.id === id)?.via;
  expect(via('tak_given')).toMatch(/^grants\/g-final, given film \w+$/);
  expect(named((await trying('g-takes')).touched)).toEqual([]);
});

it('where sketches are still permitted the takes stand, and what was handed over for the purpose alone is lost', async () => {
  await granting({ 'g-sketches': 'generate.previz', 'g-ad': 'generate.ad' });
  const { touched, permitted } = await trying('g-final');
  expect(named(touched)).toEqual(['delivery dlv_final']);
  expect(named(permitted)).toEqual(['take tak_given']);
  const ad = await trying('g-ad');
  expect([named(ad.touched), named(ad.permitted)]).toEqual([['delivery dlv_ad'], []]);
  expect(ad.touched[0]?.via).toMatch(
    /given film \w+, take tak_given, take tak_onward, handed over for generate\.ad$/,
  );
});

it('withdrawn, it blocks the take that nothing else permits', async () => {
  await granting({});
  await trying('g-final', false);
  await expect(signTake(context, 'tak_given')).rejects.toMatchObject({ code: 'blocked' });
});
