import { createHash } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { decodeFrames } from '../media/index.ts';
import { writeSeal } from '../trust/index.ts';
import { readAnchors } from './anchors.ts';
import { auditReport } from './audit.ts';
import { writeCut } from './cut.ts';
import { sha256Of } from './digest.ts';
import { makeIdentity } from './identity.ts';
import { addStudio, addTake, frames, hash, size } from './lineage.test-support.ts';
import { showTake } from './show.ts';
import { signTake, signTakes } from './sign.ts';
import { verifyFile, verifyOrFind } from './verify.ts';
import { lineageWords } from './words.ts';

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await addStudio(context);
}, 120_000);
afterAll(() => close());

/** One hash over every decoded frame of a film. */
async function decodedHash(path: string): Promise<string> {
  const digest = createHash('sha256');
  const count = await decodeFrames(
    path,
    { ...size, pixelFormat: 'rgb24' },
    (_, bytes) => void digest.update(bytes),
  );
  return `${count} ${digest.digest('hex')}`;
}

test('a signed take reads back as trusted with the workspace as anchor, and as an unknown signer without', async () => {
  const { signedPath } = await signTake(context, 'tak_1');
  const here = await verifyFile(signedPath, await readAnchors(context.paths.keys));
  expect(here).toMatchObject({ state: 'trusted', altered: false, trainedModel: true });
  expect(here.words.join(' ')).toContain('Pim walks left by the pier');
  expect(here.words.join(' ').match(/legal advice/g)).toHaveLength(1);
  expect(here.lineages[0]?.snapshots).toMatchObject([{ titles: ['Harbour'], shots: 1, grants: 1 }]);
  expect((await verifyFile(signedPath)).state).toBe('valid-unknown-signer');
  const other = await makeIdentity();
  expect((await verifyFile(signedPath, other.root)).state).toBe('valid-unknown-signer');
});

test('signing leaves every decoded frame as it was', async () => {
  const { signedPath } = await signTake(context, 'tak_1');
  const before = await decodedHash(join(context.paths.takes, 'tak_1.mp4'));
  expect(before).toMatch(/^17 /);
  expect(await decodedHash(signedPath)).toBe(before);
});

test('one flipped byte of the picture makes the file invalid, an unsigned file says so', async () => {
  const { signedPath } = await signTake(context, 'tak_1');
  const bytes = await readFile(signedPath);
  const at = bytes.indexOf('mdat') + 40;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  const altered = join(context.paths.root, 'altered.mp4');
  await writeFile(altered, bytes);
  const anchors = await readAnchors(context.paths.keys);
  const found = await verifyFile(altered, anchors);
  expect(found).toMatchObject({ state: 'invalid', altered: true, trusted: false, signerTrusted: true });
  expect(found.words.join(' ')).toMatch(/altered after it was signed.*test identity of this workspace/);
  const elsewhere = await verifyFile(altered, (await makeIdentity()).root);
  expect(elsewhere).toMatchObject({ altered: true, signerTrusted: false });
  expect(elsewhere.words.join(' ')).toContain('of some other workspace');
  const plain = await verifyFile(join(context.paths.takes, 'tak_1.mp4'), anchors);
  expect(plain).toMatchObject({ state: 'unsigned', altered: null });
});

test("a withdrawn take's own signed file is called withdrawn, altered too; its signature holds as before", async () => {
  await addTake(context, 'tak_gone', 'mdl_base', 7);
  const { signedPath } = await signTake(context, 'tak_gone');
  expect((await verifyOrFind(context, signedPath)).withdrawn).toEqual([]);
  const rows = ['consents/c1', 'titles/t1'];
  for (const withdrawal of rows)
    await context.db
      .insert(tables.provenanceBlocks)
      .values({ kind: 'take', id: 'tak_gone', withdrawal, via: 'mdl_base' });
  const found = await verifyOrFind(context, signedPath);
  const withdrawn = rows.map((row) => ({ take: 'tak_gone', row, at: expect.any(String) }));
  expect(found).toMatchObject({ state: 'trusted', withdrawn });
  expect(found.words.slice(0, 3).join(' ')).toMatch(
    /Unaltered.*WITHDRAWN: consents\/c1, withdrawn [-\d]{10}, has reached take tak_gone.*WITHDRAWN: titles\/t1, /,
  );
  const bytes = await readFile(signedPath);
  const at = bytes.indexOf('mdat') + 40;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  const altered = join(context.paths.root, 'altered-gone.mp4');
  await writeFile(altered, bytes);
  expect(await verifyOrFind(context, altered)).toMatchObject({ state: 'invalid', withdrawn });
  expect((await verifyFile(signedPath)).withdrawn).toBeNull();
});

