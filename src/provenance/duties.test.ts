import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { importLedger } from '../rights/index.ts';
import { listDuties } from './duties.ts';
import { dutiesWords } from './duty-words.ts';
import { listTasks, settleTask } from './tasks.ts';
import { withdraw } from './withdraw.ts';
import { fillWorkspace } from './withdrawn.test-support.ts';

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  const file = join(context.paths.root, 'ledger.json');
  const owed = { titles: ['quarry'], uses: ['generate.temp'], territories: ['world'] };
  const ledger = JSON.parse(await readFile(file, 'utf8'));
  const obligations = [
    { id: 'pay-ann', kind: 'pay', to: 'ann', amount: '1200.50 EUR', due: '2026-01-31', ...owed },
    { id: 'ask-bob', kind: 'consult', to: 'bob', due: '2999-01-31', ...owed },
  ];
  await writeFile(file, JSON.stringify({ ...ledger, obligations }));
  await importLedger(context, file);
});
afterAll(() => close());

it('what the ledger owes and what a withdrawal has left stand in one list, overdue first', async () => {
  await withdraw(context, { title: 'harbour', territory: 'world', dryRun: false });
  const tasks = await listTasks(context.db);
  const listed = await listDuties(context, { all: false });
  expect(listed.duties.map(({ of }) => of)).toEqual([
    'obligations/pay-ann',
    ...tasks.map(({ id }) => id).sort(),
    'obligations/ask-bob',
  ]);
  expect([listed.overdue, listed.open]).toEqual([1, tasks.length + 1]);
  const words = dutiesWords(listed);
  expect(words).toMatch(/^On \d{4}-\d\d-\d\d: 1 overdue, \d+ more open \(ledger ldg_/);
  expect(words).toMatch(
    /\nOVERDUE \d+ days, 2026-01-31 +pay 1200.50 EUR to Ann Example; quarry, for generate.temp; shots wait for it \(obligations\/pay-ann\)\n/,
  );
  expect(words.match(/not legal advice/g)).toHaveLength(1);
});

it('a task is overdue once its day has passed, and one that is settled is told with its evidence if asked', async () => {
  const [task] = await listTasks(context.db);
  const late = await listDuties(context, { all: false, asOf: '2990-01-01' });
  expect(late.duties.find(({ of }) => of === task?.id)?.state).toBe('overdue');
  await settleTask(context, { task: task?.id ?? '', evidence: 'letter of 3 May', by: 'Ada' });
  const open = await listDuties(context, { all: false });
  expect(open.duties.some(({ of }) => of === task?.id)).toBe(false);
  const all = await listDuties(context, { all: true });
  expect(all.duties.at(-1)).toMatchObject({ of: task?.id, state: 'done', done: { by: 'Ada' } });
  expect(dutiesWords(all)).toContain('letter of 3 May');
});
