import { describe, expect, test } from 'vitest';
import { decide, type Question } from './decide.ts';
import { asking, clearedFile, harbourShot, ledgerWith } from './ledgers.test-support.ts';
import type { LedgerFile } from './schema.ts';

const rulesOf = (question: Question) => decide(question).reasons.map(({ rule }) => rule);
const grantWith = (parts: object): LedgerFile['grants'] => [
  { ...clearedFile().grants?.[0], ...parts } as never,
];
const consentWith = (parts: object): LedgerFile['consents'] => [
  { ...clearedFile().consents?.[0], ...parts } as never,
];
const seen = (parts: object): LedgerFile['appearances'] => [
  { ...clearedFile().appearances?.[0], ...parts } as never,
];

describe('what an owner permits', () => {
  test('a cleared shot is allowed and names its grant', () => {
    expect(decide(asking())).toEqual({
      outcome: 'ALLOW',
      reasons: [],
      grants: ['g1'],
      obligations: [],
      assumptions: [
        {
          ...{ assumption: 'cast_not_stated', row: 'titles/harbour' },
          message: 'the cast of Harbour is not stated to be complete: who else is seen is not known',
        },
        {
          ...{ assumption: 'materials_not_stated', row: 'titles/harbour' },
          message: 'what of others is in Harbour is not stated to be complete: nothing is listed here',
        },
      ],
      nearestMiss: null,
      nearestConsents: [],
    });
  });

  test('a title without a grant is refused', () => {
    const decision = decide(asking({ ledger: ledgerWith({ grants: [] }) }));
    expect(decision).toMatchObject({ outcome: 'EXCLUDE', grants: [] });
    expect(decision.reasons).toEqual([
      { rule: 'no_grant', row: 'titles/harbour', message: 'studio grants nothing for Harbour' },
    ]);
  });

  test('an expired grant is refused and says by how much', () => {
    const decision = decide(asking({ ledger: ledgerWith({ grants: grantWith({ until: '2026-04-21' }) }) }));
    expect(decision.outcome).toBe('EXCLUDE');
    expect(decision.reasons).toEqual([
      { rule: 'expired', row: 'grants/g1', message: 'ended 2026-04-21, 10 days before 2026-05-01' },
    ]);
  });

  test('the last day of a grant still counts, whole', () => {
    const ledger = ledgerWith({ grants: grantWith({ from: '2026-05-01', until: '2026-05-01' }) });
    expect(decide(asking({ ledger })).outcome).toBe('ALLOW');
    expect(decide(asking({ ledger, asOf: '2026-05-01T23:59:59Z' })).outcome).toBe('ALLOW');
    expect(rulesOf(asking({ ledger, asOf: '2026-05-02T00:00:00Z' }))).toEqual(['expired']);
  });

  test('a day on which a grant ends at noon is not covered', () => {
    const ledger = ledgerWith({ grants: grantWith({ until: '2026-05-01T12:00:00+02:00' }) });
    expect(rulesOf(asking({ ledger }))).toEqual(['expired']);
    expect(decide(asking({ ledger, asOf: '2026-05-01T10:00:00Z' })).outcome).toBe('ALLOW');
  });

  test('a grant that has not begun is refused', () => {
    const ledger = ledgerWith({ grants: grantWith({ from: '2026-06-01' }) });
    expect(rulesOf(asking({ ledger }))).toEqual(['not_begun']);
  });

  test('a grant for Germany does not reach the world, and one for the world reaches Germany', () => {
    const german = ledgerWith({ grants: grantWith({ territories: ['DE'] }) });
    expect(rulesOf(asking({ ledger: german }))).toEqual(['territory']);
    expect(decide(asking({ ledger: german, territory: 'DE', use: 'train.style' })).outcome).toBe('ALLOW');
    expect(decide(asking({ territory: 'DE' })).outcome).toBe('ALLOW');
  });

  test('a grant for other uses only is refused', () => {
    const ledger = ledgerWith({ grants: grantWith({ uses: ['index', 'eval'] }) });
    expect(decide(asking({ ledger })).reasons).toEqual([
      { rule: 'use_not_granted', row: 'grants/g1', message: 'permits eval, index, not train.style' },
    ]);
  });

  test('a grant that falls short twice says both', () => {
    const ledger = ledgerWith({ grants: grantWith({ territories: ['DE'], until: '2025-12-31' }) });
    expect(rulesOf(asking({ ledger }))).toEqual(['expired', 'territory']);
  });

  test('an old grant for another use is not named beside the expired one for this use', () => {
    const grants = [
      ...(grantWith({ until: '2026-01-01' }) ?? []),
      ...(grantWith({ id: 'g2', uses: ['index'] }) ?? []),
    ];
    expect(decide(asking({ ledger: ledgerWith({ grants }) })).reasons.map(({ row }) => row)).toEqual([
      'grants/g1',
    ]);
  });

  test('a withdrawn grant permits until it was withdrawn', () => {
    const ledger = ledgerWith({ grants: grantWith({ withdrawn: '2026-05-01' }) });
    expect(rulesOf(asking({ ledger }))).toEqual(['withdrawn']);
    expect(decide(asking({ ledger, asOf: '2026-04-30' })).outcome).toBe('ALLOW');
  });

  test('every owner must grant', () => {
    const titles = clearedFile().titles?.map((title) => ({
      ...title,
      shares: [
        { party: 'studio', share: '2/3' },
        { party: 'nia', share: '1/3' },
      ],
    }));
    const decision = decide(asking({ ledger: ledgerWith({ titles: titles ?? [] }) }));
    expect(decision.outcome).toBe('EXCLUDE');
    expect(decision.reasons.map(({ rule, message }) => [rule, message])).toEqual([
      ['no_grant', 'nia grants nothing for Harbour'],
    ]);
  });
});

