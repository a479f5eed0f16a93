import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { withoutReplaced } from './changes.ts';
import { decide } from './decide.ts';
import { append, importLedger } from './import.ts';
import { asking, clearedFile, ledgerWith } from './ledgers.test-support.ts';
import { readLedger } from './read.ts';
import { confirmed, context, file, useWorkspace } from './register.test-support.ts';
import { importRegister } from './register.ts';
import type { LedgerFile } from './schema.ts';
import { currentLedger } from './store.ts';

useWorkspace();

const [g1] = clearedFile().grants ?? [];
const [studio, nia] = clearedFile().parties ?? [];
const [c1] = clearedFile().consents ?? [];
const paper = (id: string, signed: string, parts: object = {}) => ({
  ...{ id, name: id, kind: 'contract' as const, parties: ['studio', 'nia'], sha256: 'a'.repeat(64) },
  ...{ signed, ...parts },
});

const read = (parts: object) =>
  withoutReplaced(readLedger(JSON.stringify({ ...clearedFile(), ...parts } as LedgerFile), 'ledger'));
const rulesIn = (parts: object) => decide(asking({ ledger: read(parts) })).reasons.map(({ rule }) => rule);

test('a grant on a paper that is signed later does not count sooner when another paper replaces that one', () => {
  const grants = [{ ...g1, evidence: { agreement: 'a1' } }];
  const a1 = paper('a1', '2027-03-01');
  expect(rulesIn({ grants, agreements: [a1] })).toEqual(['not_begun']);
  const a2 = paper('a2', '2027-04-01', { supersedes: 'a1' });
  expect(rulesIn({ grants, agreements: [a1, a2] })).toEqual(['not_begun']);
});

test('nor does a consent that a guardian signed when the guardianship was over', () => {
  const guardian = { id: 'guardian', kind: 'guardian', name: 'A Guardian' };
  const parties = [studio, { ...nia, representedBy: [{ party: 'guardian', until: '2020-12-31' }] }, guardian];
  const consents = [{ ...c1, givenBy: 'guardian', on: '2019-05-01', evidence: { agreement: 'a1' } }];
  const a1 = paper('a1', '2022-01-01');
  const a2 = paper('a2', '2022-02-01', { supersedes: 'a1' });
  expect(rulesIn({ parties, consents, agreements: [a1] })).toEqual(['not_represented']);
  expect(rulesIn({ parties, consents, agreements: [a1, a2] })).toEqual(['not_represented']);
});

const papers = async () =>
  (await currentLedger(context.db))?.document.agreements.map(({ id, signed }) => [id, signed]);
const act = { what: 'rights.import', subject: '' };
const both = [
  ['a1', '2027-03-01'],
  ['a2', '2027-04-01'],
];

test('a paper that another replaces stays in force with its day, in a ledger file and in registers', async () => {
  const agreements = [paper('a1', '2027-03-01'), paper('a2', '2027-04-01', { supersedes: 'a1' })];
  const path = await file('ledger.json', JSON.stringify({ ...clearedFile(), agreements }));
  expect((await importLedger(context, path)).leftOut.count).toBe(0);
  expect(await papers()).toEqual(both);
});

test('a workspace that lost the paper gets it back by the same file', async () => {
  const a2 = paper('a2', '2027-04-01', { supersedes: 'a1' });
  const text = JSON.stringify({ ...clearedFile(), agreements: [paper('a1', '2027-03-01'), a2] });
  const sha256 = createHash('sha256').update(text).digest('hex');
  const document = ledgerWith({ agreements: [a2] });
  await append(context, await currentLedger(context.db), { sha256, source: '', document }, act);
  const path = await file('ledger.json', text);
  const again = await importLedger(context, path);
  expect(again).toMatchObject({ unchanged: false, changes: { added: 1, changed: 0, removed: 0 } });
  expect((await papers())?.toSorted()).toEqual(both);
  expect((await importLedger(context, path)).unchanged).toBe(true);
});

test.each<[string, ...string[][]]>([
  ['of the same register', ['a1,contract,studio,2027-03-01,', 'a2,contract,studio,2027-04-01,a1']],
  ['of a register before', ['a1,contract,studio,2027-03-01,'], ['a2,contract,studio,2027-04-01,a1']],
])('also a paper %s', async (_, ...registers) => {
  const head = 'Id,Kind,Parties,Signed,Supersedes,Name,Hash';
  for (const rows of registers) {
    const csv = [head, ...rows.map((row) => `${row},A paper,${'a'.repeat(64)}`)].join('\n');
    const told = await importRegister(context, ...(await confirmed(csv, undefined, 'agreements')));
    expect(told.leftOut.count).toBe(0);
  }
  expect(await papers()).toEqual(both);
});
