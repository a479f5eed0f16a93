import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { successorsOf } from './chain.ts';
import { exclusiveProblems, isKept } from './exclusive-problems.ts';
import { clearedFile, ledgerWith } from './ledgers.test-support.ts';
import { readLedger } from './read.ts';
import { refusal } from './refusals.test-support.ts';
import type { LedgerFile } from './schema.ts';

/** The seller owned Harbour and permitted its training to a streaming house alone; then the studio bought it and permits it to its own house. */

const file = clearedFile();
const [harbour, g1] = [file.titles?.[0], file.grants?.[0]];
const sale = { from: 'seller', to: 'studio', share: '100%' };
const sole = {
  ...{
    id: 'sole',
    grantor: 'seller',
    grantee: 'streamer',
    titles: ['harbour'],
    uses: ['train.style' as const],
  },
  ...{ territories: ['world'], until: '2030-12-31', exclusive: true, evidence: { agreement: 'deal' } },
};

/** @param signed on which day the seller's deal was; none: nobody says */
function soldLedger(
  change: { sole?: object; own?: object; chain?: object[]; signed?: string | undefined } = {},
): LedgerFile {
  const chain = change.chain ?? [{ ...sale, on: '2025-06-01' }];
  const signed = 'signed' in change ? change.signed : '2024-02-01';
  const parties = ['seller', 'streamer', 'agent'].map((id) => ({ id, kind: 'org', name: id }));
  const deal = { id: 'deal', name: 'Deal', kind: 'contract', parties: ['seller'], sha256: 'a'.repeat(64) };
  return {
    ...file,
    parties: [...(file.parties ?? []), ...parties],
    titles: [{ ...harbour, chain }],
    agreements: [{ ...deal, ...(signed === undefined ? {} : { signed }) }],
    grants: [
      { ...sole, ...change.sole },
      { ...g1, ...change.own },
    ],
  } as LedgerFile;
}

const meets = (change?: Parameters<typeof soldLedger>[0]): boolean =>
  exclusiveProblems(soldLedger(change), Date.parse('2026-05-01T12:00:00Z')).length > 0;

test('an exclusive grant that the seller of a title gave is told beside what who bought it permits to another', () => {
  const lines = refusal(stringify(soldLedger())).filter((line) => line.startsWith('line '));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(
    'expected nothing that seller permits by the exclusive grant "sole", which goes on after harbour came to studio, found the same permitted by "g1"',
  );
  expect(lines[0]).toContain('its until is the day before the sale');
});

test('and is not where the sale ended it', () => {
  expect(readLedger(stringify(soldLedger({ sole: { until: '2025-05-31' } })), 'a.yaml').grants).toHaveLength(
    2,
  );
});

describe('the exclusive grant of a seller meets the grant of who bought the title', () => {
  const on = (day: string | undefined) => ({ signed: day });
  test.each([
    ['given on the day of the sale', on('2025-06-01'), true],
    ['given after it', on('2025-06-02'), false],
    ['given nobody knows when', on(undefined), true],
    ['given without a paper', { sole: { evidence: undefined } }, true],
    ['given before a sale of which no day is known', { chain: [sale] }, true],
    ['withdrawn', { sole: { withdrawn: '2026-01-01' } }, false],
    ['not exclusive', { sole: { exclusive: false } }, false],
    ['for another use', { sole: { uses: ['distil'] } }, false],
    ['to whom the other permits it too', { sole: { grantee: 'studio' }, own: { grantee: 'studio' } }, false],
    ['to who bought the title', { sole: { grantee: 'studio' } }, false],
    ['beside a grant that ended before the sale', { own: { until: '2025-05-31' } }, false],
    ['beside a grant that begins when it has ended', { own: { from: '2031-01-01' } }, false],
    ['beside an exclusive grant to another', { own: { exclusive: true, grantee: 'agent' } }, true],
  ])('%s', (_, change, expected) => {
    expect(meets(change)).toBe(expected);
  });

  test('through all who had the title between them, of whom one bought it before the grant', () => {
    const steps = (first: string, second: string) => [
      { ...sale, to: 'agent', on: first },
      { ...sale, from: 'agent', on: second },
    ];
    expect(meets({ chain: steps('2025-01-01', '2025-06-01') })).toBe(true);
    expect(meets({ chain: steps('2025-06-01', '2025-06-01') })).toBe(true);
    expect(meets({ chain: steps('2023-01-01', '2025-06-01') })).toBe(false);
    expect(meets({ chain: steps('2025-06-01', '2025-01-01') })).toBe(false);
  });

  test('and not that of who owned the rest of it all the time', () => {
    const chain = [{ ...sale, to: 'agent', share: '50%', on: '2025-06-01' }];
    const shares = [
      { party: 'studio', share: '50%' },
      { party: 'agent', share: '50%' },
    ];
    const ledger = soldLedger();
    const titles = ledger.titles?.map((title) => ({ ...title, shares, chain }));
    expect(exclusiveProblems({ ...ledger, titles })).toEqual([]);
  });
});

test('nobody is asked for a grant that an import would refuse beside that of the seller', () => {
  const { titles, agreements, grants } = ledgerWith(soldLedger());
  const asked = { ...g1, id: '', grantee: 'studio' } as (typeof grants)[number];
  const others = { titles, agreements, grants: grants.filter(({ id }) => id === 'sole') };
  expect(isKept(asked, others)).toBe(true);
  expect(isKept(asked, { ...others, titles: titles.map((title) => ({ ...title, chain: [] })) })).toBe(false);
});

test('who came to hold what somebody held of a title, and since when at the earliest', () => {
  const at = (day: string) => Date.parse(day);
  const step = (from: string, to: string, on?: string) => ({ from, to, share: '50%', ...(on ? { on } : {}) });
  const chain = [step('a', 'b', '2020-01-01'), step('b', 'c'), step('b', 'a', '2021-01-01'), step('d', 'e')];
  expect([...successorsOf({ chain }, 'a', at('2019-01-01'))]).toEqual([
    ['b', at('2020-01-01')],
    ['c', at('2020-01-01')],
  ]);
  expect([...successorsOf({ chain }, 'a', at('2020-01-02'))]).toEqual([]);
  expect([...successorsOf({}, 'a', Number.NEGATIVE_INFINITY)]).toEqual([]);
});
