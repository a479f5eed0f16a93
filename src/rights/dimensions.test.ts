import { describe, expect, test } from 'vitest';
import { decide, type Question } from './decide.ts';
import { asking, clearedFile, ledgerWith } from './ledgers.test-support.ts';
import type { LedgerFile } from './schema.ts';
import { narrowerUses, uses, widerUses } from './uses.ts';

const rulesOf = (question: Question) => decide(question).reasons.map(({ rule }) => rule);
const outcomeOf = (question: Question) => decide(question).outcome;
const [g1] = clearedFile().grants as [NonNullable<LedgerFile['grants']>[number]];
const [c1] = clearedFile().consents as [NonNullable<LedgerFile['consents']>[number]];
const world = { territories: ['world'] };

describe('what a use includes', () => {
  test('who may train may read and measure, and nothing else', () => {
    expect(narrowerUses('train.style')).toEqual(['train.style', 'eval', 'index']);
    expect(widerUses('generate.previz')).toEqual(['generate.previz', 'generate.temp', 'generate.final']);
    const trained = ledgerWith({ grants: [{ ...g1, uses: ['train.style'] }] });
    const allowed = uses.filter((use) => outcomeOf(asking({ ledger: trained, use })) === 'ALLOW');
    expect(allowed).toEqual(['index', 'eval', 'train.style']);
  });

  test('who forbids reading forbids training', () => {
    const restrictions = [
      { id: 'r1', titles: 'all' as const, uses: ['index' as const], ...world, reason: 'no' },
    ];
    expect(rulesOf(asking({ ledger: ledgerWith({ restrictions }) }))).toEqual(['restriction']);
  });
});

describe('models, trainers and kinds of takes', () => {
  test('a grant for one model covers no other, and not "any"', () => {
    const ledger = ledgerWith({ grants: [{ ...g1, models: ['house-1'] }] });
    expect(outcomeOf(asking({ ledger, model: 'house-1' }))).toBe('ALLOW');
    expect(rulesOf(asking({ ledger, model: 'house-2' }))).toEqual(['model']);
    expect(rulesOf(asking({ ledger }))).toEqual(['model']);
  });

  test('a grant that names no trainer is for training in-house', () => {
    const grants = [{ ...g1, trainers: ['vendor' as const, 'third-party' as const] }];
    const consents = [{ ...c1, trainers: ['in-house' as const, 'vendor' as const] }];
    expect(rulesOf(asking({ trainer: 'vendor' }))).toEqual(['trainer', 'consent_missing']);
    const ledger = ledgerWith({ grants, consents });
    expect(outcomeOf(asking({ ledger, trainer: 'vendor' }))).toBe('ALLOW');
    expect(rulesOf(asking({ ledger, trainer: 'third-party' }))).toEqual(['consent_missing']);
  });

  test('a grant for final takes covers temporary ones, and the use names its own kind', () => {
    const grants = [{ ...g1, uses: ['generate.final' as const], outputs: ['final' as const] }];
    const consents = [{ ...c1, uses: ['generate.final' as const] }];
    const ledger = ledgerWith({ grants, consents });
    expect(outcomeOf(asking({ ledger, use: 'generate.final' }))).toBe('ALLOW');
    expect(outcomeOf(asking({ ledger, use: 'generate.temp' }))).toBe('ALLOW');
    expect(rulesOf(asking({ ledger, use: 'generate.ad' }))).toEqual(['use_not_granted', 'consent_missing']);
  });

  test('what is forbidden for one model holds where any model is asked for', () => {
    const restrictions = [
      { id: 'r1', titles: 'all' as const, uses: 'all' as const, ...world, models: ['wan'], reason: 'no' },
    ];
    const ledger = ledgerWith({ restrictions });
    expect(rulesOf(asking({ ledger }))).toEqual(['restriction']);
    expect(outcomeOf(asking({ ledger, model: 'house-1' }))).toBe('ALLOW');
  });
});

describe('replicas', () => {
  const replica = { ...c1, uses: ['train.performer' as const] };
  const withConsent = (parts: object) =>
    asking({
      ledger: ledgerWith({
        grants: [{ ...g1, uses: ['train.style', 'train.performer'] }],
        consents: [c1, { ...replica, id: 'c2', ...parts }],
      }),
    });

  test('training that targets a performer needs a consent to a replica, by whatever name it goes', () => {
    const question = asking({ performers: ['nia'] });
    expect(rulesOf(question)).toEqual(['use_not_granted', 'consent_missing', 'consent_missing']);
    expect(
      outcomeOf({ ...withConsent({ described: 'a double', advisedBy: 'union' }), performers: ['nia'] }),
    ).toBe('ALLOW');
  });

  test.each([
    [{}, 'does not say what it is for and is neither signed apart nor given with counsel or a union'],
    [{ described: 'a double' }, 'is neither signed apart nor given with counsel or a union'],
    [{ separatelySigned: true }, 'does not say what it is for'],
    [
      { described: 'a double', advisedBy: 'none' },
      'is neither signed apart nor given with counsel or a union',
    ],
  ])('a consent with %j is not enough', (parts, lack) => {
    const { outcome, reasons } = decide({ ...withConsent(parts), use: 'train.performer' });
    expect([outcome, reasons[0]?.rule, reasons[0]?.row]).toEqual([
      'NEEDS_ACTION',
      'consent_incomplete',
      'consents/c2',
    ]);
    expect(reasons[0]?.message).toContain(lack);
    expect(outcomeOf(withConsent(parts))).toBe('ALLOW');
  });
});

