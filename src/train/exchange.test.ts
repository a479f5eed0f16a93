import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actsIn } from '../../test/support/audit.ts';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { trainDraft } from '../jobs/engine.test-support.ts';
import {
  appendAudit,
  type Context,
  fileHash,
  type JobDraft,
  keepModel,
  registerBase,
} from '../jobs/index.ts';
import { exportAdapter, importAdapter } from './exchange.ts';
import { cardSchema } from './schema.ts';
import { getModel } from './store.ts';

const hash = (digit: string) => digit.repeat(64);
const known = 'mdl_111111111111';
let context: Context;
let close: () => Promise<void>;
let made: JobDraft[];
/** What an export leaves: of an adapter of two experts two files. */
let left = ['adapter'];

/** Stands in for Python: an export is files of one word, an import the adapter that is known already. */
async function run(draft: JobDraft) {
  made.push(draft);
  const directory = join(context.paths.runs, draft.kind);
  await mkdir(directory, { recursive: true });
  const file = (name: string, at: number) => ({ path: `${name}.safetensors`, sha256: hash(`${at + 2}`) });
  const files = Object.fromEntries(left.map((name, at) => [name, file(name, at)]));
  for (const { path } of Object.values(files)) await writeFile(join(directory, path), 'tensors');
  const model = { path: 'adapter', sha256: hash('1') };
  const result = { ...(draft.kind === 'import-adapter' ? { model } : files), cpuSeconds: 1 };
  const outcome = { status: 'succeeded' as const, result };
  return {
    id: `run_${draft.kind}`,
    directory,
    outcome,
    reused: false,
    notices: [],
    mustStand: async () => {},
  };
}

/** Asked for in bf16, trained where there is none. */
const RECORD = { finalLoss: 0.31, heldoutLoss: 0.42, precisions: ['fp32'] };
const counts = { train: 40, heldout: 8 };
const record = {
  version: 1,
  digest: hash('c'),
  options: {
    ...{ use: 'train.style', territory: 'DE', asOf: '2026-05-01', width: 96, height: 64, frames: 17 },
    ...{ fps: '12/1', stride: 17 },
  },
  rights: { ledger: 'ldg_1', ruleVersion: 'v1', outcomes: {}, reasons: {} },
  clips: counts,
  captions: {},
  skipped: { shots: {}, clips: {} },
  titles: [{ id: 'ttl_h', name: 'Harbour', ...counts, scenes: 5, heldoutScenes: 1 }],
  sources: [],
  notices: [],
  files: {},
};

async function addAdapter(baseId: string): Promise<void> {
  const { db, paths } = context;
  await db.insert(tables.datasetSnapshots).values({ id: 'dst_1', digest: hash('c'), path: '/data', record });
  const job = {
    ...trainDraft(1),
    method: 'lora',
    precision: 'bf16',
    version: 1,
    id: 'run_train',
    engine: hash('e'),
    threads: 2,
  };
  const path = join(paths.runs, 'run_train', 'job.json');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(job));
  await keepModel(context, {
    ...{ id: known, name: 'harbour', kind: 'adapter', path: '/runs/adapter', sha256: hash('1'), baseId },
    ...{ snapshotId: 'dst_1', runId: 'run_train', record: RECORD },
  });
}

beforeAll(async () => {
  made = [];
  ({ context, close } = await testContext({ engine: { run } }));
  await addAdapter((await registerBase(context)).id);
}, 60_000);
afterAll(() => close());

it('an exported adapter lies beside a card that says what it learned from, how, and for what it is cleared', async () => {
  const to = join(context.paths.root, 'exports');
  const { card } = await exportAdapter(context, { model: known, to, style: 'comfyui' });
  expect(made.at(-1)).toMatchObject({
    kind: 'export-adapter',
    style: 'comfyui',
    adapter: { sha256: hash('1') },
  });
  expect((await readdir(dirname(card))).sort()).toEqual([
    'card.json',
    'card.md',
    `${known}.comfyui.safetensors`,
  ]);
  const found = cardSchema.parse(JSON.parse(await readFile(join(dirname(card), 'card.json'), 'utf8')));
  expect(found).toMatchObject({
    base: { name: 'base' },
    dataset: { id: 'dst_1', digest: hash('c'), clips: counts, titles: [{ name: 'Harbour', clips: 40 }] },
    rights: { use: 'train.style', territory: 'DE', asOf: '2026-05-01', ledger: 'ldg_1' },
    recipe: { method: 'lora', steps: 4, batch: 2, precision: 'fp32', precisionAsked: 'bf16' },
    losses: { training: 0.31, heldout: 0.42 },
  });
  const words = await readFile(card, 'utf8');
  for (const said of [
    'Harbour: 40 clips',
    hash('c'),
    'Cleared for train.style in DE',
    '0.4200',
    'ledger ldg_1',
  ])
    expect(words).toContain(said);
  expect(words + JSON.stringify(found)).not.toContain('/nowhere');
});

