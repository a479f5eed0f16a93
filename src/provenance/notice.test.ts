import { expect, test } from 'vitest';
import { operations } from './operations.ts';
import type { Task } from './schema.ts';

const shown = (name: string, answer: unknown): string => {
  const show = operations.find((operation) => operation.name === name)?.show as (answer: unknown) => string;
  return show(answer);
};

const task: Task = {
  ...{ id: 'tsk_1', withdrawal: 'titles/harbour', subject: 'model mdl_1', what: 'Retire it.' },
  ...{ due: '2026-12-01T00:00:00.000Z', done: null },
};

test.each([[[]], [[task, task]]])(
  'a list of tasks says once that it is not legal advice, however long',
  (tasks) => {
    const said = shown('provenance.tasks', { tasks, notice: 'This is not legal advice.' });
    expect(said.match(/legal advice/g)).toHaveLength(1);
  },
);

const notice = 'This is not legal advice.';
const declaration = { takes: [], answers: [], note: null, deliveredAt: task.due, deliveredBy: 'Lea', notice };
const delivery = { id: 'dlv_1', path: 'out', digest: 'a', declaration, withdrawn: [] };
test.each([
  ['provenance.settle', { ...task, done: { at: task.due, by: 'Lea', evidence: 'a letter' }, notice }],
  ['provenance.cut', { to: 'selects.otio', takes: ['tak_1'], frames: 25, open: [], notice }],
  [
    'rights.import',
    {
      rows: {},
      changes: {},
      changedRows: [],
      leftOut: { count: 0, rows: [] },
      warnings: [],
      reached: [],
      notLookedUp: ['grants/g1'],
      notice,
    },
  ],
  ['audit.export', { file: 'audit-1.jsonl', seal: 'audit-1.seal.json', rows: 1, head: 'a', notice }],
  ['provenance.deliveries', { deliveries: [], notice }],
  ['provenance.deliveries', { deliveries: [delivery, delivery], notice }],
])('%s says so once', (name, answer) => {
  expect(shown(name, answer).match(/legal advice/g)).toHaveLength(1);
});

const reached = {
  touched: [],
  alike: [],
  permitted: [],
  uncompared: [],
  worded: [],
  counts: {},
  purged: [],
  trials: [],
  cancelled: [],
  atWork: [],
  thumbnails: 0,
};
const row = {
  ...{ row: 'titles/harbour', withdrawn: '2026-11-01T00:00:00Z' },
  ...{ ledger: null, changes: [], replacedBy: [], withIt: [] },
};
const withdrawal = { ...row, ...reached, tasks: [task], notice: 'No legal advice.' };

test('a withdrawal lists its tasks and says so once', () => {
  expect(shown('rights.revoke', withdrawal).match(/legal advice/g)).toHaveLength(1);
});

test('what is withdrawn with a party that withdrew before is told with its own day', () => {
  const ends = '2026-11-20T09:00:00.000Z';
  const withIt = ['approvals/ok', 'consents/c1'].map((named) => ({ row: named, withdrawn: ends }));
  const said = shown('rights.revoke', { ...withdrawal, row: 'parties/gran', ledger: 'ldg_2', withIt });
  expect(said).toContain(`is withdrawn with it from ${ends} on: approvals/ok, consents/c1`);
});
