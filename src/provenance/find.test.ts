import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { encodeVideo, runFfmpeg } from '../media/index.ts';
import { CLIP, planClip, renderClip } from '../sample/index.ts';
import { sha256Of } from './digest.ts';
import { findTakes } from './find.ts';
import { keepPrint } from './print/keep.ts';
import { readLooks, takeLooks } from './print/read.ts';
import { signTake } from './sign.ts';
import { readTake } from './store.ts';
import { verifyOrFind } from './verify.ts';

const size = { width: CLIP.width, height: CLIP.height };
const shown = { width: size.width * 2, height: size.height * 2 };
let context: Context;
let close: () => Promise<void>;
const at = (name: string) => join(context.paths.root, name);

function clip(n: number): Buffer[] {
  const bytes = renderClip(planClip('title:night-mail', 3, n, 0));
  const each = size.width * size.height * 3;
  return Array.from({ length: CLIP.frames }, (_, f) => bytes.subarray(f * each, (f + 1) * each));
}

const encode = (path: string, frames: Iterable<Uint8Array>) =>
  encodeVideo({ path, ...size, fps: CLIP.fps, frames, scaleTo: shown });

async function addTake(id: string, frames: Iterable<Uint8Array>): Promise<void> {
  const videoPath = join(context.paths.takes, `${id}.mp4`);
  await encode(videoPath, frames);
  const made = {
    briefId: 'b1',
    brief: { text: 'Pip walks' },
    modelId: 'm',
    runId: 'r',
    candidate: 0,
    seed: 5,
  };
  const files = { rawPath: 'none', rawSha256: 'none', videoPath };
  const videoSha256 = sha256Of(await readFile(videoPath));
  await context.db.insert(tables.generateTakes).values({ id, ...made, ...files, videoSha256 });
}

const edit = (from: string, to: string, ...options: string[]) =>
  runFfmpeg(['-v', 'error', '-i', from, ...options, '-y', to]);

const takeFile = (id: string) => join(context.paths.takes, `${id}.mp4`);

beforeAll(async () => {
  ({ context, close } = await testContext());
  await mkdir(context.paths.takes, { recursive: true });
  for (const n of [0, 1, 2]) await addTake(`tak_${n}`, clip(n));
}, 60_000);
afterAll(() => close());

test('a copy that was encoded again, halved, cropped and made brighter leads to its take, with the crop', async () => {
  const filters = 'crop=iw*0.9:ih*0.9,scale=trunc(iw/4)*2:trunc(ih/4)*2,eq=brightness=0.1';
  await edit(takeFile('tak_1'), at('copy.mp4'), '-vf', filters, '-crf', '30');
  const found = await findTakes(context, at('copy.mp4'));
  expect(found).toMatchObject({
    compared: 3,
    unprinted: [],
    matches: [{ take: 'tak_1', text: 'Pip walks' }],
  });
  for (const share of Object.values(found.matches[0]?.cropped ?? {}))
    expect(Math.abs(share - 0.05)).toBeLessThan(0.02);
});

test('a take is found inside a longer film of another rate, at its second', async () => {
  await encode(at('cut.mp4'), [...clip(7), ...clip(2), ...clip(8)]);
  await edit(at('cut.mp4'), at('film.mp4'), '-r', '25');
  const found = await findTakes(context, at('film.mp4'));
  expect(found.matches.map(({ take }) => take)).toEqual(['tak_2']);
  expect(found.matches[0]?.from).toBeCloseTo(17 / 12, 2);
});

test('another take of the same title is no copy, and the nearest is named', async () => {
  await encode(at('other.mp4'), clip(9));
  const found = await findTakes(context, at('other.mp4'));
  expect(found.matches).toEqual([]);
  expect(found.words[0]).toContain('a copy of none of the 3 takes');
});

test('a withdrawn take is still known, and is called withdrawn', async () => {
  for (const withdrawal of ['consents/c1', 'titles/t1'])
    await context.db
      .insert(tables.provenanceBlocks)
      .values({ kind: 'take', id: 'tak_0', withdrawal, via: 'mdl_1' });
  await rm(takeFile('tak_0'));
  await encode(at('leak.mp4'), clip(0));
  const { matches, words } = await findTakes(context, at('leak.mp4'));
  expect(matches).toMatchObject([
    { take: 'tak_0', withdrawn: [{ row: 'consents/c1' }, { row: 'titles/t1' }] },
  ]);
  expect(words.join(' ')).toMatch(/WITHDRAWN: consents\/c1, withdrawn [-\d]{10}, .*WITHDRAWN: titles\/t1, /);
});

