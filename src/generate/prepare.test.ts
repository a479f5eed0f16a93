import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { freezeOptionsSchema, snapshotRecordSchema } from '../dataset/index.ts';
import { tables } from '../db/index.ts';
import { appendAudit, type Context, registerBase } from '../jobs/index.ts';
import { catalogue } from '../rights/catalogued.test-support.ts';
import { importLedger, type Use } from '../rights/index.ts';
import { clearedFile } from '../rights/ledgers.test-support.ts';
import { train, trainInputSchema } from '../train/index.ts';
import { generate } from './generate.ts';
import { prepare } from './prepare.ts';
import { briefSchema } from './schema.ts';

let context: Context;
let close: () => Promise<void>;
let base: string;

beforeAll(async () => {
  ({ context, close } = await testContext());
  base = (await registerBase(context)).id;
  const row = { kind: 'adapter', path: '/adapter', sha256: 'a'.repeat(64), record: {} };
  await context.db.insert(tables.trainModels).values([
    { ...row, id: 'mdl_harbour', name: 'harbour', baseId: base },
    { ...row, id: 'mdl_ann', name: 'Ann', baseId: base },
    { ...row, id: 'mdl_other', name: 'other', baseId: 'mdl_elsewhere' },
  ]);
}, 60_000);
afterAll(() => close());

const brief = (id: string, more: object = {}) => briefSchema.parse({ id, text: 'a fox', ...more });

it('several adapters reach the engine each with its weight, in the order of the brief', async () => {
  const adapters = [{ id: 'mdl_harbour' }, { id: 'mdl_ann', weight: 0.4 }];
  const [ready] = await prepare(context, { briefs: [brief('a', { adapters })] });
  expect(ready?.adapters.map(({ weight }) => weight)).toEqual([1, 0.4]);
  expect(ready?.shownAs).toBe(base);
});

it("of several adapters the one of another base is refused by name, and so is a base in an adapter's place", async () => {
  const wish = (id: string) => ({ briefs: [brief('a', { adapters: [{ id: 'mdl_harbour' }, { id }] })] });
  for (const id of ['mdl_other', base])
    await expect(generate(context, wish(id))).rejects.toMatchObject({
      code: 'adapter-mismatch',
      facts: { where: `adapter ${id}`, expected: `an adapter of ${base} (base)` },
    });
});

it('an adapter alone is no model', async () => {
  const wish = { briefs: [brief('a')], model: 'mdl_harbour' };
  await expect(generate(context, wish)).rejects.toMatchObject({ code: 'model-unfit' });
});

it('a file that one brief lacks stops all of them before the first is drawn', async () => {
  const missing = join(context.paths.root, 'gone.png');
  const adapters = [{ id: 'mdl_harbour' }];
  const briefs = [brief('a'), brief('b', { mode: 'first', first: missing, adapters })];
  await expect(generate(context, { briefs })).rejects.toMatchObject({ facts: { where: missing } });
});

it('a film of the catalogue is given only where the ledger allows that for all of it; nothing of another is decoded or decided', async () => {
  const { db, paths } = context;
  const film = join(paths.root, 'copy of a master.mp4');
  await writeFile(film, 'film');
  await catalogue(context, 'harbour', 'harbour.mp4');
  await catalogue(context, 'quarry', 'quarry.mp4');
  const sha256 = createHash('sha256').update('film').digest('hex');
  await db
    .update(tables.catalogFiles)
    .set({ sha256, bytes: 4 })
    .where(eq(tables.catalogFiles.id, 'fil_harbour'));
  const wish = { briefs: [brief('a', { mode: 'first', first: film })] };
  const allowing = async (...uses: Use[]) => {
    const grants = (clearedFile().grants ?? []).map((grant) => ({ ...grant, uses }));
    const path = join(paths.root, 'ledger.json');
    await writeFile(path, JSON.stringify({ ...clearedFile(), grants, appearances: [] }));
    await importLedger(context, path);
  };
  await allowing('train.style');
  await expect(prepare(context, wish)).rejects.toMatchObject({ code: 'not-cleared', facts: { where: film } });
  expect(existsSync(join(paths.takes, 'given'))).toBe(false);
  await allowing('condition');
  await expect(prepare(context, wish)).rejects.toThrow(/allowed for generate\.previz.*not generate\.previz/s);
  await allowing('condition', 'generate.temp');
  await expect(prepare(context, wish)).rejects.toMatchObject({ code: 'no-picture' });
  const decided = await db.select({ shot: tables.rightsDecisions.shotId }).from(tables.rightsDecisions);
  expect(decided.filter(({ shot }) => shot.startsWith('sht_quarry'))).toEqual([]);
});

