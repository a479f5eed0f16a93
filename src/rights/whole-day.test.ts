import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import { dutiesIn } from './duty-list.ts';
import { asking, ledgerWith } from './ledgers.test-support.ts';
import type { LedgerFile } from './schema.ts';

/** Asked of the whole first of May 2026. */
const day = '2026-05-01';
const morning = `${day}T08:03:00Z`;
const evening = `${day}T23:30:00Z`;

const outcome = (rows: Partial<LedgerFile>, asOf: string) =>
  decide(asking({ ledger: ledgerWith(rows), asOf })).outcome;

describe('a duty', () => {
  const notice = {
    ...{ id: 'notice', kind: 'notify' as const, to: 'nia', titles: 'all' as const, uses: 'all' as const },
    territories: ['world'],
  };
  const paid = { kind: 'pay' as const, due: `${day}T09:00:00Z` };
  const owing = (parts: object): Partial<LedgerFile> => ({ obligations: [{ ...notice, ...parts }] });
  const outcomes = (parts: object) => [day, morning, evening].map((asOf) => outcome(owing(parts), asOf));
  const waits = 'NEEDS_ACTION';

  test('that is fulfilled later in the day is not for the day, nor before', () => {
    expect(outcomes({ done: `${day}T23:00:00Z` })).toEqual([waits, waits, 'ALLOW']);
    expect(outcomes({ done: day })).toEqual(['ALLOW', 'ALLOW', 'ALLOW']);
  });

  test('of paying holds up the day within which it becomes overdue, and no earlier instant', () => {
    expect(outcomes(paid)).toEqual([waits, 'ALLOW', waits]);
    expect(outcomes({ ...paid, due: day })).toEqual(['ALLOW', 'ALLOW', 'ALLOW']);
  });

  test('of paying that is paid in time holds up nothing, and one that is paid late does until then', () => {
    expect(outcomes({ ...paid, done: `${day}T08:30:00Z` })).toEqual(['ALLOW', 'ALLOW', 'ALLOW']);
    expect(outcomes({ ...paid, done: `${day}T10:00:00Z` })).toEqual([waits, 'ALLOW', 'ALLOW']);
  });

  test('is listed as the decisions have it', () => {
    const kinds = [{}, paid, { kind: 'pay', due: day }, { kind: 'pay' }, { due: '2026-04-30' }];
    const times = [undefined, day, `${day}T08:30:00Z`, `${day}T10:00:00Z`, '2026-05-02'];
    const cases = kinds.flatMap((kind) => times.map((done) => ({ ...kind, done })));
    for (const parts of cases)
      for (const asOf of [day, morning, evening, '2026-05-03']) {
        const duty = dutiesIn(ledgerWith(owing(parts)), asOf)[0];
        const holdsUp = outcome(owing(parts), asOf) === waits;
        const said = JSON.stringify([parts, asOf]);
        expect(duty?.holdsUp, said).toBe(holdsUp);
        expect(holdsUp && duty?.state === 'done', said).toBe(false);
        if (duty?.kind === 'pay') expect(duty.state === 'overdue', said).toBe(holdsUp);
      }
  });
});

test('that a list is complete counts for a day from before its beginning, and for an instant from then on', () => {
  const row = (on: string) => ({ id: 'k', title: 'harbour', by: 'studio', on });
  const rows = (casts: string, inventories: string) => ({
    ...{
      policies: [
        { id: 'cast', cast: 'stated' as const },
        { id: 'rest', materials: 'stated' as const },
      ],
    },
    ...{ casts: [row(casts)], inventories: [row(inventories)] },
  });
  const later = `${day}T18:00:00Z`;
  for (const listed of [rows(later, day), rows(day, later)])
    expect([day, morning, evening].map((asOf) => outcome(listed, asOf))).toEqual([
      'REVIEW',
      'REVIEW',
      'ALLOW',
    ]);
  expect(outcome(rows(day, day), day)).toBe('ALLOW');
});