test('a take that was signed is still known where its file is gone, and nobody looked for it before', async () => {
  await addTake('tak_signed', clip(12));
  await signTake(context, 'tak_signed');
  await rm(takeFile('tak_signed'));
  await encode(at('later.mp4'), clip(12));
  expect(await findTakes(context, at('later.mp4'))).toMatchObject({
    ...{ unprinted: [], matches: [{ take: 'tak_signed' }] },
  });
});

test('a video that is exchanged once it was hashed leaves no fingerprint of its own', async () => {
  await addTake('tak_true', clip(13));
  await encode(at('foreign.mp4'), clip(14));
  const take = await readTake(context.db, 'tak_true');
  let looked = 0;
  const videoPath = () => (looked++ === 0 ? take.videoPath : at('foreign.mp4'));
  expect(
    await keepPrint(context, Object.defineProperty({ ...take }, 'videoPath', { get: videoPath })),
  ).toBeNull();
  expect((await findTakes(context, at('foreign.mp4'))).matches).toEqual([]);
  expect((await findTakes(context, takeFile('tak_true'))).matches).toMatchObject([{ take: 'tak_true' }]);
});

test('a picture that was saved from a copy, cropped and as a JPEG, leads to its take and about where it lies in it', async () => {
  const small = 'crop=iw*0.94:ih*0.94,scale=trunc(iw/4)*2:trunc(ih/4)*2,eq=brightness=0.05';
  await edit(takeFile('tak_1'), at('web.mp4'), '-vf', small, '-crf', '28');
  await edit(at('web.mp4'), at('saved.jpg'), '-vf', 'select=eq(n\\,9)', '-frames:v', '1');
  const found = await findTakes(context, at('saved.jpg'));
  expect(found).toMatchObject({ still: true, seconds: 0, matches: [{ take: 'tak_1', from: 0, seconds: 0 }] });
  expect(Math.abs((found.matches[0]?.moment ?? 9) - 9 / 12)).toBeLessThan(0.2);
  expect(found.words[0]).toMatch(/^A picture of take tak_1 .*about second 0\.\d+ of it/);
});

test('a picture of another take of the title, and one without anything to see, are of none', async () => {
  await encode(at('elsewhere.mp4'), clip(9));
  await edit(at('elsewhere.mp4'), at('elsewhere.png'), '-frames:v', '1');
  expect((await findTakes(context, at('elsewhere.png'))).matches).toEqual([]);
  await edit(at('elsewhere.mp4'), at('black.png'), '-vf', 'geq=lum=16:cb=128:cr=128', '-frames:v', '1');
  const found = await findTakes(context, at('black.png'));
  expect(found.matches).toEqual([]);
  expect(found.words[0]).toContain('a picture of none of the');
});

test('verifying an unsigned file, a picture too, says what it is a copy of', async () => {
  await edit(takeFile('tak_1'), at('stripped.mp4'), '-crf', '28');
  const { words, found } = await verifyOrFind(context, at('stripped.mp4'));
  expect(found?.matches[0]?.take).toBe('tak_1');
  expect(words.join(' ')).toMatch(/^Not signed.*A copy of take tak_1/);
  const own = await verifyOrFind(context, takeFile('tak_1'));
  expect(own.words.join(' ')).toMatch(
    /^Not signed.* byte for byte the unsigned video of take tak_1, .*no signed copy/,
  );
  await edit(takeFile('tak_1'), at('still.png'), '-frames:v', '1');
  const still = await verifyOrFind(context, at('still.png'));
  expect([still.state, still.found?.matches[0]?.take]).toEqual(['unsigned', 'tak_1']);
  expect(still.words.join(' ')).toMatch(/^Not signed.*A picture of take tak_1/);
});

test('a copy of a kind in which no signature is read is looked for all the same; a text is refused', async () => {
  for (const [name, ...how] of [['copy.webm', '-crf', '30', '-b:v', '0'], ['copy.gif']] as const) {
    await edit(takeFile('tak_2'), at(name), ...how);
    const { state, found, words } = await verifyOrFind(context, at(name));
    expect([state, found?.matches[0]?.take]).toEqual(['unread', 'tak_2']);
    expect(words.join(' ')).toContain(`reads no signature in files of this kind (${extname(name)})`);
  }
  await writeFile(at('notes.txt'), 'only words\n'.repeat(20));
  await expect(verifyOrFind(context, at('notes.txt'))).rejects.toMatchObject({ code: 'format-unknown' });
  await expect(verifyOrFind(context, at('none.webm'))).rejects.toMatchObject({ code: 'no-such-file' });
}, 30_000);