describe('a brief that names somebody of the ledger', () => {
  const put = async (parties: readonly object[]) => {
    const path = join(context.paths.root, 'people.json');
    await writeFile(path, JSON.stringify({ version: 1, parties }));
    await importLedger(context, path);
  };
  const draw = (text: string, ...adapters: string[]) =>
    prepare(context, { briefs: [brief('a', { text, adapters: adapters.map((id) => ({ id })) })] });

  it('is not drawn by a model that was trained for nobody or for somebody else, whatever else is asked for', async () => {
    await put([{ id: 'studio', kind: 'org', name: 'The Studio' }, nia]);
    const refused = draw('close on nia okafor at night');
    await expect(refused).rejects.toMatchObject({ code: 'not-cleared', facts: { where: 'brief a' } });
    await expect(refused).rejects.toThrow('--performer nia');
    await expect(draw('Nia Okafor', 'mdl_harbour')).rejects.toMatchObject({ code: 'not-cleared' });
    await madeFor(['ben'], 'mdl_ben');
    await expect(draw('Nia Okafor', 'mdl_ben')).rejects.toMatchObject({ code: 'not-cleared' });
    await expect(draw('the studio at night')).resolves.toHaveLength(1);
  });

  it('is drawn by a model of that performer', async () => {
    await put([nia, { ...nia, id: 'ben', name: 'Ben' }]);
    await madeFor(['nia'], 'mdl_nia');
    await expect(draw('Nia Okafor', 'mdl_harbour', 'mdl_nia')).resolves.toHaveLength(1);
  });

  it('says with its takes whom it named, also where another brief of the same wish names nobody', async () => {
    const adapters = [{ id: 'mdl_nia' }];
    const wish = ['a fox', 'close on nia okafor'].map((text, i) => brief(`b${i}`, { text, adapters }));
    const [ready] = await prepare(context, { briefs: wish });
    expect(ready?.briefs.map(({ brief: { id }, replicaOf }) => [id, replicaOf])).toEqual([
      ['b0', []],
      ['b1', ['nia']],
    ]);
  });

  it('and others is drawn by a model of a dataset that was frozen for all of them together, by none for each alone', async () => {
    const both = 'Nia Okafor and Ben';
    const found =
      'Nia Okafor (parties/nia) and Ben (parties/ben), for all of whom together none of the models';
    for (const adapters of [['mdl_nia'], ['mdl_ben'], ['mdl_nia', 'mdl_ben']])
      await expect(draw(both, ...adapters)).rejects.toThrow(found);
    await expect(draw(both)).rejects.toThrow('frozen with --performer nia --performer ben');
    await madeFor(['ben', 'nia'], 'mdl_both');
    await expect(draw(both, 'mdl_harbour', 'mdl_both')).resolves.toHaveLength(1);
    await expect(draw('Ben alone', 'mdl_both')).resolves.toHaveLength(1);
  });

  it('is drawn by a model of a dataset that an earlier version froze for that one performer', async () => {
    await madeFor(['nia'], 'mdl_earlier', { performer: 'nia', performers: undefined });
    await expect(draw('Nia Okafor', 'mdl_earlier')).resolves.toHaveLength(1);
    await expect(draw('Ben', 'mdl_earlier')).rejects.toThrow('for whom none of the models');
  });

  it('nor is such a caption drawn on the sample sheet of a training for somebody else', async () => {
    const sheet = (...captions: string[]) =>
      train(context, trainInputSchema.parse({ dataset: 'dst_nia', captions }));
    await expect(sheet('nia okafor', 'Ben at sea')).rejects.toThrow('Ben (parties/ben)');
    await expect(sheet('nia okafor')).rejects.not.toMatchObject({ code: 'not-cleared' });
  });

  const nia = { id: 'nia', kind: 'person', name: 'Nia Okafor' };
  /** An adapter that learned from a dataset frozen for performers. */
  const madeFor = async (performers: string[], id: string, more: object = {}) => {
    const options = { ...freezeOptionsSchema.parse({ performers, asOf: '2026-05-01', stride: 8 }), ...more };
    const record = snapshotRecordSchema.parse({
      ...{ version: 1, digest: 'd'.repeat(64), options, clips: { train: 1, heldout: 0 }, captions: {} },
      ...{ rights: { ledger: null, ruleVersion: '1', outcomes: {}, reasons: {} } },
      ...{ skipped: { shots: {}, clips: {} }, titles: [], sources: [], notices: [], files: {} },
    });
    const snapshotId = id.replace('mdl', 'dst');
    const row = { id: snapshotId, digest: record.digest, path: '/dataset', record };
    await context.db.insert(tables.datasetSnapshots).values(row);
    const model = { kind: 'adapter', path: '/adapter', sha256: 'b'.repeat(64), record: {} };
    await context.db.insert(tables.trainModels).values({ ...model, id, name: id, baseId: base, snapshotId });
  };
});

