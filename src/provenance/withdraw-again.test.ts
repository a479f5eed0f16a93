import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { importLedger, type RevokeInput } from '../rights/index.ts';
import { revoke } from '../rights/revoke.ts';
import { listTasks, settleTask } from './tasks.ts';
import { withdraw } from './withdraw.ts';
import { fillWorkspace } from './withdrawn.test-support.ts';

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
});
afterAll(() => close());

const withdrawing = (target: Partial<RevokeInput>) =>
  withdraw(context, { territory: 'world', dryRun: false, ...target });

/** Imports the workspace's ledger anew, with its grants as `change` leaves them. */
async function importGrants(change: (grants: { id: string }[]) => object[]): Promise<void> {
  const file = join(context.paths.root, 'ledger.json');
  const ledger = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...ledger, grants: change(ledger.grants) }));
  await importLedger(context, file);
}

it('follows a row that the imported file says is withdrawn', async () => {
  await importGrants((grants) =>
    grants.map((row) => (row.id === 'g-quarry' ? { ...row, withdrawn: '2026-01-01' } : row)),
  );
  const { purged, withdrawn } = await withdrawing({ grant: 'g-quarry' });
  expect([purged, withdrawn]).toEqual([['dst_quarry'], '2026-01-01']);
  expect(await readdir(join(context.paths.datasets, 'quarry'))).not.toContain('manifest.jsonl');
});

it('follows a grant that a later import no longer has', async () => {
  await importGrants((grants) => grants.filter(({ id }) => id !== 'g-harbour'));
  const { purged, touched } = await withdrawing({ grant: 'g-harbour' });
  expect([purged, touched[0]?.via]).toEqual([['dst_harbour'], 'grants/g-harbour, shot sht_harbour-0']);
});

it('finishes a withdrawal that was stopped after the ledger was changed', async () => {
  await revoke(
    context,
    { territory: 'world', dryRun: false, title: 'harbour' },
    new Date(Date.now() - 1000).toISOString(),
  );
  expect((await withdrawing({ title: 'harbour' })).purged).toEqual(['dst_harbour']);
});

it('given again tells the tasks as they stand: with their first day, and what is settled', async () => {
  const first = await withdrawing({ title: 'harbour' });
  const [task] = first.tasks;
  await settleTask(context, { task: task?.id ?? '', evidence: 'a letter', by: 'Lea Counsel' });
  const again = await withdrawing({ title: 'harbour' });
  expect(again.tasks.map(({ id, due }) => [id, due])).toEqual(first.tasks.map(({ id, due }) => [id, due]));
  expect(again.tasks[0]?.done).toMatchObject({ by: 'Lea Counsel' });
  const recorded = (await listTasks(context.db, true)).filter(
    ({ withdrawal }) => withdrawal === 'titles/harbour',
  );
  expect(recorded).toHaveLength(first.tasks.length);
});

it('goes on with a purge that was stopped half-way, and its records still say what was there first', async () => {
  const places = [join(context.paths.datasets, 'harbour'), join(context.paths.runs, 'run_trial')];
  const left = join('checkpoints', 'left.bin');
  for (const [place, name] of [
    [places[0], 'left.bin'],
    [places[1], left],
  ] as const) {
    await mkdir(dirname(join(place ?? '', name)), { recursive: true });
    await writeFile(join(place ?? '', name), 'left');
  }
  await withdrawing({ title: 'harbour' });
  const names = await Promise.all(places.map(recordedIn));
  expect(names).toEqual([
    ['manifest.jsonl', 'left.bin'],
    ['adapter/weights.safetensors', 'checkpoints/step-000001/weights.safetensors', left],
  ]);
});

async function recordedIn(place: string): Promise<string[]> {
  const { payload } = JSON.parse(await readFile(join(place, 'deletion.json'), 'utf8'));
  const { files } = JSON.parse(Buffer.from(payload, 'base64').toString());
  return files.map(({ name }: { name: string }) => name);
}
