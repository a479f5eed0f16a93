import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { secondReading } from '../../test/support/second-reader.ts';
import { tables } from '../db/index.ts';
import { type Context, fileHash } from '../jobs/index.ts';
import { catalogue } from '../rights/catalogued.test-support.ts';
import { readAnchors } from './anchors.ts';
import { readManifest } from './c2pa.ts';
import { listDeliveries, verifyDelivery } from './delivery/deliver.ts';
import { declarationWords } from './delivery/words.ts';
import { signFiles } from './derived.ts';
import { sha256Of } from './digest.ts';
import { makeIdentity } from './identity.ts';
import { compositeSource } from './manifest.ts';
import { readMaster } from './masters.ts';
import { filesOf } from './reach-out.ts';
import type { SignInput } from './schema.ts';
import { signTake } from './sign.ts';
import { addTake, still } from './signed.test-support.ts';
import { verifyFile, verifyOrFind } from './verify.ts';

/** What happens between the reading back of a signed file and what follows. */
const meanwhile = vi.hoisted(() => ({ done: async (_: string) => {} }));
vi.mock('./masters.ts', async (original) => {
  const real = await original<typeof import('./masters.ts')>();
  const readMaster: typeof real.readMaster = async (file, anchors) => {
    const reading = await real.readMaster(file, anchors);
    await meanwhile.done(file.path);
    return reading;
  };
  return { ...real, readMaster };
});

let context: Context;
let close: () => Promise<void>;
const at = (name: string) => join(context.paths.root, name);

/** An EXR by its first bytes; its content is nobody's affair here. */
const exr = Buffer.concat([Buffer.from([0x76, 0x2f, 0x31, 0x01]), Buffer.alloc(5000, 7)]);

beforeAll(async () => {
  ({ context, close } = await testContext());
  await addTake(context, 'tak_1');
  await mkdir(at('made'));
  await writeFile(at('made/still.png'), await still());
  await writeFile(at('made/shot.0001.exr'), exr);
}, 120_000);
afterAll(() => close());

const signing = (names: string[], to: string, parts: Partial<SignInput> = {}) =>
  signFiles(context, {
    ...{
      files: names.map((name) => at(`made/${name}`)),
      takes: ['tak_1'],
      to: at(to),
      derivation: 'converted',
    },
    ...{ purpose: 'temp', recreates: 'no', productionData: 'no', secured: 'yes', replaces: 'no' },
    ...parts,
  });
const signed = async (names: string[], to: string, derivation: 'converted' | 'composite' = 'converted') =>
  (await signing(names, to, { derivation })).files;
const verified = async (path: string) => verifyFile(path, await readAnchors(context.paths.keys));

test('a still is signed by one library and read as trusted by the other, with the take as its parent', async () => {
  const [file] = await signed(['still.png'], 'one');
  const anchors = await readAnchors(context.paths.keys);
  const reading = await readManifest(await readFile(file?.file ?? ''), 'image/png', anchors);
  expect(reading).toMatchObject({ state: 'Trusted', failures: [] });
  expect(reading?.manifests[0]?.ingredients).toMatchObject([{ title: 'tak_1', relationship: 'parentOf' }]);
  expect(await verifyFile(file?.file ?? '')).toMatchObject({
    state: 'valid-unknown-signer',
    trainedModel: true,
  });
  const { words } = await verified(file?.file ?? '');
  expect(words.join(' ')).toContain('tak_1 in another form');
  expect(words.join(' ')).toContain('a trained model, not a camera');
});

test('a picture that Backlot cut out of a film is no file of a take', async () => {
  await mkdir(context.paths.thumbnails, { recursive: true });
  await writeFile(join(context.paths.thumbnails, 'sht_pier-0.jpg'), Buffer.from([0xff, 0xd8, 1, 2, 3]));
  await copyFile(join(context.paths.thumbnails, 'sht_pier-0.jpg'), at('made/poster.jpg'));
  await expect(signed(['poster.jpg'], 'cut-out')).rejects.toMatchObject({
    code: 'file-catalogued',
    message: expect.stringContaining('cut out of shot sht_pier-0'),
  });
});

test('a take is read as trusted by the library that did not sign it, and not without its root', async () => {
  const { signedPath } = await signTake(context, 'tak_1');
  const file = { path: signedPath, mime: 'video/mp4', sidecar: null };
  const reading = await readMaster(file, await readAnchors(context.paths.keys));
  expect(reading).toMatchObject({ state: 'Trusted', failures: [] });
  expect(reading?.manifests[0]?.ingredients).toMatchObject([
    { title: 'model open base', relationship: 'inputTo' },
  ]);
  expect(await readMaster(file, null)).toMatchObject({
    state: 'Valid',
    failures: [{ code: 'signingCredential.untrusted' }],
  });
});

