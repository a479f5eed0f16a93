import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { type Context, registerBase } from '../jobs/index.ts';
import { prepare } from './prepare.ts';
import { briefSchema } from './schema.ts';

const OPTIONS = { asOf: '2026-01-01', stride: 8, frames: 13, height: 480, width: 832, fps: '16' };

let context: Context;
let close: () => Promise<void>;
let base: string;

beforeAll(async () => {
  ({ context, close } = await testContext());
  const folder = join(context.paths.root, 'open');
  await mkdir(folder);
  await writeFile(join(folder, 'model_index.json'), '{"_class_name": "WanPipeline"}');
  base = (await registerBase(context, folder)).id;
  const digest = 'c'.repeat(64);
  const record = {
    ...{ version: 1, digest, options: OPTIONS, clips: { train: 1, heldout: 0 }, captions: {}, files: {} },
    ...{ rights: { ledger: null, ruleVersion: '1', outcomes: {}, reasons: {} } },
    ...{ skipped: { shots: {}, clips: {} }, titles: [], sources: [], notices: [] },
  };
  await context.db.insert(tables.datasetSnapshots).values({ id: 'dst_1', digest, path: '/data', record });
  const adapter = { kind: 'adapter', path: '/adapter', sha256: 'a'.repeat(64), record: {} };
  const learned = { ...adapter, id: 'mdl_ann', name: 'Ann', baseId: base, snapshotId: 'dst_1' };
  await context.db.insert(tables.trainModels).values(learned);
}, 60_000);
afterAll(() => close());

const sizeWith = async (model: string | undefined, adapters: { id: string }[]) => {
  const brief = briefSchema.parse({ id: 'a', text: 'a fox', adapters });
  return (await prepare(context, { briefs: [brief], model }))[0]?.size;
};

it('takes of an open base are as large as the clips that its adapter learned, or as clips are by default, at the rate of the base', async () => {
  expect(await sizeWith(base, [{ id: 'mdl_ann' }])).toEqual({
    frames: 13,
    height: 480,
    width: 832,
    fps: '16',
  });
  expect(await sizeWith(base, [])).toEqual({ frames: 17, height: 64, width: 96, fps: '16/1' });
});

it('the size of takes by the shipped base is not asked for: the base has one', async () => {
  expect(await sizeWith(undefined, [])).toBeNull();
});
