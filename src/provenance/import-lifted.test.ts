import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { currentLedger, importLedger, type Ledger } from '../rights/index.ts';
import { withReach } from './import-reach.ts';
import { fillWorkspace } from './withdrawn.test-support.ts';

let workspace: Awaited<ReturnType<typeof testContext>>;
let held: Ledger;
beforeAll(async () => {
  workspace = await testContext();
  await fillWorkspace(workspace.context);
  held = (await currentLedger(workspace.context.db))?.document as Ledger;
});
afterAll(() => workspace.close());

const reaching = async (...rows: object[]) => {
  const consents = [...held.consents.filter(({ id }) => id !== 'ann-agreed'), ...rows];
  const path = join(workspace.context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify({ ...held, consents }));
  return (await withReach(workspace.context, await importLedger(workspace.context, path))).reached;
};

it('a refusal that consents lift reaches nothing that they permit, and what rests on these once they do not lift it', async () => {
  const agreed = held.consents.find(({ id }) => id === 'ann-agreed') as object;
  const no = {
    ...{ id: 'ann-no', party: 'ann', answer: 'refused' },
    ...{ titles: 'all', uses: ['train.style'], territories: ['world'] },
  };
  const lifting = { ...agreed, on: '2026-03-01', lifts: ['ann-no'] };
  expect(await reaching(no, lifting)).toEqual([]);
  const command = 'backlot rights revoke --party ann --dry-run';
  expect(await reaching(no, agreed)).toMatchObject([
    {
      row: 'consents/ann-no',
      says: 'now refuses what was allowed (ann refused train.style; consents/ann-agreed permits it and does not lift that: what was agreed to since says so by lifts: [ann-no])',
      command,
    },
  ]);
  expect(await reaching(no, lifting)).toEqual([]);
  const anew = { ...no, id: 'ann-never', supersedes: 'ann-no' };
  expect(await reaching(no, lifting, anew)).toMatchObject([{ row: 'consents/ann-never', command }]);
});
