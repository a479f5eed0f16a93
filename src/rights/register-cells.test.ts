import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { clearedFile } from './ledgers.test-support.ts';
import { proposeMapping, readMapping } from './mapping.ts';
import { refusal as yamlRefusal } from './refusals.test-support.ts';
import { confirmed, context, file, head, refusal, useWorkspace } from './register.test-support.ts';
import { importRegister } from './register.ts';
import { rowReader } from './register-rows.ts';

useWorkspace();

describe('each value of a cell that holds several is looked at as a cell is', () => {
  test.each(["wan;=cmd|' /C calc'!A0", 'wan; =1+1;@SUM(A1)', 'wan|<b>x</b>', 'wan;&amp;lt;b>'])(
    'in a list of models: %s',
    async (models) => {
      const lines = await refusal(
        `${head},Models\nn1,studio,harbour,eval,world,,,3,wan\nn2,studio,harbour,eval,world,,,3,${models}`,
      );
      expect(lines.join('\n')).toContain('row 3, column "Models" (models): expected plain text');
    },
  );

  test('in a list of other names', async () => {
    const csv = "id,kind,name,aliases\nzed,person,Zed,Zeddy;=cmd|' /C calc'!A0";
    const imported = importRegister(context, ...(await confirmed(csv, undefined, 'parties')));
    await expect(imported).rejects.toThrow(
      'row 2, column "aliases" (aliases): expected plain text, found "=cmd"',
    );
  });
});

test.each(['=1+1', '<script>alert(1)</script>', '＝1'])(
  'a column that the mapping ignores holds no formula and no markup either: %s',
  async (cell) => {
    const lines = await refusal(
      `${head}\nn1,studio,harbour,eval,world,,,3\nn2,studio,harbour,eval,world,,,${cell}`,
    );
    expect(lines.join('\n')).toContain(`row 3, column "Desk": expected plain text, found "${cell}"`);
  },
);

test('what a ledger file refuses as no plain text a register refuses too', async () => {
  const code = ['=1', '+A1', '@x', '<b>', '&lt;b', '&#60;b', '＝1', 'a\0b'];
  const [, mapping] = await confirmed(`${head},Models,Note\n`);
  const columns = [...head.split(','), 'Models', 'Note'];
  const reader = rowReader(await readMapping(mapping), columns);
  for (const text of code) {
    const [studio] = clearedFile().grants ?? [];
    const file = { ...clearedFile(), grants: [{ ...studio, models: ['wan', text], note: text }] };
    expect(
      yamlRefusal(stringify(file))
        .join('\n')
        .match(/expected plain text/g),
    ).toHaveLength(2);
    const cells = ['n1', 'studio', 'harbour', 'eval', 'world', '', '', '', `wan; ${text}`, text];
    const record = { line: 2, cells };
    const told = reader.problemsOf(record, reader.rowOf(record).row);
    expect(told.filter((line) => line.includes('expected plain text'))).toHaveLength(2);
  }
});

test('a page without a column for its agreement is told when the mapping is proposed', async () => {
  const missing = async (columns: string) => {
    const register = await file('contracts.csv', `${head}${columns}\n`);
    return (await proposeMapping(register, 'grants', `${register}.yaml`)).missing;
  };
  expect(await missing(',Page')).toEqual(['evidence.agreement']);
  expect(await missing(',Agreement,Page')).toEqual([]);
  expect(await missing('')).toEqual([]);
});

test('a number that is too small and an empty cell are told by what they should hold', async () => {
  const lines = await refusal(
    `${head},Agreement,Page\nn1,studio,harbour,eval,world,,,3,deal,0\nn2,studio,harbour,eval,,,,3,,`,
  );
  expect(lines.join('\n')).toContain('row 2, column "Page" (evidence.page): expected 1 or more, found 0');
  expect(lines.join('\n')).toContain(
    'row 3, column "Territory" (territories): expected a list of at least one value, found nothing',
  );
});

test('a mapping that holds a field in a column and in a value too is refused: an empty cell would take the value', async () => {
  const lines = await refusal(`${head}\nn1,studio,harbour,eval,,,,3`, (yaml) =>
    yaml.replace('values: {}', 'values: { territories: [world], trainers: [vendor] }'),
  );
  expect(lines.join('\n')).toContain(
    'expected a mapping that somebody confirmed, found territories in columns ("Territory") and in values. Leave it out of one of the two:',
  );
});

test.each(['Permitted uses', 'Rights granted', 'Purposes'])(
  'a column called %s is proposed for uses',
  async (heading) => {
    const register = await file('contracts.csv', `Contract No,Licensor,Film,${heading},Territory\n`);
    expect((await proposeMapping(register, 'grants', `${register}.yaml`)).columns.uses).toBe(heading);
  },
);
