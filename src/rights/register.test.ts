import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { tables } from '../db/index.ts';
import { importWords } from './import-words.ts';
import { proposeMapping } from './mapping.ts';
import { isCode } from './plain-text.ts';
import {
  confirmed,
  context,
  file,
  good,
  head,
  refusal,
  refused,
  useWorkspace,
} from './register.test-support.ts';
import { importRegister } from './register.ts';
import { currentLedger } from './store.ts';
import { mapWords } from './words.ts';

useWorkspace();

test('a mapping is proposed from the headings, with what is missing and what is ignored', async () => {
  const register = await file('contracts.csv', `${head.replace('Territory', 'Where')}\n${good.join('\n')}`);
  const proposed = await proposeMapping(register, 'grants', `${register}.yaml`);
  expect(mapWords(proposed).match(/not legal advice/g)).toHaveLength(1);
  expect(proposed.columns).toEqual({
    ...{ id: 'Contract No', grantor: 'Licensor', titles: 'Title ID', uses: 'Use' },
    ...{ from: 'Start date', until: 'End date' },
  });
  expect([proposed.missing, proposed.ignored]).toEqual([['territories'], ['Where', 'Desk']]);
  await expect(proposeMapping(register, 'grants', `${register}.yaml`)).rejects.toMatchObject({
    code: 'file-exists',
  });
});

test.each([
  ['obligations', 'Ref,Type,Owed to,Title,Use,Territory,Start date,End date,Due date,Amount'],
  ['grants', 'Contract No,Licensor,Title,Use,Territory,Start date,End date,Exclusive'],
  ['consents', 'Ref,Performer,Answer,Title,Use,Territory,Start date,End date,Signed on'],
  ['restrictions', 'Ref,Imposed by,Film,Use,Territory,Reason,Unless'],
  ['approvals', 'Ref,Restriction,By,Title,Use,Territory'],
  ['parties', 'Id,Kind,Name,ISNI'],
  ['agreements', 'Ref,Name,Kind,Between,Document hash,Signed'],
])('a register of %s is known by its headings', async (section, headings) => {
  const register = await file('register.csv', `${headings}\n`);
  const proposed = await proposeMapping(register, undefined, `${register}.yaml`);
  expect(proposed).toMatchObject({ section, guessed: true, ignored: [], missing: [] });
  expect(mapWords(proposed)).toContain(`proposes for ${section}, as its headings say`);
  expect(await readFile(`${register}.yaml`, 'utf8')).toContain(`# ${section}: guessed by the headings`);
});

test('headings that say nothing of what the rows are ask a person', async () => {
  const register = await file('register.csv', 'Ref,Film,Use,Territory\n');
  const proposed = proposeMapping(register, undefined, `${register}.yaml`);
  await expect(proposed).rejects.toMatchObject({ code: 'section-unclear' });
  await expect(proposed).rejects.toThrow('--section');
});

test('nothing is imported by a mapping that nobody confirmed', async () => {
  const lines = await refusal(`${head}\n${good[0]}`, (yaml) =>
    yaml.replace('confirmed: true', 'confirmed: false'),
  );
  expect(lines[0]).toContain('expected a mapping that somebody confirmed, found confirmed: false');
  const broken = await refusal(`${head}\n${good[0]}`, (yaml) => `${yaml}columns: [`);
  expect(broken[0]).toContain('expected a mapping that somebody confirmed, found no YAML:');
});