test('a kind that carries no manifest is copied as it is, with the manifest beside it', async () => {
  const [file] = await signed(['shot.0001.exr'], 'two');
  expect(await readFile(file?.file ?? '')).toEqual(exr);
  expect(await readdir(at('two'))).toEqual(expect.arrayContaining(['shot.0001.c2pa', 'shot.0001.exr']));
  const found = await verified(file?.file ?? '');
  expect(found).toMatchObject({ state: 'trusted', sidecar: at('two/shot.0001.c2pa'), trainedModel: true });
  expect(found.words.join(' ')).toContain('beside the file, in shot.0001.c2pa');
});

test('one flipped byte beside a sidecar is found; without the sidecar the file alone says nothing', async () => {
  await signed(['shot.0001.exr'], 'three');
  const altered = Buffer.from(exr);
  altered[2000] = 8;
  await writeFile(at('three/shot.0001.exr'), altered);
  const found = await verified(at('three/shot.0001.exr'));
  expect(found).toMatchObject({
    state: 'invalid',
    altered: true,
    failures: [{ code: 'assertion.dataHash.mismatch' }],
  });
  expect(found.words[0]).toContain('or the manifest beside it is that of another file');
  const alone = await verified(at('made/shot.0001.exr'));
  expect(alone).toMatchObject({ state: 'unsigned', sidecar: null });
  expect(alone.words[0]).toContain('there is no shot.0001.c2pa beside it');
});

test('a file that lost its sidecar is known by its bytes: what it was signed as, and where its manifest was put', async () => {
  const [file] = await signed(['shot.0001.exr'], 'known');
  await mkdir(at('lone'));
  await copyFile(file?.file ?? '', at('lone/f.exr'));
  const { state, words } = await verifyOrFind(context, at('lone/f.exr'));
  expect(state).toBe('unsigned');
  expect(words.join(' ')).toMatch(
    /^Not signed.*byte for byte a file that was signed here on [-\d]{10} as take tak_1 in another form, in \S+known\/shot\.0001\.exr, its manifest beside it in shot\.0001\.c2pa/,
  );
  expect(words.join(' ')).not.toContain('Nothing can be said');
});

test('a damaged sidecar is an error that names it', async () => {
  await signed(['shot.0001.exr'], 'four');
  await writeFile(at('four/shot.0001.c2pa'), 'no boxes at all');
  await expect(verified(at('four/shot.0001.exr'))).rejects.toMatchObject({
    code: 'file-unreadable',
    facts: { where: at('four/shot.0001.c2pa') },
  });
});

test('a picture that the take is a part of says so', async () => {
  const [file] = await signed(['still.png'], 'five', 'composite');
  const found = await verified(file?.file ?? '');
  expect(found).toMatchObject({
    state: 'trusted',
    madeOf: [{ title: 'tak_1', relationship: 'componentOf' }],
  });
  expect(found.words.join(' ')).toContain('a trained model in part, with other pictures');
});

test('what leaves under a signature is a delivery: with the five answers about the take, and refused without', async () => {
  const { files, delivery } = await signing(['still.png', 'shot.0001.exr'], 'sent', {
    saidBy: 'Lea Counsel',
  });
  const names = ['still.png', 'shot.0001.exr', 'shot.0001.c2pa'];
  expect((await readdir(at('sent'))).sort()).toEqual(
    [...names, 'declaration.dsse.json', 'declaration.json', 'signing-key.pem'].sort(),
  );
  const { whole, declaration } = await verifyDelivery(at('sent'));
  expect([whole, declaration.takes.map(({ file }) => file)]).toEqual([true, names]);
  expect(declaration.takes[0]).toMatchObject({ id: 'tak_1', sha256: files[0]?.sha256 });
  expect(declarationWords(declaration)).toMatch(/^1 takes handed over in 3 files .*: tak_1\n/);
  expect(declaration.answers.map(({ saidBy }) => saidBy)).toContain('Lea Counsel');
  expect((await listDeliveries(context))[0]).toEqual({ ...delivery, withdrawn: [] });
  await writeFile(at('sent/shot.0001.c2pa'), 'another');
  expect((await verifyDelivery(at('sent'))).problems).toEqual([
    'shot.0001.c2pa is not the file that was handed over',
  ]);
  const before = await context.db.$count(tables.provenanceAudit);
  await expect(signing(['still.png'], 'unsaid', { secured: undefined })).rejects.toMatchObject({
    code: 'answers-missing',
  });
  expect(await context.db.$count(tables.provenanceAudit)).toBe(before);
  expect(await readdir(context.paths.root)).not.toContain('unsaid');
});

test('a film of the catalogue is not signed as made of a take, whatever it is called here, and nothing is written', async () => {
  await writeFile(at('made/master.exr'), Buffer.concat([exr, Buffer.from('a master')]));
  await catalogue(context, 'harbour', 'harbour.mp4');
  const sha256 = await fileHash(at('made/master.exr'));
  await context.db.update(tables.catalogFiles).set({ sha256 });
  await expect(signing(['shot.0001.exr', 'master.exr'], 'mastered')).rejects.toMatchObject({
    code: 'file-catalogued',
    facts: { where: at('made/master.exr'), found: expect.stringContaining('/masters/harbour.mp4') },
  });
  expect(await readdir(context.paths.root)).not.toContain('mastered');
});