test('a file that is no video is refused with what to do', async () => {
  const path = join(context.paths.root, 'text.mp4');
  await writeFile(path, 'not a film at all, only words');
  await expect(verifyFile(path)).rejects.toMatchObject({ code: 'file-unreadable' });
  await expect(verifyFile(join(context.paths.root, 'none.mp4'))).rejects.toMatchObject({
    code: 'no-such-file',
  });
});

test('the key of the test identity is readable by its owner alone', async () => {
  await signTake(context, 'tak_1');
  const { mode } = await stat(join(context.paths.keys, 'test-identity.pem'));
  expect(mode & 0o777).toBe(0o600);
  expect(await readAnchors(context.paths.keys)).not.toContain('PRIVATE');
});

test('signing again goes on where it stopped: what is signed keeps its file', async () => {
  const [first] = await signTakes(context, ['tak_1']);
  const [again, second] = await signTakes(context, ['tak_1', 'tak_2']);
  expect(again?.signedSha256).toBe(first?.signedSha256);
  expect(second).toMatchObject({ takeId: 'tak_2', state: 'Trusted' });
  await writeFile(again?.signedPath ?? '', 'damaged');
  const repaired = await signTake(context, 'tak_1');
  expect(sha256Of(await readFile(repaired.signedPath))).toBe(repaired.signedSha256);
});

test('a take whose file is not the one that was generated is not signed', async () => {
  await addTake(context, 'tak_3', 'mdl_base', 2);
  await writeFile(join(context.paths.takes, 'tak_3.mp4'), 'swapped');
  await expect(signTake(context, 'tak_3')).rejects.toMatchObject({ code: 'take-altered' });
  await expect(signTake(context, 'tak_none')).rejects.toMatchObject({ code: 'no-such-take' });
});

test('a lineage leads from the take to the shots trained on, the grants used and the people concerned', async () => {
  const { lineage } = await showTake(context, 'tak_1');
  expect(lineage.models.map(({ id }) => id)).toEqual(['mdl_adapter', 'mdl_base']);
  expect(lineage.snapshots).toMatchObject([
    {
      id: 'dst_1',
      asOf: '2026-05-01',
      grants: ['g1'],
      heldoutClips: 1,
      titles: [{ clips: 1, shots: ['sht_1'] }],
    },
  ]);
  expect(lineage.parties).toMatchObject([
    { id: 'studio', role: 'owner', share: '100%', standing: 'granted by g1' },
    { id: 'ann', role: 'performer', standing: 'consent c1 given' },
  ]);
  expect(lineage.gaps.join(' ')).toContain('open base');
  expect(lineageWords(await showTake(context, 'tak_1'))).toContain('Harbour: 1 clips of 1 shots');
});

test('a take says by which engine it was made, by which decisions it was cleared and who judged it', async () => {
  const { db, paths } = context;
  const run = join(paths.runs, 'run_generate');
  await mkdir(run, { recursive: true });
  await writeFile(join(run, 'job.json'), JSON.stringify({ engine: hash('9') }));
  const times = { asOf: '2026-05-01', decidedAt: '2026-05-01T10:00:00.000Z' };
  await writeSeal(join(paths.datasets, 'one'), {
    ...{ version: 1, snapshot: hash('c'), basis: 'ledger', use: 'train.style', territory: 'DE', ...times },
    ...{ ruleVersion: 'v1', ledger: 'ldg_1', decisions: hash('8'), outcomes: {}, reasons: {} },
  });
  await addTake(context, 'tak_judged', 'mdl_adapter', 5);
  const judged = { person: 'Lea Editor', verdict: 'usable', givenAt: '2026-05-03T00:00:00.000Z' };
  const row = { ...judged, givenAt: new Date(judged.givenAt), frame: null, note: 'good' };
  await db.insert(tables.reviewVerdicts).values({ id: 'vrd_1', takeId: 'tak_judged', ...row });
  const { lineage, signedPath } = await signTake(context, 'tak_judged');
  expect(lineage).toMatchObject({
    take: { engine: hash('9') },
    judged: [judged],
    snapshots: [{ decisions: hash('8') }],
  });
  const inFile = (await verifyFile(signedPath)).lineages[0];
  expect(inFile).toMatchObject({ engine: hash('9'), judged: 1, snapshots: [{ decisions: hash('8') }] });
  expect(JSON.stringify(inFile)).not.toContain('Lea');
  expect(lineageWords(await showTake(context, 'tak_judged'))).toContain(
    'Judged usable by Lea Editor, 2026-05-03',
  );
});