describe('what is not known', () => {
  test('a file that no title names waits for a person', () => {
    const decision = decide(asking({ title: { unknown: 'no title names it' } }));
    expect(decision).toMatchObject({ outcome: 'REVIEW', grants: [] });
    expect(decision.reasons).toEqual([{ rule: 'unknown', row: 'titles', message: 'no title names it' }]);
  });

  test.each([
    ['nobody owns it', [], 'Harbour: nobody is named as its owner'],
    ['a part has no owner', [{ party: 'studio', share: '60%' }], 'Harbour: only 60 % of it have an owner'],
  ])('a title of which %s waits for a person', (_, shares, message) => {
    const titles = clearedFile().titles?.map((title) => ({ ...title, shares })) ?? [];
    const decision = decide(asking({ ledger: ledgerWith({ titles, grants: grantWith({}) ?? [] }) }));
    expect(decision.outcome).toBe('REVIEW');
    expect(decision.reasons).toEqual([{ rule: 'unknown', row: 'titles/harbour', message }]);
  });

  test.each([{ asOf: 'next week' }, { territory: 'Mars' }])('%j is not decided', (parts) => {
    expect(decide(asking(parts))).toMatchObject({ outcome: 'REVIEW', reasons: [{ rule: 'unknown' }] });
  });

  test('three thirds are the whole', () => {
    const thirds = ['studio', 'nia', 'bo'].map((party) => ({ party, share: '1/3' }));
    const ledger = ledgerWith({
      parties: [...(clearedFile().parties ?? []), { id: 'bo', kind: 'person', name: 'Bo' }],
      titles: clearedFile().titles?.map((title) => ({ ...title, shares: thirds })) ?? [],
      grants: ['studio', 'nia', 'bo'].flatMap((grantor) => grantWith({ id: grantor, grantor }) ?? []),
    });
    expect(decide(asking({ ledger }))).toMatchObject({ outcome: 'ALLOW', grants: ['bo', 'nia', 'studio'] });
  });
});