test('a signed take that something was put behind is called altered, and named by manifest and pictures', async () => {
  const { signedPath } = await signTake(context, 'tak_2');
  const junk = Buffer.from('junkjunkjunk');
  await writeFile(at('longer.mp4'), Buffer.concat([await readFile(signedPath), junk]));
  const { words, ...facts } = await verifyOrFind(context, at('longer.mp4'));
  expect(facts).toMatchObject({
    ...{ state: 'invalid', altered: true, trusted: false, signerTrusted: true, withdrawn: [] },
    ...{ lineages: [{ take: 'tak_2' }], failures: [{ code: 'file-unreadable' }] },
    found: { matches: [{ take: 'tak_2' }] },
  });
  expect(words.join(' ')).toMatch(
    /^INVALID: the file was altered .*manifest names take tak_2.*A copy of take tak_2/,
  );
  await writeFile(at('plain-longer.mp4'), Buffer.concat([await readFile(takeFile('tak_2')), junk]));
  const plain = await verifyOrFind(context, at('plain-longer.mp4'));
  expect([plain.state, plain.found?.matches[0]?.take]).toEqual(['unread', 'tak_2']);
  expect(plain.words[0]).toMatch(
    /^No signature was read: the file is damaged, or of another kind than its ending says/,
  );
}, 30_000);

test('a take is looked at in one decoding as it would be in two', async () => {
  const once = await takeLooks(takeFile('tak_1'), context.signal);
  expect(once).toEqual(await readLooks(takeFile('tak_1')));
  expect(once.sums.length).toBe(CLIP.frames);
});

test('text is refused as text, whatever its ending, and so is a list that points to other files; a video that ends in .txt is looked at', async () => {
  const words = 'only words, and no picture\n'.repeat(200);
  const list = `ffconcat version 1.0\nfile ${takeFile('tak_1')}\n`;
  const texts = { 'notes.txt': words, 'notes.nfo': words, 'notes.mp4': words, 'list.ffconcat': list };
  for (const [name, text] of Object.entries(texts)) {
    await writeFile(at(name), text);
    await expect(findTakes(context, at(name))).rejects.toMatchObject({
      ...{ code: 'no-video', facts: { found: expect.stringContaining('text') } },
    });
  }
  await writeFile(at('wide.txt'), Buffer.from(words, 'utf16le'));
  await expect(findTakes(context, at('wide.txt'))).rejects.toMatchObject({ code: 'no-video' });
  await copyFile(takeFile('tak_1'), at('film.txt'));
  expect((await findTakes(context, at('film.txt'))).matches).toMatchObject([{ take: 'tak_1' }]);
  await edit(takeFile('tak_1'), at('plain.y4m'), '-vf', 'geq=lum=65:cb=66:cr=67');
  expect((await findTakes(context, at('plain.y4m'))).matches).toEqual([]);
}, 30_000);

test('what is no video, too short or not there is refused by name', async () => {
  await writeFile(at('words.mp4'), Buffer.from([0, 255, 0, 254]));
  await encode(at('short.mp4'), clip(0).slice(0, 4));
  await expect(findTakes(context, at('words.mp4'))).rejects.toMatchObject({
    ...{ code: 'no-video', facts: { found: expect.stringContaining('neither picture nor video') } },
  });
  await expect(findTakes(context, at('short.mp4'))).rejects.toMatchObject({
    ...{ code: 'video-too-short', facts: { expected: 'a video of 0.58 s or more, or a single picture' } },
  });
  await expect(findTakes(context, at('none.mp4'))).rejects.toMatchObject({ code: 'no-such-file' });
});

test('a take without anything to see, or whose file was changed, is named as not compared', async () => {
  const black = Array.from({ length: CLIP.frames }, () => Buffer.alloc(size.width * size.height * 3));
  await addTake('tak_black', black);
  await addTake('tak_changed', clip(4));
  await encode(takeFile('tak_changed'), clip(5));
  const { unprinted } = await findTakes(context, at('stripped.mp4'));
  expect(unprinted.map(({ take }) => take).sort()).toEqual(['tak_black', 'tak_changed']);
  const rows = await context.db
    .select()
    .from(tables.provenancePrints)
    .where(eq(tables.provenancePrints.takeId, 'tak_black'));
  expect(rows).toMatchObject([{ cells: null, reason: 'too little to see' }]);
});
