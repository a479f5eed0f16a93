import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { refuseBlocked } from '../train/index.ts';
import { withdraw } from './withdraw.ts';
import { addGivenTake, fillWorkspace } from './withdrawn.test-support.ts';

/** Runs that drew takes which were given something of what is withdrawn. */

let workspace: Awaited<ReturnType<typeof testContext>>;
beforeAll(async () => {
  workspace = await testContext();
  await fillWorkspace(workspace.context);
});
afterAll(() => workspace.close());

it('a run that drew a take which was given a film is reached, blocked and left to people with its raw frames', async () => {
  const { db, paths } = workspace.context;
  await mkdir(join(paths.runs, 'run_2'), { recursive: true });
  await writeFile(join(paths.runs, 'run_2', 'job.json'), JSON.stringify({ kind: 'generate' }));
  await mkdir(join(paths.runs, 'run_crisp_2'), { recursive: true });
  const takes = { path: join(paths.runs, 'run_2', 'takes.jsonl'), sha256: 'f'.repeat(64) };
  await writeFile(join(paths.runs, 'run_crisp_2', 'job.json'), JSON.stringify({ kind: 'upscale', takes }));
  await addGivenTake(workspace.context, 'tak_shown', 'harbour.mp4');
  const { touched, tasks } = await withdraw(workspace.context, {
    ...{ title: 'harbour', territory: 'world', dryRun: false },
  });
  expect(touched).toContainEqual({ kind: 'run', id: 'run_2', via: 'tak_shown' });
  expect(touched).toContainEqual({ kind: 'run', id: 'run_crisp_2', via: 'run_2' });
  expect(tasks.find(({ subject }) => subject === 'run run_2')?.what).toContain('raw frames');
  await expect(refuseBlocked(db, [{ kind: 'run', id: 'run_2' }])).rejects.toMatchObject({ code: 'blocked' });
});