it('an export is in the audit log, with the file and its hash: a withdrawal finds it by that', async () => {
  const { db, paths } = context;
  const wish = { model: known, to: join(paths.root, 'noted'), style: 'diffusers' as const };
  const { files } = await exportAdapter(context, wish);
  expect((await actsIn(db)).at(-1)).toEqual({ who: 'test', what: 'adapter.export', subject: known });
  const rows = await db.select().from(tables.provenanceAudit);
  expect(rows.map(({ details }) => details)).toContainEqual({ ...files[0], style: 'diffusers' });
});

it('an adapter of two experts leaves as two files, each named, and each in the audit log', async () => {
  left = ['adapter.high-noise', 'adapter.low-noise'];
  const wish = { model: known, to: join(context.paths.root, 'two'), style: 'comfyui' as const };
  const { files } = await exportAdapter(context, wish);
  left = ['adapter'];
  const names = ['high-noise', 'low-noise'].map((expert) => `${known}.comfyui.${expert}.safetensors`);
  expect(files.map(({ file }) => basename(file))).toEqual(names);
  const rows = await context.db.select().from(tables.provenanceAudit);
  expect(rows.slice(-2).map(({ details }) => details)).toEqual(
    files.map((one) => ({ ...one, style: 'comfyui' })),
  );
});

it('an export again changes nothing, and never writes over what is not the same', async () => {
  const wish = { model: known, to: join(context.paths.root, 'exports'), style: 'comfyui' as const };
  const { files, card } = await exportAdapter(context, wish);
  await exportAdapter(context, wish);
  for (const path of [card, ...files.map(({ file }) => file)]) {
    await writeFile(path, 'mine');
    await expect(exportAdapter(context, wish)).rejects.toMatchObject({ code: 'file-exists' });
    expect(await readFile(path, 'utf8')).toBe('mine');
  }
});

it('only an adapter can be exported', async () => {
  const { id } = await registerBase(context);
  const wish = { model: id, to: context.paths.root, style: 'diffusers' as const };
  await expect(exportAdapter(context, wish)).rejects.toMatchObject({ code: 'model-unfit' });
});

it('a file that is an adapter of this workspace comes back as that one, with all that is known of it', async () => {
  const file = join(context.paths.root, 'back.safetensors');
  await writeFile(file, 'tensors');
  const model = await importAdapter(context, { file });
  expect(model).toEqual({ ...(await getModel(context.db, known)), origin: null });
  expect(model).toMatchObject({ name: 'harbour', snapshotId: 'dst_1' });
});

it('of models that have the same weights a file is the first that is in use, and of none where all are retired', async () => {
  const file = join(context.paths.root, 'back.safetensors');
  const exported = join(context.paths.root, 'left.safetensors');
  await writeFile(exported, 'tensors that left');
  const details = { file: exported, sha256: await fileHash(exported), style: 'diffusers' };
  await appendAudit(context.db, { who: 'test', what: 'adapter.export', subject: known, details });
  const again = { ...(await getModel(context.db, known)), id: 'mdl_222222222222', snapshotId: 'dst_2' };
  await keepModel(context, again);
  const retire = (subject: string) =>
    appendAudit(context.db, {
      ...{ who: 'test', what: 'provenance.retire', subject },
      details: { by: 'Ada', reason: 'letter of 3 May' },
    });
  await retire(known);
  for (const one of [file, exported])
    expect(await importAdapter(context, { file: one })).toMatchObject({ id: again.id, snapshotId: 'dst_2' });
  await retire(again.id);
  for (const one of [file, exported])
    await expect(importAdapter(context, { file: one })).rejects.toMatchObject({ code: 'model-retired' });
});
