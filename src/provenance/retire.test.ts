import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Job } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { operations as train } from '../train/operations.ts';
import { modelsWithStanding } from '../train/standing.ts';
import { auditReport } from './audit.ts';
import { clearJob } from './clear.ts';
import { retireModel } from './retire.ts';
import { listTasks } from './tasks.ts';
import { withdraw } from './withdraw.ts';
import { taskWords } from './withdrawal-words.ts';
import { fillWorkspace, hashOf } from './withdrawn.test-support.ts';

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
});
afterAll(() => close());

const input = (id: string) => ({ path: `/models/${id}`, sha256: hashOf(id) });
const drawing = (base: string, ...adapters: string[]) =>
  clearJob(context.db, {
    ...{ kind: 'generate', base: input(base), adapters: adapters.map((id) => ({ ...input(id), weight: 1 })) },
  } as unknown as Job);

it('a model that is retired draws no more, with who retired it and why, nor does what was trained from it', async () => {
  const said = { model: 'mdl_whole', reason: 'letter of 3 May', by: 'Ada' };
  const tried = await retireModel(context, { ...said, dryRun: true });
  const retired = await retireModel(context, { ...said, dryRun: false });
  expect(tried).toEqual({ ...retired, retired: false });
  expect(retired.models).toEqual([
    { id: 'mdl_whole', via: null },
    { id: 'mdl_heir', via: 'mdl_whole' },
  ]);
  for (const job of [drawing('mdl_whole'), drawing('mdl_base', 'mdl_heir')])
    await expect(job).rejects.toMatchObject({
      code: 'model-retired',
      message: expect.stringContaining('by Ada: letter of 3 May'),
    });
  expect(await drawing('mdl_base', 'mdl_quarry')).toEqual([]);
  const { listed } = await auditReport(context, 3);
  const rows = listed.filter(({ what }) => what === 'provenance.retire');
  expect(rows.map(({ subject }) => subject)).toEqual(['mdl_whole', 'mdl_heir']);
});

it('the list of models calls those that are out of use so, and no other', async () => {
  const listing = train.find(({ name }) => name === 'models');
  const models = await modelsWithStanding(context.db);
  expect(await listing?.handler(context, {})).toEqual({ models });
  const retired = models.filter((model) => model.retired !== null);
  expect(retired.map(({ id }) => id).sort()).toEqual(['mdl_heir', 'mdl_whole']);
  expect(retired[0]?.retired).toMatchObject({ by: 'Ada', reason: 'letter of 3 May' });
  const words = listing?.show?.({ models }) ?? '';
  expect(words.match(/ {2}RETIRED \d{4}-\d\d-\d\d by Ada: letter of 3 May/g)).toHaveLength(2);
  expect(words).not.toContain('BLOCKED');
});

it('a model is retired once, and one that nobody knows not at all', async () => {
  const again = { model: 'mdl_heir', reason: 'again', dryRun: false };
  await expect(retireModel(context, again)).rejects.toMatchObject({ code: 'model-retired' });
  const none = retireModel(context, { ...again, model: 'mdl_none' });
  await expect(none).rejects.toMatchObject({ code: 'no-such-model' });
});

it('a withdrawal asks to retire by the command that does it, which settles that task', async () => {
  await withdraw(context, { title: 'harbour', territory: 'world', dryRun: false });
  const open = async () =>
    (await listTasks(context.db)).find(({ subject }) => subject === 'model mdl_harbour');
  const task = await open();
  expect(task?.what).toContain('`backlot provenance retire mdl_harbour --reason "..."`');
  expect(task && taskWords({ tasks: [task] })).toContain(
    'mdl_harbour, for the withdrawal of titles/harbour. Retire',
  );
  const late = (task && taskWords({ tasks: [{ ...task, due: '2026-01-31T12:00:00.000Z' }] })) ?? '';
  expect(late).toContain(`${task?.id}  overdue since 2026-01-31: model mdl_harbour`);
  const retired = await retireModel(context, {
    ...{ model: 'mdl_harbour', reason: 'withdrawn', dryRun: false },
  });
  expect(retired.settled).toEqual([task?.id]);
  expect(await open()).toBeUndefined();
  await expect(drawing('mdl_base', 'mdl_harbour')).rejects.toMatchObject({ code: 'model-retired' });
  const listed = (await modelsWithStanding(context.db)).find(({ id }) => id === 'mdl_harbour');
  expect(listed).toMatchObject({
    retired: { reason: 'withdrawn' },
    blocked: [{ row: 'titles/harbour' }],
  });
});
