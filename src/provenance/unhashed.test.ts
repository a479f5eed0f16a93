import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { runFfmpeg } from '../media/index.ts';
import { readAnchors } from './anchors.ts';
import { signFiles } from './derived.ts';
import { signTake } from './sign.ts';
import { addTake } from './signed.test-support.ts';
import { compared } from './unhashed.ts';
import { unhashedWords } from './unhashed-words.ts';
import { verifyFile, verifyOrFind } from './verify.ts';

/** What somebody puts where C2PA does not look. */

let context: Context;
let close: () => Promise<void>;
let signed: Buffer;
const at = (name: string) => join(context.paths.root, name);

beforeAll(async () => {
  ({ context, close } = await testContext());
  await addTake(context, 'tak_1');
  signed = await readFile((await signTake(context, 'tak_1')).signedPath);
}, 120_000);
afterAll(() => close());

/** @param length null: to the end of the file */
function box(type: string, content: Buffer, length: number | null = content.length + 8): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(length ?? 0, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, content]);
}

/** As an outsider checks it, who has the root and no workspace. */
async function verified(name: string, content: Buffer) {
  await writeFile(at(name), content);
  return verifyFile(at(name), await readAnchors(context.paths.keys));
}

const manifestType = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex');

test('what was put behind a signed take as a box that C2PA does not hash is told, with its size and place', async () => {
  for (const [name, added] of [
    ['skip', box('skip', Buffer.alloc(4096, 'x'))],
    ['free', box('free', Buffer.alloc(4096, 'x'), null)],
    ['mfra', box('mfra', Buffer.alloc(64))],
  ] as const) {
    const found = await verified(`${name}.mp4`, Buffer.concat([signed, added]));
    expect(found).toMatchObject({ state: 'trusted', trusted: false, signerTrusted: true, altered: true });
    const one = { box: name, offset: signed.length, bytes: added.length, asSigned: false };
    expect(found.unhashed?.boxes.filter(({ asSigned }) => !asSigned)).toEqual([one]);
    expect(found.words.slice(0, 2).join(' ')).toMatch(
      /^Picture and sound are unaltered .*, but the file is not/,
    );
    expect(found.words[1]).toContain(`a \`${name}\` box of ${added.length} bytes at byte ${signed.length}`);
    expect(found.lineages).toMatchObject([{ take: 'tak_1' }]);
  }
});

test.each(['merkle', 'manifest', 'update', 'room'])(
  'a second box of the kind that holds the manifest does not pass: %s',
  async (purpose) => {
    const content = [manifestType, Buffer.alloc(4), Buffer.from(`${purpose}\0`), Buffer.alloc(900)];
    const found = await verified(
      `${purpose}.mp4`,
      Buffer.concat([signed, box('uuid', Buffer.concat(content))]),
    );
    expect(found.trusted).toBe(false);
    if (found.state === 'trusted')
      expect(found.unhashed?.boxes.at(-1)).toMatchObject({ box: 'uuid', asSigned: false });
  },
);

test('a changed brand is told once, as changed', async () => {
  const changed = Buffer.from(signed);
  changed.write('qt  ', 8, 'latin1');
  const { unhashed, words } = await verified('brand.mp4', changed);
  expect(unhashed).toMatchObject({ boxes: [{ box: 'ftyp', asSigned: false }, {}], gone: [{ box: 'ftyp' }] });
  expect(words.filter((line) => line.includes('`ftyp`'))).toHaveLength(1);
});

test('what stands in a `free` box that was there is told where it was changed', async () => {
  await runFfmpeg([
    '-v',
    'error',
    '-i',
    join(context.paths.takes, 'tak_1.mp4'),
    '-c',
    'copy',
    '-y',
    at('room.mp4'),
  ]);
  const source = Buffer.concat([await readFile(at('room.mp4')), box('free', Buffer.alloc(2000))]);
  await writeFile(at('room.mp4'), source);
  const whole = await readFile(await signedAs('room.mp4', 'room'));
  expect(await verified('as-it-was.mp4', whole)).toMatchObject({
    state: 'trusted',
    trusted: true,
    altered: false,
  });
  whole.fill('y', whole.length - 500);
  expect(await verified('changed.mp4', whole)).toMatchObject({
    state: 'trusted',
    trusted: false,
    altered: true,
  });
  const { unhashed, words } = await verified('shorter.mp4', whole.subarray(0, whole.length - 2008));
  expect(unhashed?.gone).toEqual([{ box: 'free', bytes: 2008 }]);
  expect(words[1]).toContain('is not there any more');
});

async function signedAs(name: string, to: string): Promise<string> {
  const answers = {
    purpose: 'temp',
    recreates: 'no',
    productionData: 'no',
    secured: 'yes',
    replaces: 'no',
  } as const;
  const what = { files: [at(name)], takes: ['tak_1'], to: at(to), derivation: 'converted' } as const;
  const { files } = await signFiles(context, { ...what, files: [at(name)], takes: ['tak_1'], ...answers });
  return files[0]?.file ?? '';
}

test.each([
  ['plain.mov', []],
  ['front.mp4', ['-movflags', '+faststart']],
  ['parts.mp4', ['-movflags', 'frag_keyframe+empty_moov']],
] as const)('of a file as it was signed nothing is told: %s', async (name, how) => {
  await runFfmpeg([
    '-v',
    'error',
    '-i',
    join(context.paths.takes, 'tak_1.mp4'),
    '-c',
    'copy',
    ...how,
    '-y',
    at(name),
  ]);
  const path = await signedAs(name, `signed-${name}`);
  const outside = await verifyFile(path, await readAnchors(context.paths.keys));
  const here = await verifyOrFind(context, path);
  for (const found of [outside, here]) {
    expect(found).toMatchObject({ state: 'trusted', trusted: true, altered: false, unhashed: { gone: [] } });
    expect(found.unhashed?.boxes.every(({ asSigned }) => asSigned)).toBe(true);
    expect(found.words.join(' ')).not.toMatch(/C2PA/);
  }
  expect(here.words[1]).toBe('It is byte for byte a file that was signed here.');
});

test('a take as it was signed is told to be whole, and no picture has such boxes', async () => {
  const found = await verifyOrFind(context, (await signTake(context, 'tak_1')).signedPath);
  expect(found).toMatchObject({ trusted: true, altered: false });
  expect(found.words.slice(0, 2)).toEqual([
    'Unaltered since it was signed, and the signer is trusted here.',
    'It is byte for byte a file that was signed here.',
  ]);
});

test('where a signature says nothing of such boxes it is said of takes that nobody knows, and nothing of files of others', () => {
  const found = [
    { box: 'ftyp', bytes: 32, sha256: 'a', offset: 0 },
    { box: 'free', bytes: 5000, sha256: 'b', offset: 900 },
  ];
  const unhashed = compared(found, null);
  expect(unhashed.boxes.map(({ asSigned }) => asSigned)).toEqual([null, null]);
  expect(unhashedWords({ unhashed, lineages: [] })).toEqual([]);
  const [words] = unhashedWords({ unhashed, lineages: [{}] as never });
  expect(words).toMatch(/a `free` box of 5000 bytes at byte 900.*is not known/);
});