test('a take that was judged after it was signed is signed anew, and the log says which file that replaces', async () => {
  await addTake(context, 'tak_late', 'mdl_base', 6);
  const first = await signTake(context, 'tak_late');
  expect(first.lineage.judged).toEqual([]);
  const row = { id: 'vrd_2', takeId: 'tak_late', person: 'Lea Editor', verdict: 'usable', note: '' };
  await context.db.insert(tables.reviewVerdicts).values({ ...row, frame: null, givenAt: new Date(1) });
  const anew = await signTake(context, 'tak_late');
  expect(anew.lineage.judged).toMatchObject([{ person: 'Lea Editor', verdict: 'usable' }]);
  expect((await verifyFile(anew.signedPath)).lineages[0]?.judged).toBe(1);
  const details = { signedSha256: anew.signedSha256, replaces: first.signedSha256 };
  const act = { what: 'provenance.sign', subject: 'tak_late', details: expect.objectContaining(details) };
  expect((await auditReport(context, 100)).listed).toContainEqual(expect.objectContaining(act));
  expect(await signTake(context, 'tak_late')).toEqual(anew);
});

test('an adapter that only the brief names is part of the lineage', async () => {
  const { lineage } = await showTake(context, 'tak_2');
  expect(lineage.models).toMatchObject([{ id: 'mdl_base' }, { id: 'mdl_adapter', weight: 0.8 }]);
  expect(lineage.snapshots).toHaveLength(1);
});

test('a take that bears the name of its one adapter says at which weight that was used, in the file too', async () => {
  const { lineage, signedPath } = await signTake(context, 'tak_1');
  expect(lineage.models).toMatchObject([
    { id: 'mdl_adapter', weight: 0.8 },
    { id: 'mdl_base', weight: null },
  ]);
  expect((await verifyFile(signedPath)).lineages[0]?.models).toMatchObject([{ weight: 0.8 }, {}]);
  expect(lineageWords(await showTake(context, 'tak_1'))).toContain('harbour (adapter, weight 0.8)');
});

test('a picture and a video that the brief gave are named in the record and, by hash alone, in the file', async () => {
  await addTake(context, 'tak_4', 'mdl_base', 3, [
    { role: 'first', path: '/stills/Ann at the pier.png', sha256: hash('f') },
    { role: 'video', path: '/rushes/pier.mov', sha256: hash('9') },
  ]);
  const { signedPath } = await signTake(context, 'tak_4');
  const { lineage } = await showTake(context, 'tak_4');
  expect(lineage.references).toEqual([
    { role: 'first', name: 'Ann at the pier.png', sha256: hash('f') },
    { role: 'video', name: 'pier.mov', sha256: hash('9') },
  ]);
  expect(lineage.gaps.join(' ')).toContain('"pier.mov" was given by the brief: who owns it');
  const read = await verifyFile(signedPath, await readAnchors(context.paths.keys));
  expect(read.lineages[0]?.references).toEqual([
    { role: 'first', sha256: hash('f') },
    { role: 'video', sha256: hash('9') },
  ]);
  expect(JSON.stringify(read)).not.toContain('Ann at the pier');
});

test('a cut references the signed files, whole, in the order given', async () => {
  const records = await signTakes(context, ['tak_2', 'tak_1']);
  const path = join(context.paths.root, 'selects.otio');
  await writeCut(context, ['tak_2', 'tak_1'], path);
  const timeline = JSON.parse(await readFile(path, 'utf8'));
  const clips = timeline.tracks.children[0].children;
  expect(
    clips.map((clip: { metadata: { backlot: { take: string } } }) => clip.metadata.backlot.take),
  ).toEqual(['tak_2', 'tak_1']);
  expect(clips[0].media_references.DEFAULT_MEDIA.target_url).toBe(
    pathToFileURL(records[0]?.signedPath ?? '').href,
  );
  expect(clips[0].source_range.duration).toEqual({ OTIO_SCHEMA: 'RationalTime.1', rate: 12, value: frames });
});

test('a cut is one row of the audit log, and the same cut again is none', async () => {
  const path = join(context.paths.root, 'again.otio');
  const rows = async () => (await auditReport(context, 1000)).rows;
  const before = await rows();
  for (let again = 0; again < 2; again++) await writeCut(context, ['tak_1'], path);
  expect(await rows()).toBe(before + 1);
  await writeCut(context, ['tak_2'], path);
  expect(await rows()).toBe(before + 2);
});

test('each signature is a row of an intact audit log', async () => {
  const { intact, listed } = await auditReport(context, 100);
  expect(intact).toBe(true);
  expect(listed.map((row) => `${row.who} ${row.what} ${row.subject}`)).toContain(
    'test provenance.sign tak_1',
  );
});
