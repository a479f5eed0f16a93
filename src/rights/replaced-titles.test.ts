import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { decideShots } from './bulk.ts';
import { catalogue, forgetLedgers } from './catalogued.test-support.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { revoke } from './revoke.ts';
import { revokeInputSchema } from './schema.ts';
import { currentLedger } from './store.ts';

/** A title that stands in the place of another: what was said of that one is not forgotten, and what was withdrawn can be permitted anew. */

const now = '2026-05-01T09:00:00.000Z';
let context: Context;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
});
afterAll(() => close());
beforeEach(() => forgetLedgers(context));

const file = clearedFile();
const [harbour] = file.titles ?? [];
const [g1] = file.grants ?? [];
const [c1] = file.consents ?? [];
const [a1] = file.appearances ?? [];
const pier = { ...harbour, id: 'pier', name: 'The Pier', supersedes: 'harbour' };
/** All that permits something, and who is seen, of the other title. */
const ofPier = {
  titles: [harbour, pier],
  grants: [{ ...g1, titles: ['pier'] }],
  consents: [{ ...c1, titles: ['pier'] }],
  appearances: [{ ...a1, title: 'pier' }],
};
const ban = { id: 'r1', titles: ['harbour'], uses: ['train.style'], territories: ['world'], reason: 'no' };

async function importing(parts: object) {
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify({ ...file, ...parts }));
  return importLedger(context, path);
}
const outcomes = async () =>
  (await decideShots(context, { use: 'train.style', territory: 'world', asOf: '2026-06-01' })).map(
    ({ outcome }) => outcome,
  );
const revoking = (target: object) => revoke(context, revokeInputSchema.parse(target), now);

test('a title under another id is allowed as it was', async () => {
  await importing({});
  await importing(ofPier);
  expect(await outcomes()).toEqual(['ALLOW', 'ALLOW']);
});

const place = { file: 'harbour.mp4', shots: 'all', status: 'confirmed' };
test.each([
  ['restrictions', ban],
  ['obligations', { ...ban, reason: undefined, id: 'o1', kind: 'notify', to: 'nia' }],
  ['consents', { ...c1, id: 'no', answer: 'refused' }],
  ['appearances', { ...a1, id: 'a2' }],
  ['materials', { id: 'm1', kind: 'artwork', title: 'harbour', ...place }],
] as const)('what %s say of it must name the title that replaces it', async (section, row) => {
  const { titles: _, title: __, ...rest } = row as { titles?: string[]; title?: string };
  const rows = (of: object) => ({
    ...ofPier,
    [section]: [...((ofPier as Record<string, object[]>)[section] ?? []), { ...rest, ...of }],
  });
  const both = 'title' in row ? { title: 'pier' } : { titles: ['harbour', 'pier'] };
  await importing({ [section]: [row] });
  const silent = 'title' in row ? { title: 'harbour' } : { titles: ['harbour'] };
  await expect(importing(rows(silent))).rejects.toThrow('"pier", which replaces "harbour"');
  await importing(rows(both));
});

test('who refused is asked about where a title replaces the one that they refused', async () => {
  const no = { ...c1, answer: 'refused' };
  await importing({ consents: [no] });
  const refusing = { ...ofPier, consents: [{ ...no, titles: ['harbour', 'pier'] }] };
  await expect(importing({ ...refusing, appearances: [] })).rejects.toThrow('appearances/a1');
  await importing(refusing);
  expect(await outcomes()).toEqual(['EXCLUDE', 'EXCLUDE']);
});

test('a film that is another title’s takes the refusals of who is seen in it with it, or stays', async () => {
  const no = { ...c1, answer: 'refused' };
  const quay = { ...harbour, id: 'quay', files: ['quay.mp4'] };
  await importing({ consents: [no], titles: [harbour, quay] });
  const moved = {
    titles: [
      { ...harbour, files: ['harbour2.mp4'] },
      { ...quay, files: ['quay.mp4', 'harbour.mp4'] },
    ],
    appearances: [{ ...a1, title: 'quay' }],
  };
  await expect(importing({ ...moved, consents: [no] })).rejects.toThrow('appearances/a1');
  await importing({ ...moved, consents: [{ ...no, titles: ['harbour', 'quay'] }] });
  expect(await outcomes()).toEqual(['EXCLUDE', 'EXCLUDE']);
});

test('that a ban does not concern a film any more, which is another title’s now, is told', async () => {
  const quay = { ...harbour, id: 'quay', files: ['quay.mp4'] };
  await importing({ titles: [harbour, quay], restrictions: [ban], appearances: [] });
  const titles = [
    { ...harbour, files: ['other.mp4'] },
    { ...quay, files: ['quay.mp4', 'harbour.mp4'] },
  ];
  const { warnings } = await importing({ titles, restrictions: [ban], appearances: [] });
  expect(warnings).toEqual([
    expect.stringContaining(
      'harbour.mp4 was of harbour and is of quay: what is forbidden or asked for of harbour, or permitted to somebody else alone, does not concern it any more (restrictions/r1)',
    ),
  ]);
});

test('of a title that never was in force, as another of its file took its place, nothing of that is told', async () => {
  const quay = { ...harbour, id: 'quay', supersedes: 'harbour' };
  const port = { ...harbour, id: 'port', files: ['port.mp4'] };
  const rest = { restrictions: [{ ...ban, titles: ['harbour', 'quay'] }], appearances: [] };
  await importing({ titles: [harbour, quay, port], ...rest });
  const titles = [
    { ...harbour, files: ['other.mp4'] },
    { ...quay, files: ['other.mp4'] },
    { ...port, files: ['port.mp4', 'harbour.mp4'] },
  ];
  const { warnings } = await importing({ titles, ...rest });
  expect(warnings).toEqual([expect.stringContaining('harbour.mp4 was of quay and is of port')]);
});

