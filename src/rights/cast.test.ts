import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import { asking, ledgerWith, placeIn } from './ledgers.test-support.ts';
import { questionsOf } from './questions.ts';
import { refusal, withRow } from './refusals.test-support.ts';
import type { Cast, LedgerFile } from './schema.ts';

const policies = [{ id: 'house', cast: 'stated' as const }];
const cast: Cast = { id: 'k1', title: 'harbour', by: 'studio', on: '2026-05-01' };
const deciding = (parts: Partial<LedgerFile>) => decide(asking({ ledger: ledgerWith(parts) }));
const rules = (parts: Partial<LedgerFile>) =>
  deciding({ policies, ...parts }).reasons.map(({ rule }) => rule);

test('a title whose cast nobody has stated is allowed, and the decision says what it rests on', () => {
  const { outcome, assumptions } = deciding({ appearances: [] });
  expect(outcome).toBe('ALLOW');
  expect(assumptions).toEqual([
    {
      ...{ assumption: 'cast_not_stated', row: 'titles/harbour' },
      message: 'the cast of Harbour is not stated to be complete: nobody is listed as seen here',
    },
  ]);
  expect(deciding({ casts: [cast] })).toMatchObject({ outcome: 'ALLOW', assumptions: [] });
});

test('a studio whose policy asks for the statement has such a shot looked at: one question for the title', () => {
  const decision = deciding({ policies });
  expect(decision).toMatchObject({
    ...{ outcome: 'REVIEW', assumptions: [] },
    reasons: [{ rule: 'cast_not_stated', row: 'titles/harbour' }],
  });
  const place = placeIn(ledgerWith({ policies }), { use: 'train.style', territory: 'world' });
  const other = deciding({ policies, appearances: [] });
  const asked = [decision, other].map((one) => questionsOf({ ...one, shotId: '', fileId: '' }, place));
  expect(asked[0]).toEqual(asked[1]);
  expect(asked[0]).toMatchObject({
    questions: [{ says: 'if somebody says that all who are seen in harbour are listed (casts)' }],
  });
});

test('the statement counts from its day until it is withdrawn, for its title or the whole shots that it names', () => {
  const of = (parts: Partial<Cast>) => rules({ casts: [{ ...cast, ...parts }] });
  expect(of({})).toEqual([]);
  expect(of({ on: '2026-05-02' })).toEqual(['cast_not_stated']);
  expect(of({ withdrawn: '2026-05-01' })).toEqual(['cast_not_stated']);
  expect(of({ title: 'other' })).toEqual(['cast_not_stated']);
  expect(of({ file: 'harbour.mp4' })).toEqual([]);
  expect(of({ file: 'trailer.mp4' })).toEqual(['cast_not_stated']);
  expect(of({ file: 'harbour.mp4', shots: [{ in: 0, out: 24 }] })).toEqual([]);
  expect(of({ file: 'harbour.mp4', shots: [{ in: 0, out: 23 }] })).toEqual(['cast_not_stated']);
  expect(of({ file: 'harbour.mp4', shots: [{ in: '01:00:00:00', out: '01:00:02:00' }] })).toEqual([]);
  expect(of({ file: 'harbour.mp4', shots: [{ in: '01:00:00:01', out: '01:00:02:00' }] })).toEqual([
    'cast_not_stated',
  ]);
});

test('a statement is by a party, of a title, and names the file that its ranges are of', () => {
  expect(refusal(withRow('casts', { ...cast, by: 'ghost' })).join()).toContain(
    'one of the parties, found "ghost"',
  );
  expect(refusal(withRow('casts', { ...cast, title: 'ghost' })).join()).toContain('one of the titles');
  expect(refusal(withRow('casts', { ...cast, file: 'x.mp4' })).join()).toContain('a file of the title');
  expect(refusal(withRow('casts', { ...cast, shots: 'all' })).join()).toContain(
    'the file that the ranges are of',
  );
});
