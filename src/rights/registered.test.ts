import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tables } from '../db/index.ts';
import { importLedger } from './import.ts';
import { writeLedger } from './ledger-file.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { confirmed, context, file, useWorkspace } from './register.test-support.ts';
import { importRegister } from './register.ts';
import type { Imported, RegisterSection } from './schema.ts';
import { currentLedger } from './store.ts';

/** A ledger file beside registers that recorded what it has never held. */

useWorkspace();

const register = async (section: RegisterSection, ...lines: string[]): Promise<Imported> =>
  importRegister(context, ...(await confirmed(lines.join('\n'), undefined, section)));
const importing = async (parts: object = {}): Promise<Imported> =>
  importLedger(context, await file('ledger.json', JSON.stringify({ ...clearedFile(), ...parts })));
const inForce = async (section: 'restrictions' | 'obligations' | 'consents') =>
  (await currentLedger(context.db))?.document[section].map(({ id }) => id);

const bans = (...ids: string[]) => [
  'Id,Titles,Uses,Territories,Reason,Supersedes',
  ...ids.map((id) => `${id},harbour,train.style,world,no,`),
];
const dues = ['Id,Kind,To,Titles,Uses,Territories', 'o1,notify,nia,harbour,index,world'];
const noes = ['Id,Party,Answer,Titles,Uses,Territories', 'no,nia,refused,harbour,distil,world'];
const ban = { id: 'r1', titles: ['harbour'], uses: ['train.style'], territories: ['world'], reason: 'no' };

test('bans, obligations and refusals of registers stay in force, as often as the file comes again, and it is told', async () => {
  await register('restrictions', ...bans('r1', 'r2'));
  await register('obligations', ...dues);
  await register('consents', ...noes);
  const told = '4 rows of registers, which the file does not name, stay in force: ';
  const first = await importing({ version: 1 });
  expect(first.warnings[0]).toBe(`${told}restrictions/r1, restrictions/r2, consents/no, obligations/o1`);
  expect(first.rows).toMatchObject({ restrictions: 2, consents: 2, obligations: 1 });
  expect(await importing({ version: 1 })).toMatchObject({ unchanged: true, warnings: first.warnings });
  expect(await inForce('restrictions')).toEqual(['r1', 'r2']);
  expect(await inForce('consents')).toContain('no');
});

test('what registers permit is left out as ever', async () => {
  await register('consents', noes[0] ?? '', 'yes,nia,given,harbour,distil,world');
  expect((await importing()).warnings).toEqual([]);
  expect(await inForce('consents')).toEqual(['c1']);
});

test('one that the file names is what the file says, and may be lifted by a row of it', async () => {
  await register('restrictions', ...bans('r1'));
  await expect(
    importing({ restrictions: [{ ...ban, uses: ['index'], territories: ['DE'] }] }),
  ).rejects.toThrow('restrictions/r1: territories');
  const ended = { ...ban, id: 'r2', until: '2020-01-01', supersedes: 'r1' };
  expect((await importing({ restrictions: [ban, ended] })).warnings).toEqual([]);
  expect(await inForce('restrictions')).toEqual(['r2']);
});

test('what the file itself recorded must stay in it, also where a register holds it too', async () => {
  await importing({ restrictions: [ban] });
  await register('restrictions', ...bans('r1', 'r2'));
  await expect(importing()).rejects.toThrow('left out:\n  restrictions/r1: in force');
});

test('a row that speaks of what the file lacks, or replaces a row of it, has to be written into it', async () => {
  const parties = [...(clearedFile().parties ?? []), { id: 'ann', kind: 'person', name: 'Ann Lech' }];
  await importing({ parties, restrictions: [ban] });
  await register('obligations', dues[0] ?? '', 'o1,notify,ann,harbour,index,world');
  await expect(importing({ restrictions: [ban] })).rejects.toThrow('left out:\n  obligations/o1: in force');
  await register('restrictions', bans()[0] ?? '', 'r2,harbour,train.style,DE,no,r1');
  await expect(importing({ parties, restrictions: [ban] })).rejects.toThrow('restrictions/r2: in force');
});

const estate = ['Id,Kind,Name,ISNI', 'estate,estate,The Estate,0000000121032683'];
const papers = ['Id,Name,Kind,Parties,SHA256', `k1,Letter,letter,estate,${'a'.repeat(64)}`];
const banned = [
  'Id,Imposed by,Titles,Uses,Territories,Reason,Evidence agreement',
  'r1,estate,harbour,train.style,world,no,k1',
];

test('a ban of a register stays with its party and its paper, which the file has never held', async () => {
  await register('parties', ...estate);
  await register('agreements', ...papers);
  await register('restrictions', ...banned);
  const told = '3 rows of registers, which the file does not name, stay in force: ';
  expect((await importing({ version: 1 })).warnings).toEqual([
    `${told}parties/estate, agreements/k1, restrictions/r1`,
  ]);
  expect((await currentLedger(context.db))?.document).toMatchObject({
    restrictions: [{ imposedBy: 'estate', evidence: { agreement: 'k1' } }],
  });
});

test('where its party contradicts the file the ban has to be written into it, and the ledger as a file holds both', async () => {
  await register('parties', ...estate);
  await register('restrictions', banned[0] ?? '', 'r1,estate,harbour,train.style,world,no,');
  const parties = [
    ...(clearedFile().parties ?? []),
    { id: 'heirs', kind: 'estate', name: 'The Heirs', ids: [{ scheme: 'ISNI', value: '0000000121032683' }] },
  ];
  const error = await importing({ parties }).then(String, (thrown: Error) => thrown.message);
  expect(error).toMatch(/left out:\n {2}restrictions\/r1: in force[\s\S]*backlot rights ledger --to FILE/);
  const { path } = await writeLedger(context, join(context.paths.root, 'whole.yaml'));
  expect((await importLedger(context, path)).warnings).toEqual([]);
  expect(await inForce('restrictions')).toEqual(['r1']);
});

test('of very many that are left out the first are told, and how many more', async () => {
  const restrictions = Array.from({ length: 120 }, (_, i) => ({ ...ban, id: `r${i}` }));
  await importing({ restrictions });
  await expect(importing()).rejects.toMatchObject({
    message: expect.stringContaining('and 20 more: with --json each is listed'),
    facts: expect.objectContaining({ problems: expect.arrayContaining(['restrictions/r119: in force']) }),
  });
  expect(await context.db.select().from(tables.rightsLedgers)).toHaveLength(2);
});

test('one of a title that the file replaces by another has to be written into it, for that one too', async () => {
  await register('restrictions', ...bans('r1'));
  const [harbour] = clearedFile().titles ?? [];
  const titles = [harbour, { ...harbour, id: 'pier', supersedes: 'harbour' }];
  const appearances = clearedFile().appearances?.map((row) => ({ ...row, title: 'pier' }));
  await expect(importing({ titles, appearances })).rejects.toThrow('left out:\n  restrictions/r1: in force');
  await importing({ titles, appearances, restrictions: [{ ...ban, titles: ['harbour', 'pier'] }] });
  expect(await inForce('restrictions')).toEqual(['r1']);
});
