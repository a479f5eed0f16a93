import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { importLedger } from './import.ts';
import { writeLedger } from './ledger-file.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { confirmed, context, file, useWorkspace } from './register.test-support.ts';
import { importRegister } from './register.ts';
import type { LedgerFile, RegisterSection } from './schema.ts';
import { currentLedger } from './store.ts';

/** What is written on a row that another replaced before is not dropped in silence where it says no. */

useWorkspace();

const [c1] = clearedFile().consents ?? [];
const [g1] = clearedFile().grants ?? [];
const [harbour] = clearedFile().titles ?? [];
const c2 = { ...c1, id: 'c2', supersedes: 'c1' };
const scope = { titles: ['harbour'], uses: ['distil'], territories: ['world'] };
const r1 = { ...scope, id: 'r1', reason: 'no', until: '2026-01-31' };
const o1 = { ...scope, id: 'o1', kind: 'pay', to: 'nia', amount: '5.00 EUR', due: '2027-01-01' };
const importing = async (parts: object) =>
  importLedger(context, await file('ledger.json', JSON.stringify({ ...clearedFile(), ...parts })));
const register = async (section: RegisterSection, csv: string, replace = true) =>
  importRegister(context, ...(await confirmed(csv, undefined, section)), replace);
const inForce = async () => (await currentLedger(context.db))?.document;

/** A row with the one that replaces it. */
const pair = (row: object) => {
  const { id } = row as { id: string };
  return [row, { ...row, id: `${id}b`, supersedes: id }];
};

test.each([
  ['consents', c1 as object, { withdrawn: '2026-11-01' }, 'withdrawn: 2026-11-01'],
  ['consents', c1 as object, { answer: 'refused' }, 'answer: refused'],
  ['grants', g1 as object, { withdrawn: '2026-11-01' }, 'withdrawn: 2026-11-01'],
  ['grants', { ...g1, grantee: 'nia' }, { exclusive: true }, 'exclusive: true'],
  ['restrictions', r1, { until: '2030-01-31' }, 'until: "2030-01-31"'],
  ['obligations', o1, { amount: '500.00 EUR' }, 'amount: "500.00 EUR"'],
] as const)('of %s in a ledger file: %j with %j', async (section, row, parts, told) => {
  const both = pair(row);
  await importing({ [section]: [row] });
  await importing({ [section]: both });
  await expect(importing({ [section]: [{ ...row, ...parts }, both[1]] })).rejects.toMatchObject({
    code: 'ledger-invalid',
    message: expect.stringContaining(told),
  });
  expect(JSON.stringify(await inForce())).not.toContain(JSON.stringify(parts).slice(1, -1));
});

test('of a title too; its successor is named', async () => {
  const pier = { ...harbour, id: 'pier', supersedes: 'harbour' };
  const appearances = [{ ...clearedFile().appearances?.[0], title: 'pier' }];
  const rest = { consents: [], grants: [], appearances };
  await importing({ ...rest, titles: [harbour, pier] });
  const gone = { ...harbour, withdrawn: '2026-11-01' };
  await expect(importing({ ...rest, titles: [gone, pier] })).rejects.toThrow(
    'titles/pier stands in its place, and goes on, found withdrawn: 2026-11-01',
  );
});

test('a file that is written, in which a consent is withdrawn that another replaced, is refused, and as it was written it is not', async () => {
  await importing({ consents: [c1, c2] });
  const path = join(context.paths.root, 'written.yaml');
  await writeLedger(context, path);
  const written = parse(await readFile(path, 'utf8')) as LedgerFile;
  const consents = written.consents?.map((row) =>
    row.id === 'c1' ? { ...row, withdrawn: '2026-11-01' } : row,
  );
  await expect(importing({ ...written, consents })).rejects.toThrow('Say it of consents/c2');
  expect((await importing(written)).changes).toEqual({ added: 0, changed: 0, removed: 0 });
});

test('what is withdrawn and given anew at once is taken, also of rows that were never recorded, and may be left out then', async () => {
  await importing({ consents: [{ ...c1, withdrawn: '2026-11-01' }, c2] });
  const old = { ...c1, id: 'k1', answer: 'refused' };
  await importing({ consents: [c2, old, { ...c1, id: 'k2', supersedes: 'k1' }] });
  expect((await inForce())?.consents.map(({ id }) => id)).toEqual(['c2', 'k2']);
});

test('in a register the row and the column are told, and nothing is recorded', async () => {
  await importing({ consents: [c1, c2] });
  const csv = 'Id,Party,Answer,Titles,Uses,Territories';
  const no = 'c1,nia,refused,harbour,train.style,world';
  for (const replace of [true, false])
    await expect(register('consents', `${csv}\n${no}`, replace)).rejects.toMatchObject({
      code: 'register-invalid',
      message: expect.stringContaining(
        'row 2, column "Id" (id): expected what consents/c1 said when it was replaced: consents/c2 stands in its place, and goes on, found answer: refused',
      ),
    });
  const yes = await register('consents', `${csv}\nc1,nia,given,harbour,train.style,DE`);
  expect(yes.leftOut.count).toBe(1);
});

test('nor is it dropped where what replaced it was replaced in its turn', async () => {
  await importing({ restrictions: [r1] });
  await importing({ restrictions: pair(r1) });
  await importing({
    restrictions: [
      { ...r1, id: 'r1b' },
      { ...r1, id: 'last', supersedes: 'r1b' },
    ],
  });
  const csv = 'Id,Titles,Uses,Territories,Reason,Until\nr1,harbour,distil,world,no,2030-01-31';
  await expect(register('restrictions', csv)).rejects.toThrow('restrictions/last stands in its place');
  expect((await register('restrictions', csv.replace('2030', '2026'))).leftOut.count).toBe(1);
});
