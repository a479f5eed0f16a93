import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { decideShots } from './bulk.ts';
import { catalogue, forgetLedgers } from './catalogued.test-support.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';

/** What somebody is owed is not made less in place, and neither that nor a ban is left out of a file. */

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
});
afterAll(() => close());
beforeEach(() => forgetLedgers(context));

const importing = (...obligations: object[]) => importingAll({ obligations });

async function importingAll(parts: object): Promise<void> {
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify({ ...clearedFile(), ...parts }));
  await importLedger(context, path);
}

const allowed = async () => {
  const asked = { use: 'train.style', territory: 'world', asOf: '2026-06-01' } as const;
  return (await decideShots(context, asked)).filter(({ outcome }) => outcome === 'ALLOW');
};

const wide = { titles: ['harbour'], uses: ['train.style', 'generate.final'], territories: ['world'] };
const owed = { id: 'o1', kind: 'pay', to: 'nia', ...wide, due: '2026-05-01', amount: '1200.50 EUR' };

const less: [string, object][] = [
  ['kind', { kind: 'notify' }],
  ['to', { to: 'studio' }],
  ['due', { due: '2026-07-01' }],
  ['due', { due: undefined }],
  ['amount', { amount: '1200.00 EUR' }],
  ['amount', { amount: '1200.50 USD' }],
  ['amount', { amount: undefined }],
  ['uses', { uses: ['generate.final'] }],
  ['territories', { territories: ['DE'] }],
  ['until', { until: '2026-05-01' }],
  ['from', { from: '2031-01-01' }],
  ['models', { models: ['wan'] }],
  ['outputs', { outputs: ['ad'] }],
];

test.each(less)('an obligation that asks for less under its id is refused: %s %j', async (field, parts) => {
  await importing(owed);
  expect(await allowed()).toEqual([]);
  await expect(importing({ ...owed, ...parts })).rejects.toMatchObject({
    code: 'ledger-undoes-withdrawal',
    message: expect.stringContaining(`obligations/o1: ${field}: `),
  });
  expect(await allowed()).toEqual([]);
  const replaced = importing(owed, { ...owed, ...parts, id: 'o2', supersedes: 'o1' });
  // Of another kind or to somebody else it is about something else, and from later on it leaves a gap (ADR 0167).
  await (['kind', 'to', 'from'].includes(field) ? expect(replaced).rejects.toThrow('"o2"') : replaced);
});

test('one with a mistake is ended by a row about the same, and a row of its own says what is right', async () => {
  await importing(owed);
  const ended = { ...owed, id: 'o2', until: '2020-01-01', supersedes: 'o1' };
  await importing(owed, ended, { ...owed, id: 'o3', to: 'studio', done: '2026-04-01' });
  expect(await allowed()).toHaveLength(2);
});

test('more is asked for, and what was done is recorded, in place', async () => {
  await importing(owed);
  await importing({ ...owed, uses: 'all', due: '2026-04-01', amount: '1300 EUR' });
  expect(await allowed()).toEqual([]);
  await importing({ ...owed, uses: 'all', due: '2026-04-01', amount: '1300 EUR', done: '2026-04-01' });
  expect(await allowed()).toHaveLength(2);
});

const ban = { id: 'r1', ...wide, imposedBy: 'nia', reason: 'no' };

test.each([
  ['restrictions', ban],
  ['obligations', owed],
] as const)(
  '%s that a file leaves out are not lifted: it is refused, and names the row',
  async (section, row) => {
    await importingAll({ [section]: [row] });
    await expect(importingAll({})).rejects.toMatchObject({
      code: 'ledger-undoes-withdrawal',
      message: expect.stringContaining(`left out:\n  ${section}/${row.id}: in force`),
    });
    expect(await allowed()).toEqual([]);
  },
);

test('a ban is lifted by a row that names it and says when it ended, which stays in its turn', async () => {
  await importingAll({ restrictions: [ban] });
  const ended = { ...ban, id: 'r2', until: '2026-05-01', supersedes: 'r1' };
  await importingAll({ restrictions: [ban, ended] });
  expect(await allowed()).toHaveLength(2);
  await importingAll({ restrictions: [ban, ended], obligations: [] });
  await expect(importingAll({})).rejects.toThrow('restrictions/r2: in force');
});