describe('a take that a withdrawal has reached', () => {
  const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex');
  /** A take of this workspace with its video, its signed file and a file that was made of it. */
  const made = async (id: string) => {
    const { db, paths } = context;
    const row = {
      briefId: 'b',
      brief: { id: 'b', text: '', adapters: [], references: [] },
      modelId: base,
      runId: 'run_1',
      candidate: 0,
    };
    const files = {
      rawPath: '/raw',
      rawSha256: '',
      videoPath: '/video',
      videoSha256: sha256Of(`${id} video`),
    };
    await db.insert(tables.generateTakes).values({ id, ...row, seed: 1, ...files });
    const signed = { signedPath: '/signed', signedSha256: sha256Of(`${id} signed`), state: 'Trusted' };
    await db.insert(tables.provenanceRecords).values({ takeId: id, record: {}, ...signed });
    const details = { file: '/master', sha256: sha256Of(`${id} master`) };
    await appendAudit(db, { who: 'ann', what: 'provenance.sign-file', subject: id, details });
    return async (kind: string) => {
      const path = join(paths.root, `${id} ${kind}`);
      await writeFile(path, path.endsWith('renamed') ? `${id} video` : `${id} ${kind}`);
      return prepare(context, { briefs: [brief('a', { mode: 'restyle', video: path, strength: 0.5 })] });
    };
  };

  it('is given no more: neither its video under any name, nor its signed file, nor what was signed of it', async () => {
    const give = await made('tak_gone');
    const of = { kind: 'take', id: 'tak_gone', withdrawal: 'grants/harbour', via: 'mdl_harbour' };
    await context.db.insert(tables.provenanceBlocks).values(of);
    for (const kind of ['video', 'renamed', 'signed', 'master'])
      await expect(give(kind)).rejects.toMatchObject({ code: 'blocked' });
    await expect(give('video')).rejects.toThrow('grants/harbour');
  });

  it('is another than one that none has reached, and than a file of nobody', async () => {
    const give = await made('tak_fine');
    for (const kind of ['video', 'other'])
      await expect(give(kind)).rejects.toMatchObject({ code: 'no-picture' });
  });
});
