import { expect, test } from 'vitest';
import { readAsk } from './ask.ts';
import { decide, type Question } from './decide.ts';
import { asking, clearedFile, ledgerWith } from './ledgers.test-support.ts';
import type { LedgerFile } from './schema.ts';
import type { OutputKind } from './uses.ts';

const rulesOf = (question: Question) => decide(question).reasons.map(({ rule }) => rule);
const [g1] = clearedFile().grants as [NonNullable<LedgerFile['grants']>[number]];
const [c1] = clearedFile().consents as [NonNullable<LedgerFile['consents']>[number]];

test('takes of another kind than the use is for are asked about by nobody: an advertisement is no final take', () => {
  for (const [use, output] of [
    ['generate.final', 'ad'],
    ['generate.final', 'previz'],
    ['generate.previz', 'final'],
  ] as const) {
    const contradiction = `takes of one kind: ${use} is for ${use.slice(9)} takes`;
    expect(() => decide(asking({ use, output }))).toThrow(contradiction);
    expect(() => readAsk({ use, output, territory: 'world', asOf: '2026-05-01' })).toThrow(contradiction);
  }
  expect(decide(asking({ use: 'generate.ad', output: 'ad' }))).toEqual(
    decide(asking({ use: 'generate.ad' })),
  );
});

test('who forbids advertisements forbids a replica in one, and in takes of any kind', () => {
  const uses = ['generate.replica' as const];
  const advised = { described: 'a double', advisedBy: 'union' as const };
  const forbidden = {
    ...{ id: 'r1', titles: 'all' as const, uses: ['generate.ad' as const] },
    territories: ['world'],
    reason: 'no',
  };
  const ledger = ledgerWith({
    grants: [{ ...g1, uses: [...uses, 'generate.final'] }],
    consents: [{ ...c1, ...advised, uses: [...uses, 'generate.final'] }],
    restrictions: [forbidden],
  });
  const replica = (output?: OutputKind) => rulesOf(asking({ ledger, use: 'generate.replica', output }));
  expect([replica('ad'), replica(), replica('final')]).toEqual([['restriction'], ['restriction'], []]);
  const performers = ['nia'];
  expect(rulesOf(asking({ ledger, use: 'generate.final', performers }))).toEqual([]);
});
