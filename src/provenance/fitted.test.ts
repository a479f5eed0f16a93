import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Job } from '../contract/index.ts';
import { tables } from '../db/index.ts';
import { type Context, registerBase } from '../jobs/index.ts';
import { clearJob } from './clear.ts';
import { withdraw } from './withdraw.ts';
import { addTakeGiven, fillWorkspace, hashOf } from './withdrawn.test-support.ts';

let context: Context;
let close: () => Promise<void>;
let codec: string;

/** A codec that was fitted on the harbour, as a job written by hand leaves it. */
beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  const { runs, datasets } = context.paths;
  codec = join(runs, 'run_fit', 'base');
  await mkdir(codec, { recursive: true });
  await writeFile(join(codec, 'model_index.json'), JSON.stringify({ _class_name: 'BacklotPipeline' }));
  const dataset = { path: join(datasets, 'harbour'), digest: hashOf('harbour\n') };
  await writeFile(join(runs, 'run_fit', 'job.json'), JSON.stringify({ kind: 'fit-codec', dataset }));
});
afterAll(() => close());

const encoding = (path: string): Job => ({
  ...{
    version: 1,
    id: 'run_new',
    engine: hashOf('engine'),
    seed: 1,
    threads: 1,
    device: 'cpu',
    kind: 'encode',
  },
  dataset: { path: join(context.paths.datasets, 'none'), digest: hashOf('none') },
  base: { path, sha256: hashOf('unknown') },
});

it('a codec fitted on a dataset is a model of what it learned from, and a withdrawal reaches it and its takes', async () => {
  const { id } = await registerBase(context, codec);
  const [row] = await context.db.select().from(tables.trainModels).where(eq(tables.trainModels.id, id));
  expect(row).toMatchObject({ snapshotId: 'dst_harbour', runId: 'run_fit' });
  await addTakeGiven(context, 'tak_fitted', { path: '', sha256: '' }, id);
  const { touched } = await withdraw(context, { territory: 'world', dryRun: true, title: 'harbour' });
  const names = touched.map(({ kind, id: item }) => `${kind} ${item}`);
  expect(names).toEqual(expect.arrayContaining([`model ${id}`, 'run run_fit', 'take tak_fitted']));
  const whole = await withdraw(context, { territory: 'world', dryRun: true, grant: 'g-whole' });
  expect(whole.touched.map(({ id: item }) => item)).toContain(id);
});

it('after it no job reads what such a run has left, also where nobody has used it before', async () => {
  const other = join(context.paths.runs, 'run_fit', 'upscaler');
  const before = clearJob(context.db, encoding(other));
  await expect(before).rejects.not.toMatchObject({ code: 'blocked' });
  await withdraw(context, { territory: 'world', dryRun: false, title: 'harbour' });
  const after = clearJob(context.db, encoding(other));
  await expect(after).rejects.toMatchObject({ code: 'blocked', message: expect.stringContaining('run_fit') });
});
