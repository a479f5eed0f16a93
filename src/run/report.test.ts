import { expect, it } from 'vitest';
import { BacklotError } from '../contract/index.ts';
import { orWhyNot } from './arms.ts';
import { operations } from './operations.ts';
import { checkerOf, leftOutWords } from './report.ts';

const sha256 = '3'.repeat(64);
const check = { takeId: 'tak_1', verdict: 'usable' as const, reasons: [] };
const rate = { value: 0.5, low: 0.1, high: 0.9 };
const arm = { name: 'adapter', trainSeconds: 60, briefs: 2, usable: rate, usableAt4: rate, leftOut: null };
const result = {
  ...{ workspace: '/made/up', seconds: 61, reused: null, titles: 1, shots: 2, refusedFiles: [] },
  ...{ rights: { cleared: 2, refused: {}, assumed: {} }, dataset: null, arms: [arm], takes: [] },
  ...{ forecast: null, cut: null, report: null, template: null },
};

it('rates are printed with the hash of the checker that judged, and unchecked takes have none', () => {
  const checker = checkerOf([{ checks: [{ ...check, checkerSha256: sha256 }] }]);
  expect(checker).toEqual({ sha256 });
  expect(operations[0]?.show?.({ ...result, checker } as never)).toContain('judged by checker 333333333333');
  const unchecked = checkerOf([{ checks: [{ ...check, verdict: 'unchecked', checkerSha256: null }] }]);
  expect(unchecked).toBeNull();
  expect(operations[0]?.show?.({ ...result, checker: unchecked } as never)).not.toContain('checker');
});

it('an arm that the rights do not clear is left out with its reason, and any other fault is one', async () => {
  const facts = {
    expected: 'shots for train.foundation',
    where: '/dst',
    found: 'use_not_granted',
    remedy: '',
  };
  const reason = await orWhyNot(Promise.reject(new BacklotError('not-cleared', facts)));
  expect(reason).toBe('expected shots for train.foundation, found use_not_granted');
  const line = { ...arm, name: 'scratch', usable: null, usableAt4: null, leftOut: String(reason) };
  const told = operations[0]?.show?.({ ...result, arms: [line], checker: null } as never);
  expect(told).toContain('scratch  left out: expected shots for train.foundation');
  expect(leftOutWords({ name: 'scratch', reason: String(reason) })).toContain('found use_not_granted');
  await expect(orWhyNot(Promise.reject(new BacklotError('engine-died', facts)))).rejects.toThrow();
});

it('cleared shots that rest on what no row says are told', () => {
  const rights = {
    cleared: 5,
    refused: {},
    assumed: { cast_not_stated: 3, house_not_stated: 2, signing_not_dated: 1 },
  };
  const told = operations[0]?.show?.({ ...result, rights, checker: null } as never);
  expect(told).toContain('3 of 5 cleared shots are of titles whose cast nobody has stated');
  expect(told).toContain('2 of 5 cleared shots rest on grants to somebody by name');
  expect(told).toContain('1 of 5 cleared shots rest on documents of which the ledger does not say when');
});
