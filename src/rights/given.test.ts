import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import { asking, clearedFile, harbourShot, ledgerWith } from './ledgers.test-support.ts';
import type { LedgerFile } from './schema.ts';
import { createTables, decideTables, openSignatures } from './signature-store.ts';
import { sliceFor } from './slice.ts';

const asOf = '2026-05-01';
const paper = (signed: string): LedgerFile['agreements'] => [
  { id: 'deal', name: 'D', kind: 'contract', parties: ['nia'], sha256: 'a'.repeat(64), signed },
];
const evidence = { agreement: 'deal' };
const consentWith = (parts: object) => [{ ...clearedFile().consents?.[0], ...parts }] as never;
const grantWith = (parts: object) => [{ ...clearedFile().grants?.[0], ...parts }] as never;

/** Outcome and reasons, by the whole ledger, which must be those by the rows around the file. */
function said(rows: Partial<LedgerFile>, at = asOf): string[] {
  const question = asking({ ledger: ledgerWith(rows), asOf: at });
  const decision = decide(question);
  const slice = sliceFor(question.ledger, 'harbour', harbourShot.file);
  expect(decide({ ...question, ledger: slice })).toEqual(decision);
  return [decision.outcome, ...decision.reasons.map(({ rule, row }) => `${rule} ${row}`)];
}

const approvable = {
  restrictions: [
    {
      ...{ id: 'r1', imposedBy: 'nia', titles: 'all' as const, uses: 'all' as const, territories: ['world'] },
      ...{ unless: 'approved' as const, reason: 'ask first' },
    },
  ],
};
const approvalWith = (parts: object) =>
  [
    {
      ...{ id: 'ok', restriction: 'r1', by: 'nia', titles: ['harbour'], uses: ['train.style'] },
      ...{ territories: ['world'], ...parts },
    },
  ] as never;

const missing = ['NEEDS_ACTION', 'consent_missing appearances/a1'];
const unapproved = ['NEEDS_ACTION', 'approval_missing restrictions/r1'];
const unsigned = ['EXCLUDE', 'not_begun grants/g1'];

describe.each([
  ['consent', missing, (parts: object) => ({ consents: consentWith(parts) })],
  ['approval', unapproved, (parts: object) => ({ ...approvable, approvals: approvalWith(parts) })],
])('%s', (_, refused, rows) => {
  test('that is not given yet permits nothing', () => {
    expect(said(rows({ on: '2031-01-01' }))).toEqual(refused);
    expect(said(rows({ on: '2026-05-02' }))).toEqual(refused);
    expect(said(rows({ on: '2031-01-01' }), '2031-01-01')).toEqual(['ALLOW']);
  });

  test('counts on the day on which it was given, and at each instant of it', () => {
    expect(said(rows({ on: asOf }))).toEqual(['ALLOW']);
    expect(said(rows({ on: asOf }), '2026-05-01T00:00:00Z')).toEqual(['ALLOW']);
    expect(said(rows({ on: asOf }), '2026-04-30T23:59:59Z')).toEqual(refused);
  });

  test('that was given at noon does not count for the whole of that day', () => {
    const noon = rows({ on: '2026-05-01T12:00:00Z' });
    expect(said(noon)).toEqual(refused);
    expect(said(noon, '2026-05-01T12:00:00Z')).toEqual(['ALLOW']);
    expect(said(noon, '2026-05-02')).toEqual(['ALLOW']);
  });

  test('counts from the signature of its agreement, also where it was said before', () => {
    expect(said({ ...rows({ evidence }), agreements: paper('2030-01-01') })).toEqual(refused);
    expect(said({ ...rows({ evidence, on: '2026-01-01' }), agreements: paper('2030-01-01') })).toEqual(
      refused,
    );
    expect(said({ ...rows({ evidence, on: '2030-01-01' }), agreements: paper('2026-01-01') })).toEqual(
      refused,
    );
    expect(said({ ...rows({ evidence }), agreements: paper(asOf) })).toEqual(['ALLOW']);
  });
});

test('a grant counts from the signature of its agreement', () => {
  const rows = (signed: string) => ({ grants: grantWith({ evidence }), agreements: paper(signed) });
  expect(said(rows('2030-01-01'))).toEqual(unsigned);
  expect(said(rows('2026-05-01T12:00:00Z'))).toEqual(unsigned);
  expect(said(rows(asOf))).toEqual(['ALLOW']);
  const decision = decide(asking({ ledger: ledgerWith(rows('2026-05-11')) }));
  expect(decision.reasons[0]?.message).toBe('was not given before 2026-05-11, 10 days after 2026-05-01');
  expect(decision).toMatchObject({ grants: [], nearestMiss: { grant: 'g1', misses: [{ days: 10 }] } });
});

test('so does a licence for material of others', () => {
  const material = { id: 'm1', kind: 'music' as const, owner: 'nia', title: 'harbour', file: 'harbour.mp4' };
  const rows = (signed: string) => ({
    materials: [{ ...material, shots: 'all' as const, status: 'confirmed' as const }],
    agreements: paper(signed),
    grants: [
      ...(clearedFile().grants ?? []),
      ...(grantWith({ id: 'g2', grantor: 'nia', materials: ['m1'], evidence }) as never[]),
    ],
  });
  expect(said(rows('2030-01-01'))).toEqual(['EXCLUDE', 'material_not_cleared materials/m1']);
  expect(said(rows('2026-01-01'))).toEqual(['ALLOW']);
});

test('the consent that is missing says from when on it counts', () => {
  const ledger = ledgerWith({ consents: consentWith({ on: '2026-05-02' }) });
  expect(decide(asking({ ledger })).reasons[0]?.message).toBe(
    'nia is seen here and has not consented to train.style; consents/c1 was not given before 2026-05-02, 1 day after 2026-05-01',
  );
});

test('what speaks against it holds whenever it is dated', () => {
  const refusal = consentWith({ answer: 'refused', on: '2031-01-01' });
  expect(said({ consents: refusal })).toEqual(['EXCLUDE', 'consent_refused consents/c1']);
  const withdrawn = consentWith({ withdrawn: '2026-04-01', on: '2031-01-01' });
  expect(said({ consents: withdrawn })).toEqual(['EXCLUDE', 'consent_refused consents/c1']);
  const restrictions = approvable.restrictions.map((row) => ({ ...row, evidence }));
  expect(said({ restrictions, agreements: paper('2031-01-01') })).toEqual(unapproved);
});

test.each([
  ...['2026-05-01T12:00:00', '2026-05-01T12:00', '2026-05-01 12:00:00', '2026-02-30'].map((day) => ({
    asOf: day,
  })),
  { territory: 'Mars' },
])(
  'a moment that is another one on each machine, or none, or no territory: %j is decided neither way',
  async (parts) => {
    const question = asking(parts);
    expect(decide(question)).toMatchObject({ outcome: 'REVIEW', reasons: [{ rule: 'unknown' }] });
    const db = await openSignatures();
    await createTables(db);
    await expect(decideTables(db, question)).rejects.toMatchObject({ code: 'bad-input' });
    db.close();
  },
);
