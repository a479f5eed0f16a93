import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { testContext } from '../../../test/support/context.ts';
import { tables } from '../../db/index.ts';
import type { Context } from '../../jobs/index.ts';
import { NEWEST_RULE } from '../statement-rules.ts';
import { fillAccounts, ledgerFile, recordLedger } from './accounts.test-support.ts';
import { givenFilms } from './given.ts';
import { ledgersThen } from './ledgers.ts';

/** A period may have thousands of takes, and many ledgers in which the parties and titles have other names. */

let context: Context;
let close: () => Promise<void>;
const period = { from: '2026-02-01T00:00:00.000Z', until: '2026-03-01T00:00:00.000Z' };
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillAccounts(context);
  const named = (name: string) => ({
    ...ledgerFile,
    parties: (ledgerFile.parties ?? []).map((party) => (party.id === 'ann' ? { ...party, name } : party)),
  });
  await recordLedger(context, named('Zoe Example'));
  await recordLedger(context, named('Amy Example'));
  await recordedOn(['2026-01-01', '2026-02-10', '2026-02-20']);
});
afterAll(() => close());

/** Records keep the moment they were written at: here it is one of these days. */
async function recordedOn(days: readonly string[]): Promise<void> {
  await context.db.execute('alter table rights_ledgers disable trigger user');
  for (const [i, day] of days.entries())
    await context.db.execute(`update rights_ledgers set recorded_at = '${day}T12:00:00.000500Z' where seq =
      (select seq from rights_ledgers order by seq offset ${i} limit 1)`);
  await context.db.execute('alter table rights_ledgers enable trigger user');
}

async function takesOn(day: number, many: number): Promise<void> {
  const sha256 = Buffer.from('harbour').toString('hex').padEnd(64, '0');
  const references = [{ role: 'video', path: '/masters/harbour.mp4', sha256 }];
  const brief = { id: 'b', text: '', adapters: [], references };
  const files = { rawPath: '', rawSha256: '', videoPath: '' };
  const rows = Array.from({ length: many }, (_, i) => ({
    ...{
      id: `tak_${day}_${i}`,
      briefId: 'b',
      brief,
      modelId: 'mdl_1',
      runId: 'run_2',
      candidate: i,
      seed: i,
    },
    ...{ ...files, videoSha256: hashOf(`${day} ${i}`) },
    madeAt: new Date(Date.UTC(2026, 1, day, 12, 0, 0, i)),
  }));
  await context.db.insert(tables.generateTakes).values(rows);
}

const asked = () =>
  givenFilms(context.db, period, { asOf: undefined, rule: NEWEST_RULE }, ledgersThen(context.db));

it('of takes in no order each counts by the ledger that was in force when it was made', async () => {
  for (const day of [25, 5, 15]) await takesOn(day, 1);
  // Made within the millisecond in which a ledger was recorded, and before it.
  await takesOn(20, 1);
  const { given, names } = await asked();
  expect(given.map(({ take, holders }) => [take, holders.title?.id, holders.performers]).sort()).toEqual([
    ['tak_15_0', 'harbour', ['ann']],
    ['tak_20_0', 'harbour', ['ann']],
    ['tak_25_0', 'harbour', ['ann']],
    ['tak_5_0', 'harbour', ['ann']],
  ]);
  expect(names.get('ann')).toBe('Amy Example');
  expect(names.get('heirs')).toBe('Heirs < Example & Sons');
});

it('asks the database no more often for many takes than for few', async () => {
  const questions = async () => {
    const spy = vi.spyOn(context.db.$client, 'query');
    await asked();
    const { length } = spy.mock.calls;
    spy.mockRestore();
    return length;
  };
  const few = await questions();
  for (const day of [6, 16, 26]) await takesOn(day, 40);
  expect((await asked()).given).toHaveLength(124);
  expect(await questions()).toBe(few);
});
