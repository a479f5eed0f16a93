import { describe, expect, test } from 'vitest';
import { chainOf, holdersOf, sharesAt } from './chain.ts';
import { decide } from './decide.ts';
import { asking, clearedFile, ledgerWith } from './ledgers.test-support.ts';
import { spanOf } from './moments.ts';
import type { LedgerTitle } from './schema.ts';

type Chain = NonNullable<LedgerTitle['chain']>;

const sold = (on?: string, parts: Partial<Chain[number]> = {}): Chain[number] => ({
  ...{ from: 'maker', to: 'studio', share: '100%', on },
  ...parts,
});

const title = (...chain: Chain) => ({
  ...{ id: 'harbour', name: 'Harbour', files: ['harbour.mp4'], chain },
  shares: [{ party: 'studio', share: '100%' }],
});

const deciding = (chain: Chain, asOf = '2026-05-01', parts: Parameters<typeof ledgerWith>[0] = {}) =>
  decide(asking({ asOf, ledger: ledgerWith({ titles: [title(...chain)], ...parts }) }));

describe('a chain of title', () => {
  test('says who held what when, back from the shares', () => {
    const half = title(
      sold('2026-06-01', { share: '50%' }),
      sold('2025-01-01', { share: '1/2', from: 'heirs' }),
    );
    const at = (day: string) => holdersOf(chainOf(half), spanOf(day)).sort();
    expect(at('2026-06-01')).toEqual(['studio']);
    expect(at('2026-05-31')).toEqual(['maker', 'studio']);
    expect(at('2024-12-31')).toEqual(['heirs', 'maker']);
    expect(at('2025-01-01')).toEqual(['maker', 'studio']);
  });

  test('says how much everybody held then, and nothing where nobody can have', () => {
    const half = title(
      sold('2026-06-01', { share: '50%' }),
      sold('2025-01-01T00:00:00Z', { share: '1/3', from: 'heirs' }),
    );
    expect(sharesAt(half, '2026-06-01')).toEqual(half.shares);
    expect(sharesAt(half, '2025-01-01T00:00:00Z')).toEqual([
      { party: 'studio', share: '1/2' },
      { party: 'maker', share: '1/2' },
    ]);
    expect(sharesAt(half, '2024-12-31')).toEqual([
      { party: 'studio', share: '1/6' },
      { party: 'maker', share: '1/2' },
      { party: 'heirs', share: '1/3' },
    ]);
    expect(sharesAt(title(sold('2026-06-01')), '2026-01-01')).toEqual([{ party: 'maker', share: '100%' }]);
    expect(sharesAt(title(sold('2026-06-01', { to: 'other' })), '2026-01-01')).toEqual([]);
  });

  test('asks both where it changes hands within the day', () => {
    expect(holdersOf(chainOf(title(sold('2026-05-01T12:00:00Z'))), spanOf('2026-05-01')).sort()).toEqual([
      'maker',
      'studio',
    ]);
    expect(holdersOf(chainOf(title(sold('2026-05-01T12:00:00Z'))), spanOf('2026-05-01T12:00:00Z'))).toEqual([
      'studio',
    ]);
  });

  test('contradicts shares that nobody can have come by', () => {
    const broken = (...chain: Chain) => chainOf(title(...chain)).broken;
    expect(broken(sold('2020-01-01'), sold('2021-01-01', { from: 'studio', to: 'maker' }))).toBe(true);
    expect(broken(sold(undefined, { to: 'other' }))).toBe(true);
    expect(broken(sold(undefined, { from: 'a', to: 'maker' }), sold('2020-01-01'))).toBe(false);
    expect(broken(sold('2020-01-01', { from: 'a', to: 'maker' }), sold('2020-01-01'))).toBe(false);
  });
});

describe('a grant', () => {
  test('clears from the day on which its grantor holds the title, and not before', () => {
    expect(deciding([sold('2026-05-01')]).outcome).toBe('ALLOW');
    expect(deciding([sold('2026-05-02')])).toMatchObject({
      ...{ outcome: 'EXCLUDE', grants: [], nearestMiss: null },
      reasons: [{ rule: 'no_grant', row: 'titles/harbour' }],
    });
  });

  test('of the one who held it before clears until then', () => {
    const [g1] = clearedFile().grants ?? [];
    const grants = [{ ...g1, id: 'old', grantor: 'maker' } as NonNullable<typeof g1>];
    const parties = [
      ...(clearedFile().parties ?? []),
      { id: 'maker', kind: 'org' as const, name: 'The Maker' },
    ];
    expect(deciding([sold('2026-05-02')], '2026-05-01', { grants, parties }).outcome).toBe('ALLOW');
    expect(deciding([sold('2026-05-02')], '2026-05-02', { grants, parties }).outcome).toBe('EXCLUDE');
  });

  test('of an owner whose chain contradicts the shares waits for a person', () => {
    const chain = [sold('2020-01-01'), sold('2021-01-01', { from: 'studio', to: 'maker' })];
    expect(deciding(chain).reasons.map(({ rule }) => rule)).toEqual(['chain_of_title']);
    expect(deciding(chain).outcome).toBe('REVIEW');
  });
});
