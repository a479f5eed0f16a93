import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { currentLedger, importLedger, type Ledger } from '../rights/index.ts';
import { withReach } from './import-reach.ts';
import { withdraw } from './withdraw.ts';
import { fillWorkspace } from './withdrawn.test-support.ts';

/** What a withdrawal has blocked is not told of as if it went on. */

let workspace: Awaited<ReturnType<typeof testContext>>;
beforeAll(async () => {
  workspace = await testContext();
  await fillWorkspace(workspace.context);
});
afterAll(() => workspace.close());

it('an import that refuses again what a withdrawal has blocked counts only what still goes on', async () => {
  const { context } = workspace;
  await withdraw(context, { territory: 'world', dryRun: false, consent: 'ann-agreed' });
  const held = (await currentLedger(context.db))?.document as Ledger;
  const terms = { uses: ['train.style' as const], territories: ['world'], reason: 'the archive says no' };
  const bans = ['quarry', 'harbour'].map((id) => ({ id: `no-${id}`, titles: [id], ...terms }));
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify({ ...held, restrictions: bans }));
  const { reached } = await withReach(context, await importLedger(context, path));
  // Of the harbour's four models one was drawn on by the quarry's adapter, which is blocked with its takes.
  expect(reached).toMatchObject([{ row: 'restrictions/no-harbour', models: 3, takes: 1 }]);
});
