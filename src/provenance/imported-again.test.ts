import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { modelsUsed } from '../generate/undeclared.ts';
import { appendAudit, type Context, fileHash, type JobDraft } from '../jobs/index.ts';
import { importAdapter } from '../train/exchange.ts';
import { declareOrigin } from '../train/index.ts';
import { modelChain } from './lineage-models.ts';
import { retireModel } from './retire.ts';
import { withdraw } from './withdraw.ts';
import { fillWorkspace, hashOf, noteExits } from './withdrawn.test-support.ts';

/** An adapter that left as a file and came back is what it was, and a withdrawal follows it. */

const said = { maker: 'Example Labs', licence: 'Apache-2.0', learnedFrom: 'rain that they filmed' };
let context: Context;
let close: () => Promise<void>;
let file: string;

/** Stands in for Python: whatever comes in has weights that no model here has, as where alpha was multiplied in. */
async function run(draft: JobDraft) {
  const directory = join(context.paths.runs, draft.kind);
  await mkdir(directory, { recursive: true });
  const result = { model: { path: 'adapter', sha256: hashOf('others') } };
  const outcome = { status: 'succeeded' as const, result };
  return { id: 'run_in', directory, outcome, reused: false, notices: [], mustStand: async () => {} };
}

/** A copy as earlier versions made it: they did not know whose file it was. */
async function addCopy({ db }: Context): Promise<void> {
  const copy = { id: 'mdl_copy', name: 'rain', kind: 'adapter', path: '/copy', sha256: hashOf('mdl_copy') };
  const made = { baseId: 'mdl_base', snapshotId: null, runId: null };
  await db
    .insert(tables.trainModels)
    .values({ ...copy, ...made, record: { importedFrom: hashOf('quarry') } });
  await db
    .insert(tables.trainOrigins)
    .values({ ...said, modelId: 'mdl_copy', sha256: copy.sha256, who: 'test' });
  const [take] = await db.select().from(tables.generateTakes).where(eq(tables.generateTakes.id, 'tak_base'));
  const brief = { id: 'copied', text: '', adapters: [{ id: 'mdl_copy', weight: 1 }] };
  if (take)
    await db.insert(tables.generateTakes).values({ ...take, id: 'tak_copy', modelId: 'mdl_copy', brief });
}

beforeAll(async () => {
  ({ context, close } = await testContext({ engine: { run } }));
  await fillWorkspace(context);
  await noteExits(context);
  await addCopy(context);
  file = join(context.paths.root, 'rain.safetensors');
  await writeFile(file, 'tensors');
  const details = { file: '/exports/again.safetensors', sha256: await fileHash(file), style: 'diffusers' };
  await appendAudit(context.db, { who: 'test', what: 'adapter.export', subject: 'mdl_quarry', details });
}, 120_000);
afterAll(() => close());

it('a file that was exported here comes back as the model that it was, whatever its weights are', async () => {
  const before = await context.db.$count(tables.trainModels);
  const found = await importAdapter(context, { file, name: 'rain' });
  expect(found).toMatchObject({ id: 'mdl_quarry', name: 'mdl_quarry', snapshotId: 'dst_quarry' });
  await expect(importAdapter(context, { file, ...said })).rejects.toMatchObject({ code: 'origin-known' });
  // The base that it was imported on is a model of its own here.
  expect(await context.db.$count(tables.trainModels)).toBe(before + 1);
});

it('nobody can say of a copy what it learned from: it is what it was exported from', async () => {
  await expect(declareOrigin(context, { model: 'mdl_copy', ...said })).rejects.toMatchObject({
    code: 'origin-known',
    message: expect.stringContaining('mdl_quarry'),
  });
});

it('what is drawn with a copy asks the ledger for what the original learned from, and its lineage says so', async () => {
  const used = await modelsUsed(context.db, [{ sha256: hashOf('mdl_copy'), path: '/copy' }]);
  expect(used.map(({ id }) => id)).toContain('mdl_quarry');
  const { models, gaps } = await modelChain(context.db, 'mdl_copy');
  expect(models.map(({ id, snapshotId }) => [id, snapshotId])).toEqual([
    ['mdl_copy', null],
    ['mdl_quarry', 'dst_quarry'],
    ['mdl_base', null],
  ]);
  expect([models[0]?.origin, gaps]).toEqual([undefined, []]);
});

it('a permission for takes that is withdrawn reaches what was drawn with a copy', async () => {
  const { touched } = await withdraw(context, { territory: 'world', dryRun: true, grant: 'g-takes' });
  const drawn = touched.find(({ id }) => id === 'tak_copy');
  expect(drawn?.via).toBe(
    'grants/g-takes, shot sht_quarry-0, snapshot dst_quarry, model mdl_quarry, model mdl_copy',
  );
});

it('a model that is retired takes its copies out of use with it', async () => {
  const said = { model: 'mdl_quarry', reason: 'letter of 3 May', dryRun: true };
  expect((await retireModel(context, said)).models).toEqual([
    { id: 'mdl_quarry', via: null },
    { id: 'mdl_copy', via: 'mdl_quarry' },
  ]);
});

it('a withdrawal reaches the copy and its takes, and the file is not imported any more', async () => {
  const row = { territory: 'world', dryRun: false, title: 'quarry' };
  const { touched } = await withdraw(context, row);
  const copied = { kind: 'model', id: 'mdl_copy', via: 'mdl_quarry' };
  expect(touched).toEqual(
    expect.arrayContaining([copied, { kind: 'take', id: 'tak_copy', via: 'mdl_copy' }]),
  );
  await expect(importAdapter(context, { file, ...said })).rejects.toMatchObject({ code: 'blocked' });
});
