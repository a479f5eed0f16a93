import { appendFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { forgetLedgers } from './catalogued.test-support.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { proposeMapping } from './mapping.ts';
import { importRegister } from './register.ts';
import type { RegisterSection } from './schema.ts';
import { currentLedger } from './store.ts';
import { importWords } from './words.ts';

let context: Context;
let close: () => Promise<void>;
let count = 0;

beforeAll(async () => {
  ({ context, close } = await testContext());
});
afterAll(() => close());
beforeEach(async () => {
  await forgetLedgers(context);
  const path = await file('ledger.json', JSON.stringify(clearedFile()));
  await importLedger(context, path);
});

async function file(name: string, text: string | Buffer): Promise<string> {
  const path = join(context.paths.root, `${count++}-${name}`);
  await writeFile(path, text);
  return path;
}

const head = 'Contract No,Licensor,Title ID,Use,Territory,Start date,End date,Desk';
const good = [
  'n1,studio,harbour,condition; eval,DE|FR,2026-01-01,2027-01-01,3',
  'n2,studio,harbour,distil,world,,2026-05-01T12:00:00Z,"4, left"',
];

/** More rows than are looked at together. */
const many = Array.from({ length: 10_100 }, (_, i) => `m${i},studio,harbour,eval,world,,,`);

async function confirmed(csv: string, change = (yaml: string) => yaml): Promise<[string, string]> {
  const register = await file('contracts.csv', csv);
  const mapping = `${register}.yaml`;
  await proposeMapping(register, 'grants', mapping);
  const yaml = (await readFile(mapping, 'utf8')).replace('confirmed: false', 'confirmed: true');
  await writeFile(mapping, change(yaml));
  return [register, mapping];
}

const refusal = async (csv: string, change?: (yaml: string) => string): Promise<string[]> => {
  const [register, mapping] = await confirmed(csv, change);
  const before = await context.db.select().from(tables.rightsRows);
  const error = await importRegister(context, register, mapping).then(
    () => new Error('it was imported'),
    (thrown: Error) => thrown,
  );
  expect(await context.db.select().from(tables.rightsRows)).toEqual(before);
  return error.message.split('\n').map((line) => line.trim());
};

test('a mapping is proposed from the headings, with what is missing and what is ignored', async () => {
  const register = await file('contracts.csv', `${head.replace('Territory', 'Where')}\n${good.join('\n')}`);
  const proposed = await proposeMapping(register, 'grants', `${register}.yaml`);
  expect(proposed.columns).toEqual({
    ...{ id: 'Contract No', grantor: 'Licensor', titles: 'Title ID', uses: 'Use' },
    ...{ from: 'Start date', until: 'End date' },
  });
  expect([proposed.missing, proposed.ignored]).toEqual([['territories'], ['Where', 'Desk']]);
  await expect(proposeMapping(register, 'grants', `${register}.yaml`)).rejects.toMatchObject({
    code: 'file-exists',
  });
});

test('nothing is imported by a mapping that nobody confirmed', async () => {
  const lines = await refusal(`${head}\n${good[0]}`, (yaml) =>
    yaml.replace('confirmed: true', 'confirmed: false'),
  );
  expect(lines[0]).toContain('expected a mapping that somebody confirmed, found confirmed: false');
});

test('the rows of a register join the ledger, and replace those of the same id', async () => {
  const imported = await importRegister(context, ...(await confirmed([head, ...good].join('\n'))));
  expect(imported.changes).toEqual({ added: 2, changed: 0, removed: 0 });
  expect(importWords(imported).match(/not legal advice/g)).toHaveLength(1);
  const grants = (await currentLedger(context.db))?.document.grants;
  expect(grants?.map(({ id }) => id)).toEqual(['g1', 'n1', 'n2']);
  expect(grants?.[1]).toMatchObject({
    uses: ['condition', 'eval'],
    territories: ['DE', 'FR'],
    from: '2026-01-01',
  });
  const [register, mapping] = await confirmed(`${head}\n${good[0]?.replace('2027', '2028')}`);
  expect((await importRegister(context, register, mapping)).changes).toEqual({
    added: 0,
    changed: 1,
    removed: 0,
  });
});

test('what every row has and no column says is a value of the mapping', async () => {
  const csv = 'ref,licensor,film,use\nn1,studio,harbour,distil';
  const withValues = (yaml: string) =>
    yaml.replace('values: {}', 'values: { territories: [world], trainers: [vendor] }');
  await importRegister(context, ...(await confirmed(csv, withValues)));
  expect((await currentLedger(context.db))?.document.grants[1]).toMatchObject({ trainers: ['vendor'] });
});

describe('a register is refused whole, with row and column', () => {
  const broken = (change: (row: string) => string) => [head, good[1], change(good[0] ?? '')].join('\n');
  test.each([
    [
      'a window that ends before it begins',
      ['2027-01-01', '2025-01-01'],
      'row 3, column "End date" (until): expected an end at or after',
    ],
    [
      'a territory that nobody knows',
      ['DE|FR', 'UK'],
      'row 3, column "Territory" (territories): expected an ISO 3166 code',
    ],
    [
      'a time without its zone',
      ['2026-01-01', '2026-01-01T10:00:00'],
      'row 3, column "Start date" (from): expected a day',
    ],
    ['a formula', ['harbour', '=HYPERLINK(A1)'], 'row 3, column "Title ID" (titles): expected plain text'],
    ['markup', ['studio', '<b>studio</b>'], 'row 3, column "Licensor" (grantor): expected plain text'],
    [
      'a title that nobody knows',
      ['harbour', 'harbor'],
      'row 3, column "Title ID" (titles): expected the id of one of the titles',
    ],
    [
      'an owner who owns nothing',
      ['studio', 'nia'],
      'row 3, column "Title ID" (titles): expected a title of which the grantor owns',
    ],
    ['an empty cell that is needed', ['studio', ''], 'row 3, column "Licensor" (grantor): expected'],
    ['an id twice', ['n1', 'n2'], 'row 3: expected an id used once, found "n2", which row 2 has'],
  ])('for %s', async (_, [from = '', to = ''], expected) => {
    const lines = await refusal(broken((row) => row.replace(from, to)));
    expect(lines.join('\n')).toContain(expected);
    expect(lines.join('\n')).toContain('nothing of it was imported');
  });

  test.each([
    '=1+1',
    '+1+1',
    '@SUM(A1)',
    '-1+1',
    "-2+3+cmd|' /C calc'!A0",
    '<script>',
    'Harbour<img src=x>',
    '</td>',
    '<?php',
  ])('for the formula or markup %s', async (cell) => {
    const lines = await refusal(broken((row) => row.replace('studio', cell)));
    expect(lines.join('\n')).toContain('row 3, column "Licensor" (grantor): expected plain text');
  });

  const terms = `${head},Exclusive,Supersedes`;
  const exclusive = 'studio,harbour,condition,DE,2026-01-01,2027-01-01,3,yes';

  test('for exclusive grants that meet, with the row of the second', async () => {
    const lines = await refusal(
      [terms, `n1,${exclusive},`, `n2,${exclusive.replace('2026', '2025')},`].join('\n'),
    );
    expect(lines.join('\n')).toContain(
      'row 3, column "Title ID" (titles): expected nothing that studio permits by the exclusive grant "n1"',
    );
  });

  test('for rows that replace each other in a circle', async () => {
    const plain = exclusive.replace('yes', 'no');
    const lines = await refusal([terms, `n1,${plain},n2`, `n2,${plain},n1`].join('\n'));
    expect(lines.join('\n')).toMatch(/row [23], column "Supersedes" \(supersedes\): expected/);
  });

  test('for two parties with one id', async () => {
    const csv = 'id,kind,name\nlea,person,Lea One\nlea,person,Lea Two';
    const register = await file('parties.csv', csv);
    await proposeMapping(register, 'parties', `${register}.yaml`);
    const yaml = await readFile(`${register}.yaml`, 'utf8');
    await writeFile(`${register}.yaml`, yaml.replace('confirmed: false', 'confirmed: true'));
    const before = await context.db.select().from(tables.rightsRows);
    await expect(importRegister(context, register, `${register}.yaml`)).rejects.toThrow(
      'row 3: expected an id used once, found "lea", which row 2 has',
    );
    expect(await context.db.select().from(tables.rightsRows)).toEqual(before);
  });

  test('for an amount with three decimals', async () => {
    const csv = 'ref,kind,to,titles,uses,territories,amount\no1,pay,nia,all,all,world,10.125 EUR';
    const register = await file('duties.csv', csv);
    await proposeMapping(register, 'obligations', `${register}.yaml`);
    const yaml = await readFile(`${register}.yaml`, 'utf8');
    await writeFile(`${register}.yaml`, yaml.replace('confirmed: false', 'confirmed: true'));
    await expect(importRegister(context, register, `${register}.yaml`)).rejects.toThrow(
      'row 2, column "amount" (amount): expected an amount with at most two decimals',
    );
  });

  test('for a heading twice, a cell too many, and for a column that the mapping names and nobody has', async () => {
    await expect(confirmed(`${head},Use\n`)).rejects.toMatchObject({ code: 'register-invalid' });
    const long = await refusal(`${head}\n${good[0]},4\n${good[1]},4,5`);
    expect(long.slice(1, 3).map((line) => line.slice(0, 35))).toEqual([
      'row 2: expected 8 cells, found 9. P',
      'row 3: expected 8 cells, found 10. ',
    ]);
    const lines = await refusal([head, good[0]].join('\n'), (yaml) => yaml.replace('Start date', 'Begin'));
    expect(lines.join('\n')).toContain('row 1: expected the column "Begin" for from, found none');
  });

  test('for more than a hundred problems, with the first hundred and their number', async () => {
    const rows = Array.from({ length: 150 }, (_, i) => `x${i},studio,harbour,fly,world,,,`);
    const lines = await refusal([head, ...rows].join('\n'));
    expect(lines[0]).toContain('found 150 problems');
    expect(lines.join('\n')).toContain('and 50 more');
  });

  test('for a quote that nobody closed, with the row and what was wrong before it', async () => {
    const lines = await refusal(
      [head, good[0]?.replace('harbour', 'harbor'), 'n3,"studio', good[1]].join('\n'),
    );
    expect(lines.join('\n')).toMatch(
      /row 2, column "Title ID" .*\n.*Quote.* Rows after it may not have been read/,
    );
  });

  test('for 200 MB without a line, and what is no text', async () => {
    const register = await file('huge.csv', '');
    await writeFile(register, Buffer.alloc(200_000_000, 0x61));
    await expect(proposeMapping(register, 'grants', `${register}.yaml`)).rejects.toThrow(
      'record exceed the maximum number of tolerated bytes of 1000000 at line 1',
    );
    const film = await file('film.csv', Buffer.from([0x61, 0xff, 0xfe, 0x0a]));
    await expect(proposeMapping(film, 'grants', `${film}.yaml`)).rejects.toThrow('bytes that are not UTF-8');
    await expect(proposeMapping('absent.csv', 'grants', 'absent.yaml')).rejects.toThrow('no such file');
  });

  test('for a bad cell among more rows than are looked at together, and an id of the first of them', async () => {
    const lines = await refusal([head, ...many, many[3]?.replace('eval', 'fly')].join('\n'));
    expect(lines.slice(0, 3).join('\n')).toMatch(
      /2 problems:\nrow 10102, column "Use" .*\nrow 10102: .*"m3", which row 5 has/,
    );
  });

  test('for an exclusive grant beside one in force, and one that is replaced does not count', async () => {
    const sole = `n1,studio,harbour,train.style,world,2026-01-01,2027-01-01,3,yes`;
    const licensed = `${terms},Licensee`;
    const lines = await refusal([licensed, `${sole},,nia`].join('\n'));
    expect(lines.join('\n')).toContain(
      'the ledger in force, grants.g1.titles.0: expected nothing that studio',
    );
    const imported = await importRegister(
      context,
      ...(await confirmed([licensed, `${sole},g1,nia`].join('\n'))),
    );
    expect(imported).toMatchObject({ changes: { added: 0, changed: 1, removed: 1 }, rows: { grants: 1 } });
  });

  test('for a row that brings back what was withdrawn, or replaces what nobody knows', async () => {
    const lines = await refusal([terms, `${good[0]},no,g9`].join('\n'));
    expect(lines.join('\n')).toContain(
      'column "Supersedes" (supersedes): expected the id of one of the grants',
    );
    const withdrawal = `${head},Withdrawn\n${good[0]},2026-04-01`;
    await importRegister(context, ...(await confirmed(withdrawal)));
    const [back, mapping] = await confirmed(`${head}\n${good[0]}`);
    await expect(importRegister(context, back, mapping)).rejects.toThrow('grants/n1: withdrawn: 2026-04-01');
  });

  test('for a file that changes while it is read', async () => {
    const [register, mapping] = await confirmed([head, ...good].join('\n'));
    const before = await context.db.select().from(tables.rightsRows);
    let changed = false;
    const report: Context['report'] = ({ phase }) => {
      if (phase === 'recording the register' && !changed)
        appendFileSync(register, '\nn9,studio,harbour,eval,world,,,');
      changed ||= phase === 'recording the register';
    };
    const again = importRegister({ ...context, report }, register, mapping);
    await expect(again).rejects.toMatchObject({ code: 'register-changed' });
    expect(await context.db.select().from(tables.rightsRows)).toEqual(before);
  });
});

test('a register of more rows than are looked at together is recorded whole, and told how far it is', async () => {
  const [register, mapping] = await confirmed([head, ...many].join('\n'));
  const told: string[] = [];
  const report: Context['report'] = ({ phase, done, total, unit }) =>
    told.push(`${phase} ${(done / total).toFixed(1)} ${unit}`);
  const imported = await importRegister({ ...context, report }, register, mapping);
  expect(imported).toMatchObject({
    changes: { added: 10_100, changed: 0, removed: 0 },
    rows: { grants: 10_101 },
  });
  expect([told[0]?.slice(0, 21), told.at(-1)]).toEqual([
    'checking the register',
    'recording the register 1.0 MB',
  ]);
  const again = await importRegister(context, ...(await confirmed([head, ...many.slice(0, 9)].join('\n'))));
  expect(again.changes).toEqual({ added: 0, changed: 0, removed: 0 });
});

async function imported(section: RegisterSection, csv: string) {
  const register = await file(`${section}.csv`, csv);
  await proposeMapping(register, section, `${register}.yaml`);
  const yaml = await readFile(`${register}.yaml`, 'utf8');
  await writeFile(`${register}.yaml`, yaml.replace('confirmed: false', 'confirmed: true'));
  await importRegister(context, register, `${register}.yaml`);
  return (await currentLedger(context.db))?.document;
}

test('documents, where it is written and the numbers by which parties are known have columns', async () => {
  const hash = 'a'.repeat(64);
  await imported(
    'agreements',
    `id,name,kind,parties,sha256,signed\ndeal,Deal,contract,studio|nia,${hash},2026-01-02`,
  );
  const csv = `${head},Agreement,Page\n${good[0]},deal,12\n${good[1]},,`;
  const grants = (await imported('grants', csv))?.grants;
  expect(grants?.map(({ evidence }) => evidence)).toEqual([
    undefined,
    { agreement: 'deal', page: 12 },
    undefined,
  ]);
  const known = await imported(
    'parties',
    'id,kind,name,ISNI,ids.HAND,representedBy\nada,person,Ada,0000 0001,21.T1/ada,office\noffice,org,Office,,,',
  );
  expect(known?.parties.find(({ id }) => id === 'ada')).toMatchObject({
    ids: [
      { scheme: 'ISNI', value: '0000 0001' },
      { scheme: 'HAND', value: '21.T1/ada' },
    ],
    representedBy: ['office'],
  });
  const lines = await refusal(`${head},Agreement,Page\n${good[0]},deal,twelve\n${good[1]},other,1`);
  expect(lines.slice(1, 3).map((line) => line.slice(0, 80))).toEqual([
    expect.stringContaining('row 2, column "Page" (evidence.page): expected a value of type number'),
    expect.stringContaining('row 3, column "Agreement" (evidence.agreement): expected the id of one'),
  ]);
  await expect(imported('parties', 'id,kind,name,ISNI\nbo,person,Bo,0000 0001')).rejects.toThrow(
    'expected an identifier of one row only, found ISNI 0000 0001',
  );
  await expect(imported('parties', 'id,kind,name,representedBy\nbo,person,Bo,nobody')).rejects.toThrow(
    'row 2, column "representedBy" (representedBy): expected the id of one of the parties, found "nobody"',
  );
});