test('what is declared is what was signed, also where a file is exchanged as soon as it was read back', async () => {
  meanwhile.done = (path) => writeFile(path, 'exchanged');
  const { files } = await signing(['still.png'], 'exchanged');
  meanwhile.done = async () => {};
  expect(files[0]?.sha256).not.toBe(sha256Of(Buffer.from('exchanged')));
  expect((await verifyDelivery(at('exchanged'))).problems).toEqual([
    'still.png is not the file that was handed over',
  ]);
});

test('nothing is written over, and nothing is written where one file is of an unknown kind', async () => {
  await mkdir(at('six'));
  await copyFile(at('made/still.png'), at('six/still.png'));
  await expect(signed(['still.png'], 'six')).rejects.toMatchObject({ code: 'folder-not-empty' });
  expect(await readFile(at('six/still.png'))).toEqual(await still());
  await expect(signed(['still.png', 'still.png'], 'seven')).rejects.toMatchObject({ code: 'file-exists' });
  await writeFile(at('made/notes.txt'), 'words');
  await expect(signed(['still.png', 'notes.txt'], 'seven')).rejects.toMatchObject({ code: 'format-unknown' });
  await expect(readdir(at('seven'))).rejects.toThrow();
});

test('a file whose ending lies about it, or that is empty, is named and leaves nothing behind', async () => {
  await writeFile(at('made/words.png'), 'only words');
  await writeFile(at('made/empty.png'), '');
  for (const name of ['words.png', 'empty.png'])
    await expect(signed(['still.png', name], 'eight')).rejects.toMatchObject({
      ...{ code: 'module-refused', facts: { where: at(`made/${name}`) } },
    });
  expect((await readdir(context.paths.root)).filter((name) => name.startsWith('eight'))).toEqual([]);
});

test('a withdrawal finds what was made of a take by the audit log', async () => {
  const [file] = await signed(['still.png'], 'nine');
  const reached = await filesOf(context.db, [{ kind: 'take', id: 'tak_1', via: 'mdl' }]);
  expect(reached.map(({ id }) => id)).toContain(file?.file);
  expect(await filesOf(context.db, [{ kind: 'take', id: 'tak_2', via: 'mdl' }])).toEqual([]);
});

test('an implementation that shares no code with the signer finds all kinds whole, and a flipped byte in each', async () => {
  const [picture, shot] = await signed(['still.png', 'shot.0001.exr'], 'ten');
  const { signedPath } = await signTake(context, 'tak_1');
  for (const [path, place, sidecar] of [
    [picture?.file ?? '', 'IDAT', null],
    [shot?.file ?? '', '\x07\x07', await readFile(shot?.sidecar ?? '')],
    [signedPath, 'mdat', null],
  ] as const) {
    const content = await readFile(path);
    expect(await secondReading(content, sidecar)).toEqual({ valid: true, failures: [] });
    const at = content.indexOf(place) + 30;
    content[at] = (content[at] ?? 0) ^ 1;
    expect((await secondReading(content, sidecar)).failures[0]).toMatch(/^assertion\..*Hash\.mismatch$/);
  }
});

test('a take of the test identity is signed anew once the studio names a key of its own', async () => {
  const before = await signTake(context, 'tak_1');
  const studio = await makeIdentity('A studio');
  await writeFile(at('chain.pem'), `${studio.leaf}\n${studio.root}\n`);
  process.env.BACKLOT_SIGN_CERTIFICATES = at('chain.pem');
  process.env.BACKLOT_SIGN_KEY = studio.key;
  try {
    const after = await signTake(context, 'tak_1');
    expect(after.signer).not.toBe(before.signer);
    expect(await verified(after.signedPath)).toMatchObject({ state: 'trusted', signedBy: 'A studio' });
    expect(await signTake(context, 'tak_1')).toEqual(after);
    const [file] = await signed(['shot.0001.exr'], 'eleven');
    expect(await verified(file?.file ?? '')).toMatchObject({ state: 'trusted', signedBy: 'A studio' });
  } finally {
    delete process.env.BACKLOT_SIGN_CERTIFICATES;
    delete process.env.BACKLOT_SIGN_KEY;
  }
});

test('a take that was given a picture is a composite with it, and names it by role alone', async () => {
  const given = { role: 'first', path: '/stills/Ann at the pier.png', sha256: 'f'.repeat(64) };
  await addTake(context, 'tak_2', [given]);
  const found = await verified((await signTake(context, 'tak_2')).signedPath);
  const inputs = ['given as first', 'model open base'].map((title) => ({ title, relationship: 'inputTo' }));
  expect(found).toMatchObject({ state: 'trusted', trainedModel: true, madeOf: inputs });
  expect(found.words.join(' ')).toContain('a trained model in part, with other pictures');
  const content = await readFile(found.file);
  expect(content.includes(compositeSource)).toBe(true);
  expect((await readFile((await signTake(context, 'tak_1')).signedPath)).includes(compositeSource)).toBe(
    false,
  );
});
