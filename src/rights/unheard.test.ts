import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { forgetLedgers } from './catalogued.test-support.ts';
import { importLedger } from './import.ts';
import { lastContents } from './last-said.ts';
import { writeLedger } from './ledger-file.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { newRefusals } from './refusals.ts';
import { confirmed, context, file, useWorkspace } from './register.test-support.ts';
import { importRegister } from './register.ts';
import { ledgerRow } from './row.ts';
import type { LedgerFile, RegisterSection } from './schema.ts';
import { appendLedger, currentLedger } from './store.ts';

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
  await importing({ consents: [c2, old, { ...c1, id: 'k2', on: '2026-11-01', lifts: ['k1'] }] });
  expect((await inForce())?.consents.map(({ id }) => id)).toEqual(['c2', 'k1', 'k2']);
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

test('what was withdrawn and given anew at once is taken again with whatever else of the file changes', async () => {
  const [zoe, withdrawn] = [
    { id: 'zoe', kind: 'person', name: 'Zoe' },
    { ...c1, withdrawn: '2026-11-01' },
  ];
  await importing({ consents: [withdrawn, c2] });
  const more = { parties: [...(clearedFile().parties ?? []), zoe], consents: [withdrawn, c2] };
  expect((await importing(more)).changes).toEqual({ added: 1, changed: 0, removed: 0 });
  const earlier = { ...withdrawn, withdrawn: '2026-10-01' };
  await expect(importing({ ...more, consents: [earlier, c2] })).rejects.toThrow('withdrawn: 2026-10-01');
  const c3 = { ...c1, id: 'c3', supersedes: 'c2' };
  await importing({ ...more, consents: [c3] });
  expect((await inForce())?.consents).toEqual([c3]);
});

test.each([
  ['consents', c1 as object, { withdrawn: '2026-11-01' }],
  ['consents', c1 as object, { answer: 'refused' }],
  ['restrictions', r1, { until: '2030-01-31' }],
  ['obligations', o1, { amount: '500.00 EUR' }],
] as const)(
  'nor is it dropped of %s that were replaced in the first file: %j with %j',
  async (section, row, parts) => {
    await forgetLedgers(context);
    const both = pair(row);
    expect((await importing({ [section]: both })).changes.removed).toBe(0);
    await expect(importing({ [section]: [{ ...row, ...parts }, both[1]] })).rejects.toThrow(
      'stands in its place, and goes on',
    );
    const noted = { ...row, [section === 'restrictions' ? 'reason' : 'note']: 'as in the paper' };
    const { ledger, changes } = await importing({ [section]: [noted, both[1]] });
    expect(changes).toEqual({ added: 0, changed: 0, removed: 0 });
    expect(await newRefusals(context.db, ledger)).toEqual([]);
    const told = await ledgerRow(context, `${section}/${(row as { id: string }).id}`);
    expect(told).toMatchObject({ inForce: false, versions: [{ content: null }, { content: noted }, {}, {}] });
  },
);

test('nor where an earlier version recorded what replaces a row, and not the row', async () => {
  const before = await currentLedger(context.db);
  if (before === null) throw new Error('no ledger');
  const k2 = { ...before.document.consents[0], id: 'k2', supersedes: 'k1' };
  const document = { ...before.document, consents: [k2] } as typeof before.document;
  await appendLedger(context.db, { ...before, id: 'ldg_1', document }, before.id, {
    what: 'x',
    subject: 'x',
  });
  await expect(importing({ consents: [{ ...c1, id: 'k1', withdrawn: '2026-11-01' }, k2] })).rejects.toThrow(
    'consents/k2 stands in its place, and goes on',
  );
  await importing({ consents: [{ ...c1, id: 'k1' }, k2] });
  await expect(importing({ consents: [{ ...c1, id: 'k1', answer: 'refused' }, k2] })).rejects.toThrow(
    'consents/k2 stands in its place, and goes on',
  );
});

test('a register that brings the same each month, with a row more, is taken', async () => {
  const csv = 'Id,Party,Answer,Titles,Uses,Territories,Supersedes,Withdrawn';
  const [old, next] = ['nia,given,harbour,train.style,DE', 'nia,given,harbour,train.style,DE'];
  const lines = [csv, `k1,${old},,2026-11-01`, `k2,${next},k1,`];
  await register('consents', lines.join('\n'));
  const more = await register('consents', [...lines, `k3,${next},,`].join('\n'));
  expect(more.changes).toEqual({ added: 1, changed: 0, removed: 0 });
  const no = lines.map((line) => line.replace('2026-11-01', '2026-10-01'));
  await expect(register('consents', no.join('\n'))).rejects.toThrow('withdrawn: 2026-10-01');
  expect((await inForce())?.consents.map(({ id }) => id)).toEqual(['c1', 'k2', 'k3']);
});

test('of more rows than the database takes parameters', async () => {
  const ids = Array.from({ length: 70_000 }, (_, i) => `c${i}`);
  expect(await lastContents(context.db, 'consents', ids)).toMatchObject([{ id: 'c1' }]);
});

test('it is heard where what stands in its place says it too, and where the rows between are left out with it', async () => {
  const gone = { withdrawn: '2026-11-01' };
  const c3 = { ...c1, id: 'c3', supersedes: 'c2' };
  await importing({ consents: [c1, c2, c3] });
  const told =
    'Say it of consents/c3 too, or by a row of its own id; where it is settled since, leave the replaced row out, with the rows between the two.';
  await expect(importing({ consents: [{ ...c1, ...gone }, c2, c3] })).rejects.toThrow(told);
  await importing({ consents: [{ ...c1, ...gone }, c2, { ...c3, ...gone }] });
  expect((await inForce())?.consents).toEqual([{ ...c3, ...gone }]);
  await importing({ consents: [{ ...c3, ...gone }] });
  const csv = 'Id,Party,Answer,Titles,Uses,Territories,Supersedes,Withdrawn';
  const said = 'nia,given,harbour,train.style,world';
  const lines = [csv, `c1,${said},,2026-10-01`, `c3,${said},c2,2026-10-01`];
  await register('consents', lines.join('\n'));
  expect((await inForce())?.consents).toEqual([{ ...c3, withdrawn: '2026-10-01' }]);
});

test.each([
  ['grants', g1 as object],
  ['consents', c1 as object],
] as const)(
  'of %s a chain that comes whole in one file ends nothing that its last row goes on with, and tells what that one leaves out',
  async (section, row) => {
    const [first, ...rest] = ['k1', 'k2', 'k3'].map((id, i) => ({
      ...{ ...row, uses: ['train.style', 'distil'], id },
      ...(i === 0 ? {} : { supersedes: `k${i}` }),
    }));
    for (const uses of [['train.style', 'distil'], ['train.style']]) {
      await forgetLedgers(context);
      await importing({ [section]: [first] });
      const last = { ...rest[1], uses };
      const { ledger } = await importing({ [section]: [first, rest[0], last] });
      const says = uses.length === 2 ? [] : [{ row: `${section}/k3`, says: 'no longer permits distil' }];
      expect(await newRefusals(context.db, ledger)).toMatchObject(says);
    }
  },
);
