import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { withdraw } from './withdraw.ts';
import { fillWorkspace } from './withdrawn.test-support.ts';

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
});
afterAll(() => close());

const revoking = (title: string) => withdraw(context, { territory: 'world', dryRun: false, title });
const folder = (name: string) => join(context.paths.datasets, name);

it('clips, and what trials learned, go where they lie, also in a workspace that was copied from where it was made', async () => {
  const { datasetSnapshots } = tables;
  const was = { path: '/elsewhere/workspace/datasets/harbour' };
  await context.db.update(datasetSnapshots).set(was).where(eq(datasetSnapshots.id, 'dst_harbour'));
  const learned = { path: '/elsewhere/workspace/runs/run_trial/adapter' };
  await context.db.update(tables.trainModels).set(learned).where(eq(tables.trainModels.id, 'mdl_trial'));
  const { purged, trials } = await revoking('harbour');
  expect([purged, trials]).toEqual([['dst_harbour'], ['mdl_trial']]);
  expect((await readdir(folder('harbour'))).sort()).toEqual(['deletion.json', 'snapshot.json']);
  const run = join(context.paths.runs, 'run_trial');
  expect((await readdir(run)).sort()).toEqual(['deletion.json', 'outcome.json']);
});

it('what lies in the workspace that it was copied from stays there, and is a task', async () => {
  const there = await mkdtemp(join(tmpdir(), 'backlot-'));
  const original = join(there, 'quarry');
  await mkdir(original);
  await writeFile(join(original, 'manifest.jsonl'), 'of the other workspace');
  const { datasetSnapshots } = tables;
  const was = await context.db
    .update(datasetSnapshots)
    .set({ path: original })
    .where(eq(datasetSnapshots.id, 'dst_quarry'))
    .returning();
  expect(was).toHaveLength(1);
  const { tasks } = await revoking('quarry');
  expect(await readdir(original)).toEqual(['manifest.jsonl']);
  expect((await readdir(folder('quarry'))).sort()).toEqual(['deletion.json', 'snapshot.json']);
  const task = tasks.find(({ subject }) => subject === `export ${original}`);
  expect(task?.what).toContain('withdraw there too');
  await rm(there, { recursive: true });
});

it('a link that leads nowhere, or elsewhere, goes as a link and keeps nothing from going', async () => {
  const kept = join(context.paths.root, 'ledger.json');
  await symlink(join(context.paths.root, 'nothing'), join(folder('quarry'), 'shard-00000.u8'));
  await symlink(kept, join(folder('quarry'), 'shard-00001.u8'));
  await revoking('quarry');
  expect((await readdir(folder('quarry'))).sort()).toEqual(['deletion.json', 'snapshot.json']);
  expect(existsSync(kept)).toBe(true);
});