describe('things of others in the picture', () => {
  const poster = {
    ...{ id: 'poster', kind: 'artwork' as const, owner: 'nia', title: 'harbour', file: 'harbour.mp4' },
    ...{ shots: [{ in: 0, out: 48 }], status: 'confirmed' as const },
  };
  const licence = { ...g1, id: 'licence', grantor: 'nia', materials: ['poster'] };
  const withPoster = (parts: object, grants: LedgerFile['grants'] = [g1]) =>
    asking({ ledger: ledgerWith({ materials: [{ ...poster, ...parts }], grants }) });

  test('need a licence of their own', () => {
    const decision = decide(withPoster({}));
    expect(decision.outcome).toBe('EXCLUDE');
    expect(decision.reasons).toEqual([
      {
        rule: 'material_not_cleared',
        row: 'materials/poster',
        message: 'artwork without a licence: nia licenses nothing',
      },
    ]);
    expect(outcomeOf(withPoster({}, [g1, licence]))).toBe('ALLOW');
    expect(rulesOf(withPoster({}, [g1, { ...licence, until: '2026-01-01' }]))).toEqual([
      'material_not_cleared',
    ]);
  });

  test('a licence for them is no grant for the title', () => {
    expect(rulesOf(withPoster({}, [licence]))).toEqual(['no_grant']);
  });

  test('wait for a person where they are only proposed, and count in their shots only', () => {
    expect(outcomeOf(withPoster({ status: 'proposed' }))).toBe('REVIEW');
    expect(outcomeOf(withPoster({ shots: [{ in: 24, out: 48 }] }))).toBe('ALLOW');
  });
});

describe('duties', () => {
  const notice = {
    ...{ id: 'notice', kind: 'notify' as const, to: 'nia', titles: 'all' as const, uses: 'all' as const },
    ...world,
  };
  const owing = (parts: object) => asking({ ledger: ledgerWith({ obligations: [{ ...notice, ...parts }] }) });

  test('who has to be told, asked or bargained with is so before', () => {
    const decision = decide(owing({}));
    expect(decision).toMatchObject({ outcome: 'NEEDS_ACTION', obligations: ['notice'] });
    expect(decision.reasons[0]).toMatchObject({ rule: 'obligation_open', row: 'obligations/notice' });
    expect(decide(owing({ done: '2026-04-30' }))).toMatchObject({
      outcome: 'ALLOW',
      obligations: ['notice'],
    });
    expect(outcomeOf(owing({ done: '2026-05-02' }))).toBe('NEEDS_ACTION');
  });

  test('say who is owed what by when, and what is recorded for a later day', () => {
    const words = (parts: object) => decide(owing(parts)).reasons[0]?.message;
    expect(words({})).toBe('notify nia: not recorded as done');
    expect(words({ kind: 'bargain' })).toBe('bargain with nia: not recorded as done');
    const late = { kind: 'pay', amount: '1200.50 EUR', due: '2026-04-30' };
    expect(words(late)).toBe('pay 1200.50 EUR to nia, due 2026-04-30: not recorded as done');
    expect(words({ done: '2026-05-02' })).toBe('notify nia: recorded as done only on 2026-05-02');
  });

  test('a payment holds nothing up until it is overdue', () => {
    expect(outcomeOf(owing({ kind: 'pay' }))).toBe('ALLOW');
    expect(outcomeOf(owing({ kind: 'pay', due: '2026-05-01' }))).toBe('ALLOW');
    expect(outcomeOf(owing({ kind: 'pay', due: '2026-04-30' }))).toBe('NEEDS_ACTION');
  });

  test('towards the guild for licensing to others do not concern training in-house', () => {
    const question = owing({ trainers: ['third-party'] });
    expect(decide(question)).toMatchObject({ outcome: 'ALLOW', obligations: [] });
    expect(rulesOf({ ...question, trainer: 'third-party' })).toContain('obligation_open');
  });
});

