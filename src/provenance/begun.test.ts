import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { interrupted } from './interrupted.test-support.ts';
import { listTasks } from './tasks.ts';
import { withdraw } from './withdraw.ts';
import { fillWorkspace } from './withdrawn.test-support.ts';

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
});
afterAll(() => close());

const input = { territory: 'world', dryRun: false, title: 'harbour' };
const killed = () => Promise.reject(new Error('killed'));
const unended = async () =>
  (await listTasks(context.db)).filter(({ subject }) => subject.startsWith('withdrawal '));

it('a withdrawal that is killed once it has blocked, before the ledger is changed, is a task that is due at once', async () => {
  const at = interrupted(context, killed, 2);
  at.arm();
  await expect(withdraw(at.context, input)).rejects.toThrow('killed');
  const [task] = await unended();
  expect(task).toMatchObject({ subject: 'withdrawal titles/harbour', withdrawal: 'titles/harbour' });
  expect(task?.what).toContain('`backlot rights revoke --title harbour`');
  expect(Date.parse(task?.due ?? '')).toBeLessThanOrEqual(Date.now());
});

it('which is gone when it is given again and ends; one that ends at once leaves none', async () => {
  const { tasks } = await withdraw(context, input);
  expect(tasks.map(({ subject }) => subject)).not.toContain('withdrawal titles/harbour');
  expect(await unended()).toEqual([]);
  await withdraw(context, { territory: 'world', dryRun: false, party: 'ann' });
  expect(await unended()).toEqual([]);
});
