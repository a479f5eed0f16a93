import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { encodeVideo, runFfmpeg } from '../media/index.ts';
import { CLIP, planClip, renderClip } from '../sample/index.ts';
import { verifyDelivery } from './delivery/deliver.ts';
import { declarationWords } from './delivery/words.ts';
import { signFiles } from './derived.ts';
import { filesOf } from './reach-out.ts';
import { type SignInput, signInputSchema } from './schema.ts';
import { signTake } from './sign.ts';
import { addTake, still } from './signed.test-support.ts';
import { verifyOrFind } from './verify.ts';

/** Files that are, say of themselves or show a take that is not named. */

const size = { width: CLIP.width, height: CLIP.height };
let context: Context;
let close: () => Promise<void>;
const at = (name: string) => join(context.paths.root, name);

function clip(n: number): Buffer[] {
  const bytes = renderClip(planClip('title:night-mail', 3, n, 0));
  const each = size.width * size.height * 3;
  return Array.from({ length: CLIP.frames }, (_, f) => bytes.subarray(f * each, (f + 1) * each));
}

const signing = (name: string, takes: string[], to: string, parts: Partial<SignInput> = {}) =>
  signFiles(context, {
    ...{ files: [at(name)], takes, to: at(to), derivation: 'converted', purpose: 'temp' },
    ...{ recreates: 'no', productionData: 'no', secured: 'yes', replaces: 'no', ...parts },
  });

const refusal = (found: string) => ({
  code: 'take-unnamed',
  facts: { found: expect.stringContaining(found), remedy: expect.stringContaining('--take tak_a') },
});

beforeAll(async () => {
  ({ context, close } = await testContext());
  await addTake(context, 'tak_a', [], clip(0), 'Pim sleeps by the pier');
  await addTake(context, 'tak_b', [], clip(1));
  await addTake(context, 'tak_like', [], clip(1).map(lighter), 'Pim stands by the pier');
  await addTake(context, 'tak_sibling', [], clip(1).map(lighter).map(lighter));
  await encodeVideo({ path: at('both.mp4'), ...size, fps: CLIP.fps, frames: [...clip(0), ...clip(1)] });
}, 120_000);
afterAll(() => close());

/** By two grey levels: nearly the same take. */
const lighter = (frame: Buffer): Buffer => Buffer.from(frame.map((value) => Math.min(255, value + 2)));

test('the signed file of a take is not signed as made of another one, and nothing is written', async () => {
  const { signedPath } = await signTake(context, 'tak_a');
  await writeFile(at('a.mp4'), await readFile(signedPath));
  await expect(signing('a.mp4', ['tak_b'], 'laundered')).rejects.toMatchObject(refusal('by its bytes'));
  expect(await readdir(context.paths.root)).not.toContain('laundered');
});

test('a file that was changed where nothing is hashed still says whose it is', async () => {
  const free = Buffer.concat([Buffer.from([0, 0, 0, 12]), Buffer.from('free'), Buffer.alloc(4)]);
  await writeFile(at('padded.mp4'), Buffer.concat([await readFile(at('a.mp4')), free]));
  const signed = signing('padded.mp4', ['tak_b'], 'padded');
  await expect(signed).rejects.toMatchObject(refusal('by the manifest that came with it'));
});

test('a still that was signed as of one take is not signed as of another', async () => {
  await writeFile(at('still.png'), await still());
  const { files } = await signing('still.png', ['tak_a'], 'stills');
  const again = signing(join('stills', 'still.png'), ['tak_b'], 'again');
  await expect(again).rejects.toMatchObject(refusal('by its bytes'));
  expect(files).toHaveLength(1);
});

test('a take that was encoded again, without its manifest, is known by what it shows', async () => {
  await runFfmpeg([
    '-v',
    'error',
    '-i',
    at('a.mp4'),
    '-map_metadata',
    '-1',
    '-crf',
    '28',
    '-y',
    at('again.mp4'),
  ]);
  await expect(signing('again.mp4', ['tak_b'], 'shown')).rejects.toMatchObject(refusal('by what it shows'));
  expect((await signing('again.mp4', ['tak_a'], 'own')).takes).toEqual(['tak_a']);
});

/** A picture as somebody saves it from a video. */
const saved = (from: string, to: string, frame: number) =>
  runFfmpeg([
    '-v',
    'error',
    '-i',
    at(from),
    '-vf',
    `select=eq(n\\,${frame})`,
    '-frames:v',
    '1',
    '-y',
    at(to),
  ]);

test('a picture that was saved from a copy of a take is not signed as of another', async () => {
  const take = join(context.paths.takes, 'tak_a.mp4');
  await runFfmpeg(['-v', 'error', '-i', take, '-crf', '28', '-y', at('copied.mp4')]);
  for (const [name, frame] of [
    ['poster.png', 0],
    ['later.jpg', 12],
  ] as const) {
    await saved('copied.mp4', name, frame);
    const other = signing(name, ['tak_b'], `other-${name}`);
    await expect(other).rejects.toMatchObject(refusal('by what it shows also take tak_a'));
    expect((await signing(name, ['tak_a'], `own-${name}`)).takes).toEqual(['tak_a']);
  }
});

test('a picture of takes that are nearly alike is of whichever is named; where none is, one of them is asked for', async () => {
  await runFfmpeg([
    '-v',
    'error',
    '-i',
    join(context.paths.takes, 'tak_b.mp4'),
    '-frames:v',
    '1',
    '-y',
    at('b.png'),
  ]);
  for (const take of ['tak_b', 'tak_like'])
    expect((await signing('b.png', [take], `picture-${take}`)).takes).toEqual([take]);
  await expect(signing('b.png', ['tak_a'], 'neither')).rejects.toMatchObject({
    facts: { found: expect.stringMatching(/also take tak_b or take tak_like/) },
  });
});