describe('people who are seen', () => {
  const refusal = { answer: 'refused', uses: 'all', titles: 'all' };

  test('a person who said no takes the shot out', () => {
    const decision = decide(asking({ ledger: ledgerWith({ consents: consentWith(refusal) }) }));
    expect(decision.outcome).toBe('EXCLUDE');
    expect(decision.reasons).toEqual([
      { rule: 'consent_refused', row: 'consents/c1', message: 'nia refused train.style' },
    ]);
    expect(decision.grants).toEqual(['g1']);
  });

  test('shots without the person stay', () => {
    const shot = { ...harbourShot, in: 48, out: 72 };
    const ledger = ledgerWith({ consents: consentWith(refusal) });
    expect(decide(asking({ shot, ledger })).outcome).toBe('ALLOW');
  });

  test('a no overrides a yes', () => {
    const consents = [...(consentWith({}) ?? []), ...(consentWith({ ...refusal, id: 'c2' }) ?? [])];
    expect(rulesOf(asking({ ledger: ledgerWith({ consents }) }))).toEqual(['consent_refused']);
  });

  test('a no in one country counts where the whole world is asked', () => {
    const consents = [
      ...(consentWith({}) ?? []),
      ...(consentWith({ ...refusal, id: 'c2', territories: ['FR'] }) ?? []),
    ];
    const ledger = ledgerWith({ consents });
    expect(rulesOf(asking({ ledger }))).toEqual(['consent_refused']);
    expect(decide(asking({ ledger, territory: 'DE' })).outcome).toBe('ALLOW');
  });

  test('a possible appearance waits for a person, consent or not', () => {
    const decision = decide(asking({ ledger: ledgerWith({ appearances: seen({ status: 'proposed' }) }) }));
    expect(decision.outcome).toBe('REVIEW');
    expect(decision.reasons.map(({ rule, row }) => [rule, row])).toEqual([
      ['appearance_proposed', 'appearances/a1'],
    ]);
  });

  test('a person nobody asked has to be asked', () => {
    const decision = decide(asking({ ledger: ledgerWith({ consents: [] }) }));
    expect(decision.outcome).toBe('NEEDS_ACTION');
    expect(decision.reasons).toEqual([
      {
        rule: 'consent_missing',
        row: 'appearances/a1',
        message: 'nia is seen here and has not consented to train.style',
      },
    ]);
  });

  test('a consent to something else has to be widened, and is named', () => {
    const ledger = ledgerWith({ consents: consentWith({ uses: ['index'] }) });
    const decision = decide(asking({ ledger }));
    expect(decision.outcome).toBe('NEEDS_ACTION');
    expect(decision.reasons[0]?.message).toContain('consents/c1 permits index, not train.style');
  });

  test('a withdrawn consent is a no, and a party who withdrew takes all with it', () => {
    const consents = consentWith({ withdrawn: '2026-04-01T09:00:00Z' });
    expect(decide(asking({ ledger: ledgerWith({ consents }) })).reasons[0]).toMatchObject({
      rule: 'consent_refused',
      row: 'consents/c1',
    });
    const parties = clearedFile().parties?.map((p) => ({ ...p, withdrawn: '2026-04-01' })) ?? [];
    expect(rulesOf(asking({ ledger: ledgerWith({ parties }) }))).toEqual(['consent_refused', 'withdrawn']);
  });

  test.each([
    ['touches the shot by a frame', { in: '01:00:00:23', out: '01:00:09:00' }, 'EXCLUDE'],
    ['begins where the shot ends', { in: '01:00:01:00', out: '01:00:09:00' }, 'ALLOW'],
    ['surrounds it', { in: '00:59:00:00', out: '01:10:00:00' }, 'EXCLUDE'],
    ['goes past midnight', { in: '23:59:59:00', out: '01:00:00:01' }, 'EXCLUDE'],
  ])('a range of timecodes that %s', (_, range, outcome) => {
    const ledger = ledgerWith({ appearances: seen({ shots: [range] }), consents: consentWith(refusal) });
    expect(decide(asking({ ledger })).outcome).toBe(outcome);
  });
});

describe('what is forbidden', () => {
  const archive = {
    id: 'r1',
    titles: ['harbour'],
    uses: 'all' as const,
    territories: ['US'],
    until: '2026-05-01T08:00:00Z',
    reason: 'archive licence: no machine learning',
  };

  test('a restriction that touches the day and one of the territories takes the shot out', () => {
    const decision = decide(asking({ ledger: ledgerWith({ restrictions: [archive] }) }));
    expect(decision.outcome).toBe('EXCLUDE');
    expect(decision.reasons).toEqual([
      { rule: 'restriction', row: 'restrictions/r1', message: archive.reason },
    ]);
  });

  test('elsewhere and afterwards it does not', () => {
    const ledger = ledgerWith({ restrictions: [archive] });
    expect(decide(asking({ ledger, territory: 'FR' })).outcome).toBe('ALLOW');
    expect(decide(asking({ ledger, asOf: '2026-05-02' })).outcome).toBe('ALLOW');
  });

  test('a restriction on everything also holds what nobody knows', () => {
    const ledger = ledgerWith({ restrictions: [{ ...archive, titles: 'all' }] });
    const decision = decide(asking({ ledger, title: { unknown: 'no title names it' } }));
    expect(decision.outcome).toBe('EXCLUDE');
    expect(decision.reasons.map(({ rule }) => rule)).toEqual(['restriction', 'unknown']);
  });
});