describe('approvals', () => {
  const restriction = {
    ...{ id: 'r1', titles: 'all' as const, uses: ['train.style' as const], ...world },
    ...{ imposedBy: 'nia', unless: 'approved' as const, reason: 'the estate approves each model' },
  };
  const approval = {
    ...{ id: 'ok', restriction: 'r1', by: 'nia', titles: ['harbour'], uses: ['train.style' as const] },
    ...world,
  };
  const approved = (parts: object) =>
    asking({ ledger: ledgerWith({ restrictions: [restriction], approvals: [{ ...approval, ...parts }] }) });

  test('open what they were asked for', () => {
    expect(outcomeOf(approved({}))).toBe('ALLOW');
    expect(outcomeOf(approved({ models: ['house-1'] }))).toBe('NEEDS_ACTION');
    expect(outcomeOf({ ...approved({ models: ['house-1'] }), model: 'house-1' })).toBe('ALLOW');
    const missing = decide(approved({ withdrawn: '2026-04-01' }));
    expect(missing.reasons).toMatchObject([
      { rule: 'approval_missing', message: 'nia has to approve: the estate approves each model' },
    ]);
  });

  test('count only from who imposed it, or who represents them', () => {
    const parties = [
      { id: 'studio', kind: 'org' as const, name: 'The Studio' },
      { id: 'nia', kind: 'person' as const, name: 'Nia', representedBy: ['agent'] },
      { id: 'agent', kind: 'org' as const, name: 'The Agency' },
    ];
    const by = (party: string, imposedBy: string | undefined = 'nia', left?: string) => {
      const all = parties.map((row) => (row.id === left ? { ...row, withdrawn: '2026-04-01' } : row));
      const restrictions = [{ ...restriction, imposedBy }];
      return asking({
        ledger: ledgerWith({ parties: all, restrictions, approvals: [{ ...approval, by: party }] }),
      });
    };
    expect(outcomeOf(by('studio'))).toBe('NEEDS_ACTION');
    expect(outcomeOf(by('agent'))).toBe('ALLOW');
    expect(outcomeOf(by('agent', 'nia', 'agent'))).toBe('NEEDS_ACTION');
    expect(rulesOf(by('agent', 'agent', 'agent'))).toEqual(['approval_missing']);
    const { imposedBy: _, ...nobody } = restriction;
    const ledger = ledgerWith({ restrictions: [nobody], approvals: [approval] });
    expect(rulesOf(asking({ ledger }))).toEqual(['approval_missing']);
    expect(decide(asking({ ledger })).reasons[0]?.message).toContain('nobody is named who could approve');
  });

  test('open nothing that is simply forbidden', () => {
    const { unless: _, ...forbidden } = restriction;
    const ledger = ledgerWith({ restrictions: [forbidden], approvals: [approval] });
    expect(rulesOf(asking({ ledger }))).toEqual(['restriction']);
  });
});

describe('the nearest miss', () => {
  test('is the grant that fails in the fewest dimensions, then by the fewest days', () => {
    const grants = [
      { ...g1, id: 'far', until: '2025-05-01' },
      { ...g1, id: 'near', until: '2026-04-21' },
      { ...g1, id: 'twice', until: '2026-04-30', territories: ['DE'] },
    ];
    expect(decide(asking({ ledger: ledgerWith({ grants }) })).nearestMiss).toEqual({
      grant: 'near',
      misses: [
        {
          ...{ dimension: 'until', rule: 'expired', days: 10 },
          message: 'ended 2026-04-21, 10 days before 2026-05-01',
        },
      ],
    });
  });

  const nearestOf = (grants: NonNullable<LedgerFile['grants']>, more: Partial<Question> = {}) =>
    decide(asking({ ledger: ledgerWith({ grants }), ...more })).nearestMiss;

  test('is a grant for the use, if there is one, whatever others lack', () => {
    const archive = { ...g1, id: 'archive', uses: ['index' as const] };
    expect(nearestOf([archive, { ...g1, until: '2026-04-30', territories: ['DE'] }])?.grant).toBe('g1');
    expect(nearestOf([archive])?.grant).toBe('archive');
  });

  test('is the one that ended yesterday, not one of another territory or withdrawn years ago', () => {
    const grants = [
      { ...g1, id: 'elsewhere', territories: ['DE'] },
      { ...g1, id: 'long-ago', withdrawn: '2020-01-01' },
      { ...g1, id: 'yesterday', until: '2026-04-30' },
    ];
    expect(nearestOf(grants)?.grant).toBe('yesterday');
    expect(nearestOf(grants.slice(1, 2))?.misses).toMatchObject([{ dimension: 'withdrawn', days: 2312 }]);
  });

  test.each([
    ['2026-04-30', '2026-05-02T00:00:00+05:00', 'ended 2026-04-30, 1 day before 2026-05-02T00:00:00+05:00'],
    ['2026-05-01T12:00:00Z', '2026-05-01', 'ended 2026-05-01T12:00:00Z, less than a day before 2026-05-01'],
  ])('tells days as the calendar counts them: until %s, asked for %s', (until, asOf, message) => {
    expect(nearestOf([{ ...g1, until }], { asOf })?.misses).toMatchObject([{ message }]);
  });

  test('is of the owner who is missing, where another has granted', () => {
    const titles = clearedFile().titles?.map((title) => ({
      ...title,
      shares: ['studio', 'nia'].map((party) => ({ party, share: '50%' })),
    }));
    const grants = [g1, { ...g1, id: 'hers', grantor: 'nia', territories: ['FR'] }];
    const ledger = ledgerWith({ titles: titles ?? [], grants });
    expect(decide(asking({ ledger })).nearestMiss?.grant).toBe('hers');
  });
});
