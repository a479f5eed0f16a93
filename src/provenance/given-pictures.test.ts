import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { importLedger } from '../rights/index.ts';
import { verifyDelivery } from './delivery/deliver.ts';
import { lineageOf } from './lineage.ts';
import { givenFilms } from './statement/given.ts';
import { ledgersThen } from './statement/ledgers.ts';
import type { RuleId } from './statement-rules.ts';
import { withdraw } from './withdraw.ts';
import { addTakeGiven, fillWorkspace, handOverTake, hashOf } from './withdrawn.test-support.ts';

/** A picture that Backlot cut out of a film is material of that film, wherever a given film is asked about. */

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  // The second shot, in which nobody is seen, and the first, in which Ann is.
  for (const shot of [1, 0]) {
    const path = `/takes/first-frames/${hashOf(`sht_quarry-${shot}`).slice(0, 12)}.png`;
    await addTakeGiven(context, `tak_${shot}`, { role: 'first', path, sha256: hashOf(`frame ${shot}`) });
  }
  await addTakeGiven(context, 'tak_copy', {
    role: 'first',
    path: '/desk/pier.png',
    sha256: hashOf('frame 1'),
  });
});
afterAll(() => close());

async function permitting(uses: string[]): Promise<void> {
  const path = join(context.paths.root, 'ledger.json');
  const held = JSON.parse(await readFile(path, 'utf8'));
  const own = held.grants.filter(({ id }: { id: string }) => id !== 'g-takes');
  const grants = [...own, { ...held.grants[1], id: 'g-takes', uses }];
  const other = join(context.paths.root, 'other.json');
  await writeFile(other, JSON.stringify({ ...held, grants }));
  await importLedger(context, other);
}

const handing = (take: string) => handOverTake(context, take, { purpose: 'temp', productionData: 'no' });

it('its owners, and who is seen in the shot, stand in the lineage and are no gap', async () => {
  const { parties, references, gaps } = await lineageOf(context, 'tak_1');
  expect(references).toMatchObject([{ film: { file: 'quarry.mp4', title: 'quarry', shot: 'sht_quarry-1' } }]);
  expect(parties.map(({ id, role }) => `${id} ${role}`)).toEqual(['studio owner']);
  expect(gaps.join(' ')).toContain('it is a picture of shot sht_quarry-1 of quarry.mp4 of the catalogue');
  expect(gaps.join(' ')).not.toContain('is not known here');
  const seen = (await lineageOf(context, 'tak_0')).parties.map(({ id }) => id);
  expect(seen).toEqual(['studio', 'ann']);
});

it('a copy of it under another name is the same', async () => {
  expect((await lineageOf(context, 'tak_copy')).references[0]?.film).toMatchObject({ shot: 'sht_quarry-1' });
});

it('nothing leaves for a purpose that nobody granted of the shot, and the declaration says what was asked', async () => {
  await permitting(['condition']);
  await expect(handing('tak_copy')).rejects.toThrow(/generate\.temp to be allowed for all shots of films/);
  await permitting(['condition', 'generate.temp']);
  const { declaration } = await verifyDelivery(await handing('tak_copy'));
  expect(declaration.decided).toMatchObject([
    { use: 'condition', shots: 1, grants: ['g-takes'] },
    { use: 'generate.temp', shots: 1, grants: ['g-takes'] },
  ]);
  const facts = declaration.answers.flatMap((answer) => answer.facts).join(' ');
  expect(facts).toContain('a film of the title quarry');
});

const counted = async (rule: RuleId) => {
  const period = { from: '2000-01-01T00:00:00Z', until: '2100-01-01T00:00:00Z' };
  const { given } = await givenFilms(context.db, period, { asOf: undefined, rule }, ledgersThen(context.db));
  return given.map(({ take, holders }) => [take, holders.title?.id, holders.performers]);
};

it('statements count it by rules that say so, and as before by earlier ones', async () => {
  expect(await counted('exposure-5')).toEqual([
    ['tak_0', 'quarry', ['ann']],
    ['tak_1', 'quarry', []],
    ['tak_copy', 'quarry', []],
  ]);
  expect(await counted('exposure-4')).toEqual([]);
});

it('a withdrawn permission to give pictures reaches takes that were given one', async () => {
  await permitting(['condition']);
  const { touched } = await withdraw(context, { grant: 'g-takes', territory: 'world', dryRun: true });
  const takes = touched.filter(({ kind }) => kind === 'take').map(({ id }) => id);
  expect(takes).toEqual(expect.arrayContaining(['tak_0', 'tak_1', 'tak_copy']));
});

it('a video that was exported from a film is named as such, and counted by the newest rule alone', async () => {
  const video = { path: '/desk/clip.mp4', sha256: hashOf('clip'), shot: 'sht_quarry-0' };
  await addTakeGiven(context, 'tak_clip', video);
  const { gaps, parties } = await lineageOf(context, 'tak_clip');
  expect(gaps.join(' ')).toContain('it is a video of shot sht_quarry-0 of quarry.mp4 of the catalogue');
  expect(parties.map(({ id }) => id)).toEqual(['studio', 'ann']);
  expect(await counted('exposure-6')).toContainEqual(['tak_clip', 'quarry', ['ann']]);
  expect((await counted('exposure-5')).map(([take]) => take)).not.toContain('tak_clip');
  const { touched } = await withdraw(context, { title: 'quarry', territory: 'world', dryRun: true });
  expect(touched.map(({ id }) => id)).toContain('tak_clip');
});
