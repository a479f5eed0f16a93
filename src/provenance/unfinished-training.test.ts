import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { withdraw } from './withdraw.ts';
import { fillWorkspace, hashOf } from './withdrawn.test-support.ts';

/** Trainings that learned from what was withdrawn, and left no model of which people could decide. */

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  await addRun('run_stopped', 'train', { checkpoint: true, outcome: true });
  await addRun('run_stopped.attempt-1', 'train', { checkpoint: true, outcome: true });
  await addRun('run_working', 'train', { checkpoint: false, outcome: false });
  await addRun('run_early', 'train', { checkpoint: false, outcome: true });
  await addRun('run_timed', 'preflight', { checkpoint: false, outcome: false });
  // The trial of the forecast is a model, whose weights go at once.
  await addRun('run_trial', 'train', { checkpoint: true, outcome: true });
});
afterAll(() => close());

async function addRun(
  id: string,
  kind: string,
  { checkpoint, outcome }: { checkpoint: boolean; outcome: boolean },
): Promise<void> {
  const folder = join(context.paths.runs, id);
  await mkdir(checkpoint ? join(folder, 'checkpoints', 'step-000002') : folder, { recursive: true });
  const dataset = { path: join(context.paths.datasets, 'harbour'), digest: hashOf('harbour\n') };
  await writeFile(join(folder, 'job.json'), JSON.stringify({ kind, dataset }));
  if (outcome) await writeFile(join(folder, 'outcome.json'), '{}');
}

it('checkpoints of a training that was stopped, or is being stopped, are a task where no model was kept', async () => {
  const { tasks } = await withdraw(context, { territory: 'world', dryRun: false, title: 'harbour' });
  const left = tasks.filter(({ what }) => what.includes('in its checkpoints. Delete its folder'));
  expect(left.map(({ subject }) => subject).sort()).toEqual([
    'run run_stopped',
    'run run_stopped.attempt-1',
    'run run_working',
  ]);
});