test('a picture of another take of the same brief is signed as the one that is named, unless a withdrawal has reached the other', async () => {
  await addTake(context, 'tak_seed', [], clip(2));
  expect((await signing('b.png', ['tak_seed'], 'of-its-brief')).takes).toEqual(['tak_seed']);
  const reached = { kind: 'take', id: 'tak_b', withdrawal: 'titles/orchard', via: 'mdl_1' };
  await context.db.insert(tables.provenanceBlocks).values([reached, { ...reached, id: 'tak_sibling' }]);
  await expect(signing('b.png', ['tak_seed'], 'of-a-reached')).rejects.toMatchObject({
    code: 'take-unnamed',
  });
  await context.db.delete(tables.provenanceBlocks);
});

test('a picture that shows no take is signed on the word of who says so', async () => {
  await writeFile(at('drawn.png'), await still());
  expect((await signing('drawn.png', ['tak_b'], 'drawn')).takes).toEqual(['tak_b']);
});

test('of takes that are nearly alike the nearest is the one that a file is of', async () => {
  await runFfmpeg([
    '-v',
    'error',
    '-i',
    join(context.paths.takes, 'tak_b.mp4'),
    '-crf',
    '20',
    '-y',
    at('b.mp4'),
  ]);
  expect((await signing('b.mp4', ['tak_b'], 'nearest')).takes).toEqual(['tak_b']);
  await expect(signing('b.mp4', ['tak_like'], 'farther')).rejects.toMatchObject({ code: 'take-unnamed' });
});

test('of two takes of one brief that are nearly alike a file is of whichever is named, unless a withdrawal has reached the nearer', async () => {
  expect((await signing('b.mp4', ['tak_sibling'], 'sibling')).takes).toEqual(['tak_sibling']);
  const reached = { kind: 'take', id: 'tak_b', withdrawal: 'titles/orchard', via: 'mdl_1' };
  await context.db.insert(tables.provenanceBlocks).values(reached);
  await expect(signing('b.mp4', ['tak_sibling'], 'reached')).rejects.toMatchObject({
    ...{ code: 'take-unnamed', facts: { found: expect.stringContaining('take tak_b') } },
  });
  await context.db.delete(tables.provenanceBlocks).where(eq(tables.provenanceBlocks.id, 'tak_b'));
});

test('a take that was drawn twice, of the same bytes, is signed under either name', async () => {
  await addTake(context, 'tak_twin', [], clip(0));
  await writeFile(at('twin.mp4'), await readFile(join(context.paths.takes, 'tak_twin.mp4')));
  for (const take of ['tak_a', 'tak_twin'])
    expect((await signing('twin.mp4', [take], `as-${take}`)).takes).toEqual([take]);
});

test('an edit of two takes is refused as one, and is signed as made of both, with what is known of each', async () => {
  await expect(signing('both.mp4', ['tak_b'], 'edit')).rejects.toMatchObject(refusal('by what it shows'));
  const takes = ['tak_a', 'tak_b'];
  const { files, delivery } = await signing('both.mp4', takes, 'edit', { derivation: 'composite' });
  expect(delivery.declaration.takes.map(({ id, file }) => [id, file])).toEqual(
    takes.map((id) => [id, 'both.mp4']),
  );
  expect(declarationWords(delivery.declaration)).toMatch(
    /^2 takes handed over in 1 files .*: tak_a, tak_b\n/,
  );
  expect((await verifyDelivery(at('edit'))).problems).toEqual([]);
  const found = await verifyOrFind(context, files[0]?.file ?? '');
  expect(found).toMatchObject({ state: 'trusted', lineages: takes.map((take) => ({ take })) });
  expect(found.madeOf).toEqual(takes.map((title) => ({ title, relationship: 'componentOf' })));
  for (const id of takes)
    expect((await filesOf(context.db, [{ kind: 'take', id, via: '' }])).map((one) => one.id)).toContain(
      files[0]?.file,
    );
  await writeFile(at('edit/both.mp4'), 'another');
  expect((await verifyDelivery(at('edit'))).problems).toHaveLength(1);
});

test('several takes are parts of a file, never the file itself', () => {
  const given = { files: ['a.mp4'], takes: ['tak_a', 'tak_b', 'tak_a'], to: 'out', purpose: 'temp' };
  expect(signInputSchema.safeParse(given).error?.issues[0]?.message).toContain('composite');
  expect(signInputSchema.parse({ ...given, derivation: 'composite' }).takes).toEqual(['tak_a', 'tak_b']);
});

test('once one of its takes is withdrawn, an edit says so and none is signed any more', async () => {
  await signing('both.mp4', ['tak_a', 'tak_b'], 'before', { derivation: 'composite' });
  const reached = { kind: 'take', id: 'tak_b', withdrawal: 'titles/orchard', via: 'mdl_1' };
  await context.db.insert(tables.provenanceBlocks).values(reached);
  const { words } = await verifyOrFind(context, at('before/both.mp4'));
  expect(words[1]).toContain('WITHDRAWN: titles/orchard');
  const later = signing('both.mp4', ['tak_a', 'tak_b'], 'later', { derivation: 'composite' });
  await expect(later).rejects.toMatchObject({ code: 'blocked' });
});