test('the rows of a register join the ledger', async () => {
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
    [
      'an id twice',
      ['n1', 'n2'],
      'row 3, column "Contract No" (id): expected an id used once, found "n2", which row 2 has',
    ],
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
    '＝1+1',
    '&lt;script&gt;',
  ])('for the formula or markup %s', async (cell) => {
    const lines = await refusal(broken((row) => row.replace('studio', cell)));
    expect(lines.join('\n')).toContain('row 3, column "Licensor" (grantor): expected plain text');
  });

  test('for signs of full width and escapes, and not for numbers and dashes', () => {
    const code = [
      '＋A1',
      '－cmd',
      '＠SUM(A1)',
      '﹦1',
      '＜b＞',
      '&amp;lt;b',
      '&#60;b>',
      '&#x3C;b',
      ' \t=1',
      '+A1',
    ];
    expect(code.filter((text) => !isCode(text))).toEqual([]);
    const plain = [
      '-',
      '-5',
      '+44 20 7946 0000',
      '-30-',
      'Smith &amp; Sons',
      'AT&T',
      '5 < 6',
      'Ｔｏｋｙｏ＋',
      '',
    ];
    expect(plain.filter(isCode)).toEqual([]);
  });

  test('for a formula that the mapping writes into every row', async () => {
    const lines = await refusal([head, good[0]].join('\n'), (yaml) =>
      yaml.replace('values: {}', 'values: { note: "=1+1" }'),
    );
    expect(lines.join('\n')).toContain('found note: "=1+1"');
  });

  test.each([
    ['semicolons', ';'],
    ['tabs', '\t'],
  ])('for %s between its cells, with what to do', async (name, separator) => {
    const cells = (row: string) => row.split(',').map((cell) => `"${cell.replaceAll(';', '|')}"`);
    const csv = [head, ...good.slice(0, 1)].map((row) => cells(row).join(separator)).join('\r\n');
    const register = await file('contracts.csv', csv);
    const proposed = proposeMapping(register, 'grants', `${register}.yaml`);
    await expect(proposed).rejects.toThrow(
      `row 1: expected commas between the cells, found ${name}. Save it`,
    );
    const [, mapping] = await confirmed([head, ...good].join('\n'));
    await expect(importRegister(context, register, mapping)).rejects.toThrow(`found ${name}. Save it`);
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
      'row 3, column "id" (id): expected an id used once, found "lea", which row 2 has',
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
      'row 2, column "amount" (amount): expected an amount of EUR, which has at most two decimals, found "10.125 EUR"',
    );
  });

  test('for a heading twice, a cell too many, and for a column that the mapping names and nobody has', async () => {
    await expect(confirmed(`${head},Use\n`)).rejects.toMatchObject({ code: 'register-invalid' });
    const long = await refusal(`${head}\n${good[0]},4\n${good[1]},4,5`);
    expect(long.slice(1, 3).map((line) => line.split('. ')[0])).toEqual([
      'row 2, cell 9: expected 8 cells, found 9, of which "4" is the first too many',
      'row 3, cell 9: expected 8 cells, found 10, of which "4" is the first too many',
    ]);
    const short = await refusal(`${head}\n${good[0]?.replace(',2027-01-01,3', '')}`);
    expect(short[1]).toContain(
      'row 2, column "End date" (until): expected 8 cells, found 6: none for this column',
    );
    const lines = await refusal([head, good[0]].join('\n'), (yaml) => yaml.replace('Start date', 'Begin'));
    expect(lines.join('\n')).toContain('row 1: expected the column "Begin" for from, found none');
  });

  test('for more than a hundred problems, with the first hundred in words and each by itself', async () => {
    const rows = Array.from({ length: 150 }, (_, i) => `x${i},studio,harbour,fly,world,,,`);
    const error = await refused([head, ...rows].join('\n'));
    expect(error.message).toContain('found 150 problems');
    expect(error.message).toContain('\n  and 50 more: with --json each is listed');
    expect(error.message).not.toContain('row 151');
    const { problems } = JSON.parse(JSON.stringify(error));
    expect([problems.length, problems[149]]).toEqual([150, expect.stringContaining('row 151, column "Use"')]);
  });

  test('for an exclusive grant beside one in force, and one that is replaced does not count', async () => {
    const sole = `n1,studio,harbour,train.style,world,2026-01-01,2027-01-01,3,yes`;
    const licensed = `${terms},Licensee`;
    const lines = await refusal([licensed, `${sole},,nia`].join('\n'));
    expect(lines.join('\n')).toContain(
      'row 2, column "Title ID" (titles): expected nothing that studio permits by the exclusive grant "n1", found the same permitted by "g1"',
    );
    expect(lines.join('\n')).not.toContain('the ledger in force');
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
    await expect(importRegister(context, back, mapping)).rejects.toThrow('found nothing of withdrawn');
    const lived = await confirmed(`${head},Withdrawn\n${good[0]},`);
    await expect(importRegister(context, ...lived)).rejects.toThrow('grants/n1: withdrawn: 2026-04-01');
    // What the register has no column for stays.
    await importRegister(context, back, mapping, true);
    const n1 = (await currentLedger(context.db))?.document.grants.find(({ id }) => id === 'n1');
    expect(n1).toMatchObject({ withdrawn: '2026-04-01' });
  });
});
