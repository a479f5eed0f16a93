import { expect, test } from 'vitest';
import { toldBy } from './agreement.test-support.ts';
import { decideSome } from './around.ts';
import { decideShots } from './bulk.ts';
import { catalogue } from './catalogued.test-support.ts';
import { explainShot } from './explain.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { context, file, useWorkspace } from './register.test-support.ts';
import { listSignatures } from './signatures.ts';
import { currentLedger } from './store.ts';

useWorkspace();

const ask = { use: 'train.style', territory: 'world', asOf: '2026-06-01' } as const;
const [harbour] = clearedFile().titles ?? [];
const reels = (...files: string[]) => ({ titles: [{ ...harbour, files }] });
const said = { id: 'k1', title: 'harbour', by: 'studio', on: '2020-01-01' };
const policies = [
  { id: 'casts', cast: 'stated' },
  { id: 'inventories', materials: 'stated' },
];

const importing = async (parts: object) =>
  importLedger(context, await file('ledger.json', JSON.stringify({ ...clearedFile(), ...parts })));

/** The outcome of each film's first shot, with how many of its reasons or assumptions speak of lists. */
async function outcomes(...films: string[]): Promise<string[]> {
  const shots = (films.length > 0 ? films : ['harbour', 'late']).map((film) => `sht_${film}-0`);
  const decided = await decideShots(context, ask);
  const { signatures } = await listSignatures(context, ask);
  const told = signatures.flatMap((row) => Array<string>(row.shots).fill(toldBy(row as never)));
  expect(told.sort()).toEqual(decided.map(toldBy).sort());
  const all = decided.filter(({ shotId }) => shots.includes(shotId));
  for (const one of all) {
    expect((await decideSome(context, [one.shotId], ask))[0]).toEqual(one);
    expect(await explainShot(context, one.shotId, ask)).toMatchObject({ outcome: one.outcome });
  }
  const open = (row: (typeof all)[number]) =>
    [...row.reasons.map(({ rule }) => rule), ...row.assumptions.map(({ assumption }) => assumption)].filter(
      (name) => name.endsWith('_not_stated'),
    ).length;
  return all.map((row) => `${row.shotId.slice(4, -2)} ${row.outcome} ${open(row)}`).sort();
}

test('a statement about a title speaks of the reels that it had when it was stated', async () => {
  await catalogue(context, 'harbour', 'harbour.mp4');
  await catalogue(context, 'late', 'late.mp4');
  const lists = { casts: [said], inventories: [said] };
  const late = reels('harbour.mp4', 'late.mp4');
  await importing({ policies, ...lists });
  await importing({ policies, ...lists, ...late });
  const waits = ['harbour ALLOW 0', 'late REVIEW 2'];
  expect(await outcomes()).toEqual(waits);
  const assumed = [
    { id: 'no-casts', cast: 'assumed', supersedes: 'casts' },
    { id: 'no-inventories', materials: 'assumed', supersedes: 'inventories' },
  ];
  await importing({ ...lists, ...late, policies: assumed });
  expect(await outcomes()).toEqual(['harbour ALLOW 0', 'late ALLOW 2']);
  // A word about the row itself states nothing anew.
  const noted = [{ ...said, note: 'by Ada' }];
  const asked = [...assumed, ...policies.map((row) => ({ ...row, id: `${row.id}-again` }))];
  await importing({ policies: asked, casts: noted, inventories: noted, ...late });
  expect(await outcomes()).toEqual(waits);
  expect((await currentLedger(context.db))?.document.casts).toEqual(noted);
});

test.each([
  ['from another day on', { on: '2026-05-01' }],
  ['by a row of its own', { id: 'k2', supersedes: 'k1' }],
])('said again %s it speaks of all that there are then', async (_, parts) => {
  const late = reels('harbour.mp4', 'late.mp4');
  await importing({ policies, casts: [said], inventories: [said] });
  const again = 'id' in parts ? [said, { ...said, ...parts }] : [{ ...said, ...parts }];
  await importing({ policies, ...late, casts: again, inventories: again });
  expect(await outcomes()).toEqual(['harbour ALLOW 0', 'late ALLOW 0']);
});

test('it is nothing to the statement that a title has fewer reels, or the same in another order', async () => {
  const lists = { policies, casts: [said], inventories: [said] };
  await importing({ ...lists, ...reels('late.mp4', 'harbour.mp4') });
  await importing({ ...lists, ...reels('harbour.mp4', 'late.mp4') });
  expect(await outcomes()).toEqual(['harbour ALLOW 0', 'late ALLOW 0']);
  await importing({ ...lists, ...reels('late.mp4') });
  expect(await outcomes()).toEqual(['harbour REVIEW 0', 'late ALLOW 0']);
});

test('a reel that was taken off and comes back had been looked at', async () => {
  const lists = { policies, casts: [said], inventories: [said] };
  await importing({ ...lists, ...reels('harbour.mp4', 'late.mp4') });
  await importing({ ...lists, ...reels('harbour.mp4') });
  await importing({ ...lists, ...reels('harbour.mp4', 'late.mp4') });
  expect(await outcomes()).toEqual(['harbour ALLOW 0', 'late ALLOW 0']);
});

test('a list of a title says nothing of the reels of another that the title replaces later', async () => {
  await catalogue(context, 'pier', 'pier.mp4');
  const pier = { ...harbour, id: 'pier', name: 'The Pier', files: ['pier.mp4'] };
  const [list, { grants, consents, appearances }] = [[{ ...said, title: 'pier' }], clearedFile()];
  const lists = { policies, casts: list, inventories: list };
  await importing({ titles: [harbour, pier] });
  // Recorded with it, a word about the other title stands nearer to the list than that list's own.
  await importing({ ...lists, titles: [{ ...harbour, name: 'The Harbour' }, pier] });
  await importing({
    ...lists,
    titles: [harbour, { ...pier, files: ['pier.mp4', 'harbour.mp4'], supersedes: 'harbour' }],
    grants: grants?.map((row) => ({ ...row, titles: ['pier'] })),
    consents: consents?.map((row) => ({ ...row, titles: ['pier'] })),
    appearances: appearances?.map((row) => ({ ...row, title: 'pier' })),
  });
  expect(await outcomes('pier', 'harbour')).toEqual(['harbour REVIEW 2', 'pier ALLOW 0']);
});
