import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { modelsUsed } from '../generate/undeclared.ts';
import { modelIds } from './items.ts';
import { withdraw } from './withdraw.ts';
import { fillWorkspace, hashOf } from './withdrawn.test-support.ts';

let workspace: Awaited<ReturnType<typeof testContext>>;
const digest = hashOf('the same clips');
const weights = hashOf('the same weights');
const folder = (name: string) => join(workspace.context.paths.datasets, `same-${name}`);

/** The same clips frozen for each, a run on each, its model of the same weights, and a run that reads that one. */
beforeAll(async () => {
  workspace = await testContext();
  await fillWorkspace(workspace.context);
  for (const name of ['bob', 'nobody']) await addFrozen(name);
  await addJob('run_moved', { dataset: { path: '/elsewhere', digest } });
});
afterAll(() => workspace.close());

async function addFrozen(name: string): Promise<void> {
  const { db } = workspace.context;
  const options = name === 'bob' ? { use: 'train.performer', performers: ['bob'] } : { use: 'train.style' };
  const row = { id: `dst_${name}`, digest, path: folder(name), record: { options } };
  await db.insert(tables.datasetSnapshots).values(row);
  await addJob(`run_on_${name}`, { dataset: { path: folder(name), digest } });
  const path = join(workspace.context.paths.runs, `run_on_${name}`, 'model');
  const made = { kind: 'adapter', path, sha256: weights, baseId: 'mdl_base', record: {} };
  await db
    .insert(tables.trainModels)
    .values({ id: `mdl_of_${name}`, name, ...made, snapshotId: row.id, runId: `run_on_${name}` });
  await addJob(`run_takes_${name}`, { adapters: [{ path, sha256: weights }] });
}

async function addJob(id: string, job: object): Promise<void> {
  const run = join(workspace.context.paths.runs, id);
  await mkdir(run, { recursive: true });
  await writeFile(join(run, 'job.json'), JSON.stringify({ id, ...job }));
}

const reached = async (target: object) => {
  const { touched } = await withdraw(workspace.context, { ...target, territory: 'world', dryRun: true });
  return touched.flatMap(({ kind, id }) => (kind === 'run' ? [id] : [])).sort();
};

it('a withdrawal by the one whom a dataset is for reaches no run on the same clips that were frozen for others', async () => {
  const all = await reached({ consent: 'bob-agreed' });
  expect(all).not.toContain('run_on_nobody');
  expect(all).not.toContain('run_takes_nobody');
  expect(all).toEqual(['run_moved', 'run_on_bob', 'run_takes_bob']);
});

it('what is blocked by it, and who is asked before takes are drawn, is told by the folder of the model', async () => {
  const { context } = workspace;
  const inputOf = (name: string) => ({
    path: join(context.paths.runs, `run_on_${name}`, 'model'),
    sha256: weights,
  });
  expect(await modelIds(context.db, [inputOf('bob')])).toEqual([{ kind: 'model', id: 'mdl_of_bob' }]);
  expect(await modelIds(context.db, [inputOf('nobody')])).toEqual([{ kind: 'model', id: 'mdl_of_nobody' }]);
  const all = await modelIds(context.db, [{ path: '/moved', sha256: weights }]);
  expect(all.map(({ id }) => id).sort()).toEqual(['mdl_of_bob', 'mdl_of_nobody']);
  const used = async (name: string) => (await modelsUsed(context.db, [inputOf(name)])).map(({ id }) => id);
  expect(await used('nobody')).toEqual(['mdl_base', 'mdl_of_nobody']);
  expect(await used('bob')).toEqual(['mdl_base', 'mdl_of_bob']);
});
