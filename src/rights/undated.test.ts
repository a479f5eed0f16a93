import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import { asking, clearedFile, harbourShot, ledgerWith } from './ledgers.test-support.ts';
import type { LedgerFile } from './schema.ts';
import { sliceFor } from './slice.ts';

const paper = (id: string, signed?: string) => ({
  ...{ id, name: id, kind: 'contract' as const, parties: ['nia'], sha256: 'a'.repeat(64) },
  ...(signed === undefined ? {} : { signed }),
});
const agreements = [paper('deal'), paper('dated', '2026-01-01')];
const evidence = { agreement: 'deal' };
const [grant] = clearedFile().grants ?? [];
const [consent] = clearedFile().consents ?? [];

/** The rows that the decision assumes to have been signed in time, by the whole ledger and by the rows around the file. */
function assumed(rows: Partial<LedgerFile>, asked = {}): string[] {
  const question = asking({ ledger: ledgerWith({ agreements, ...rows }), ...asked });
  const decision = decide(question);
  expect(decide({ ...question, ledger: sliceFor(question.ledger, 'harbour', harbourShot.file) })).toEqual(
    decision,
  );
  expect(decision.outcome).toBe('ALLOW');
  return decision.assumptions.flatMap(({ assumption, row }) =>
    assumption === 'signing_not_dated' ? row : [],
  );
}

const material = { id: 'm1', kind: 'music' as const, owner: 'nia', title: 'harbour', file: 'harbour.mp4' };
const restriction = {
  ...{ id: 'r1', imposedBy: 'nia', titles: 'all' as const, uses: 'all' as const, territories: ['world'] },
  ...{ unless: 'approved' as const, reason: 'ask first' },
};
const terms = { titles: ['harbour'], uses: ['train.style' as const], territories: ['world'] };

describe.each([
  [
    'grants/g1',
    (parts: object, more: object[] = []) => ({
      grants: [{ ...grant, ...parts }, ...more.map((one) => ({ ...grant, ...one }))],
    }),
  ],
  [
    'consents/c1',
    (parts: object, more: object[] = []) => ({
      consents: [{ ...consent, ...parts }, ...more.map((one) => ({ ...consent, ...one }))],
    }),
  ],
  [
    'approvals/ok',
    (parts: object, more: object[] = []) => ({
      restrictions: [restriction],
      approvals: [parts, ...more].map((one) => ({
        id: 'ok',
        restriction: 'r1',
        by: 'nia',
        ...terms,
        ...one,
      })),
    }),
  ],
  [
    'grants/l1',
    (parts: object, more: object[] = []) => ({
      materials: [{ ...material, shots: 'all' as const, status: 'confirmed' as const }],
      grants: [
        grant,
        ...[parts, ...more].map((one) => ({ id: 'l1', grantor: 'nia', materials: ['m1'], ...terms, ...one })),
      ],
    }),
  ],
] as const)('%s', (row, rows) => {
  const of = (parts: object, more: object[] = []) => assumed(rows(parts, more) as Partial<LedgerFile>);

  test('that names an agreement without the day of its signing clears, and the decision says what it rests on', () => {
    expect(of({ evidence })).toEqual([row]);
    expect(of({ evidence: { agreement: 'dated' } })).toEqual([]);
    expect(of({})).toEqual([]);
  });

  test('assumes nothing where another one that is dated, or that rests on no document, is enough', () => {
    const also = (parts: object) => of({ evidence }, [{ ...parts, id: 'other' }]);
    expect(also({ evidence: { agreement: 'dated' } })).toEqual([]);
    expect(also({})).toEqual([]);
    expect(also({ evidence })).toHaveLength(2);
    expect(also({ territories: ['DE'] })).toEqual([row]);
  });

  if (!row.startsWith('grants'))
    test('assumes nothing where the row itself says when it was given', () => {
      expect(of({ evidence, on: '2026-01-01' })).toEqual([]);
    });
});

test('the consent of somebody who is targeted rests on its agreement too, and the words name it', () => {
  const replica = {
    ...consent,
    id: 'c2',
    uses: ['train.performer' as const],
    described: 'a double',
    evidence,
  };
  const parts = {
    grants: [{ ...grant, uses: ['train.performer' as const] }] as never,
    consents: [consent, { ...replica, advisedBy: 'union' as const }] as never,
  };
  const asked = { use: 'train.performer' as const, performers: ['nia'] };
  expect(assumed(parts, asked)).toEqual(['consents/c2']);
  const { assumptions } = decide(asking({ ledger: ledgerWith({ agreements, ...parts }), ...asked }));
  expect(assumptions).toContainEqual({
    ...{ assumption: 'signing_not_dated', row: 'consents/c2' },
    message:
      'consents/c2 rests on agreements/deal, which is not dated as signed: that it was signed by then is assumed',
  });
});