test('so is what was permitted of it to somebody else alone, and not what was to the house', async () => {
  const quay = { ...harbour, id: 'quay', files: ['quay.mp4'] };
  const policies = [{ id: 'p1', house: 'studio' }];
  const sole = { ...g1, id: 'sole', grantee: 'nia', exclusive: true };
  const own = { ...g1, id: 'own', uses: ['distil'], grantee: 'studio', exclusive: true };
  const rest = { policies, grants: [sole, own], appearances: [] };
  await importing({ titles: [harbour, quay], ...rest });
  const titles = [
    { ...harbour, files: ['other.mp4'] },
    { ...quay, files: ['quay.mp4', 'harbour.mp4'] },
  ];
  const { warnings } = await importing({ titles, ...rest });
  expect(warnings).toEqual([expect.stringContaining('does not concern it any more (grants/sole)')]);
});

test('that a title names a new master and nobody said who is seen in that one is told, once', async () => {
  await importing({});
  const titles = [{ ...harbour, files: ['harbour-4k.mp4'] }];
  const told =
    'harbour.mp4 is of no title any more: who or what is seen in it (appearances/a1) is said of no other film';
  expect((await importing({ titles })).warnings).toEqual([expect.stringContaining(told)]);
  expect((await importing({ titles, policies: [{ id: 'p1', house: 'studio' }] })).warnings).toEqual([]);
});

test('that grants which name nobody count for another house now is told', async () => {
  const parties = [...(file.parties ?? []), { id: 'newco', kind: 'org', name: 'Newco' }];
  const ours = { id: 'ours', house: 'studio' };
  const grants = [g1, { ...g1, id: 'named', grantee: 'studio' }];
  await importing({ parties, grants, policies: [ours] });
  const policies = [ours, { id: 'sold', house: 'newco', supersedes: 'ours' }];
  const told =
    'the house was studio and is newco: grants that name nobody were given to studio and count for newco now (grants/g1)';
  expect((await importing({ parties, grants, policies })).warnings).toEqual([expect.stringContaining(told)]);
  expect((await importing({ parties: [...parties], grants: [g1], policies })).warnings).toEqual([]);
});

test('that is told too where the film was of no title in between, and once', async () => {
  const quay = { ...harbour, id: 'quay', files: ['quay.mp4'] };
  const rest = { restrictions: [ban], appearances: [] };
  const parked = { ...harbour, files: ['other.mp4'] };
  await importing({ titles: [harbour, quay], ...rest });
  expect((await importing({ titles: [parked, quay], ...rest })).warnings).toEqual([]);
  const titles = [parked, { ...quay, files: ['quay.mp4', 'harbour.mp4'] }];
  const told = [expect.stringContaining('harbour.mp4 was of harbour and is of quay')];
  expect((await importing({ titles, ...rest })).warnings).toEqual(told);
  const named = [parked, { ...titles[1], name: 'The Quay' }];
  expect((await importing({ titles: named, ...rest })).warnings).toEqual([]);
});

test('a withdrawn title is permitted anew by one that replaces it, with the withdrawal in the file', async () => {
  await importing({});
  await revoking({ title: 'harbour' });
  expect(await outcomes()).toEqual(['EXCLUDE', 'EXCLUDE']);
  const withdrawn = { ...harbour, withdrawn: now };
  await expect(importing(ofPier)).rejects.toThrow('titles/harbour: withdrawn');
  await importing({ ...ofPier, titles: [withdrawn, pier] });
  expect(await outcomes()).toEqual(['ALLOW', 'ALLOW']);
  await expect(importing({ ...ofPier, titles: [{ ...pier, supersedes: undefined }] })).rejects.toThrow(
    'left out',
  );
});

test('of a withdrawn title no film is another’s but of the one that replaces it', async () => {
  const two = { ...harbour, files: ['harbour.mp4', 'harbour2.mp4'] };
  await importing({ titles: [two] });
  await revoking({ title: 'harbour' });
  const withdrawn = { ...two, withdrawn: now };
  const other = { ...harbour, id: 'other', files: ['harbour.mp4'] };
  const titles = [withdrawn, { ...pier, files: ['harbour2.mp4'] }, other];
  await expect(importing({ ...ofPier, titles, appearances: [] })).rejects.toThrow('a file named once');
});

test('an old title that is withdrawn when its film is another’s leaves that film and later ledgers to the other', async () => {
  await importing({});
  const { supersedes: _, ...other } = pier;
  const moved = { ...ofPier, titles: [other] };
  await importing(moved);
  expect(await revoking({ title: 'harbour' })).toMatchObject({ changes: [], replacedBy: [] });
  expect(await outcomes()).toEqual(['ALLOW', 'ALLOW']);
  const held = (await currentLedger(context.db))?.document.titles.find(({ id }) => id === 'harbour');
  expect(held).toMatchObject({ withdrawn: now, files: [] });
  await importing({ ...moved, titles: [held, other] });
  expect(await outcomes()).toEqual(['ALLOW', 'ALLOW']);
  await expect(importing({ titles: [{ ...harbour, files: [] }] })).rejects.toThrow('at least one file');
});

test('a withdrawal of a row that another replaced names that one, which permits still', async () => {
  await importing({});
  await importing({ grants: [g1, { ...g1, id: 'g2', supersedes: 'g1' }] });
  expect(await revoking({ grant: 'g1' })).toMatchObject({ changes: [], replacedBy: ['grants/g2'] });
  await revoking({ grant: 'g2' });
  expect(await outcomes()).toEqual(['EXCLUDE', 'EXCLUDE']);
});
