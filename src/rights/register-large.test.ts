import { appendFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { proposeMapping } from './mapping.ts';
import { confirmed, context, file, good, head, refusal, useWorkspace } from './register.test-support.ts';
import { importRegister } from './register.ts';
import type { RegisterSection } from './schema.ts';
import { currentLedger } from './store.ts';

useWorkspace();

/** More rows than are looked at together. */
const many = Array.from({ length: 10_100 }, (_, i) => `m${i},studio,harbour,eval,world,,,`);

describe('a register that is read a part at a time is refused whole', () => {
  test('for a quote that nobody closed, with the row and what was wrong before it', async () => {
    const lines = await refusal(
      [head, good[0]?.replace('harbour', 'harbor'), 'n3,"studio', good[1]].join('\n'),
    );
    expect(lines.join('\n')).toMatch(
      /row 2, column "Title ID" .*\nrow 3, column "Licensor": expected .*quote.* Rows after it were not read/,
    );
  });

  test('for 200 MB without a line, and what is no text', async () => {
    const register = await file('huge.csv', '');
    await writeFile(register, Buffer.alloc(200_000_000, 0x61));
    await expect(proposeMapping(register, 'grants', `${register}.yaml`)).rejects.toThrow(
      'row 1, cell 1: expected at most 1000000 characters in a row, found more',
    );
    const film = await file('film.csv', Buffer.from([0x61, 0xff, 0xfe, 0x0a]));
    await expect(proposeMapping(film, 'grants', `${film}.yaml`)).rejects.toThrow('bytes that are not UTF-8');
    await expect(proposeMapping('absent.csv', 'grants', 'absent.yaml')).rejects.toThrow('no such file');
  });

  test('for a bad cell among more rows than are looked at together, and an id of the first of them', async () => {
    const lines = await refusal([head, ...many, many[3]?.replace('eval', 'fly')].join('\n'));
    expect(lines.slice(0, 3).join('\n')).toMatch(
      /2 problems:\nrow 10102, column "Use" .*\nrow 10102, column "Contract No" .*"m3", which row 5 has/,
    );
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
  await importRegister(context, ...(await confirmed(csv, undefined, section)));
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
    'id,kind,name,ISNI,ids.HAND,representedBy\nada,person,Ada,0000 0001 2103 2683,21.T1/ada,office\noffice,org,Office,,,',
  );
  expect(known?.parties.find(({ id }) => id === 'ada')).toMatchObject({
    ids: [
      { scheme: 'ISNI', value: '0000 0001 2103 2683' },
      { scheme: 'HAND', value: '21.T1/ada' },
    ],
    representedBy: ['office'],
  });
  const [one, two] = good.map((row) => row.replace('n', 'x'));
  const lines = await refusal(`${head},Agreement,Page\n${one},deal,twelve\n${two},other,1`);
  expect(lines.slice(1, 3).map((line) => line.slice(0, 80))).toEqual([
    expect.stringContaining('row 2, column "Page" (evidence.page): expected a number'),
    expect.stringContaining('row 3, column "Agreement" (evidence.agreement): expected the id of one'),
  ]);
  await expect(
    imported('parties', 'id,kind,name,ISNI\nbo,person,Bo,https://isni.org/isni/0000000121032683'),
  ).rejects.toThrow(
    'row 2, column "ISNI" (ids.ISNI): expected an identifier of one row only, found ISNI "https://isni.org/isni/0000000121032683", which parties/ada has',
  );
  await expect(imported('parties', 'id,kind,name,ISNI\nbo,person,Bo,0000 0001 2103 2684')).rejects.toThrow(
    'row 2, column "ISNI" (ids.ISNI): expected an ISNI: 15 digits and the check character that they give, 3',
  );
  await expect(imported('parties', 'id,kind,name,representedBy\nbo,person,Bo,nobody')).rejects.toThrow(
    'row 2, column "representedBy" (representedBy): expected the id of one of the parties, found "nobody"',
  );
});

test('who no longer represents a party, but has consented for it in force, is told where the register leaves it out', async () => {
  const parties = 'id,kind,name,represented by';
  await imported('parties', `${parties}\nada,person,Ada,office\noffice,org,Office,`);
  await imported(
    'consents',
    'id,party,given by,answer,titles,uses,territories\nc9,ada,office,given,harbour,train.style,world',
  );
  const left = imported('parties', `${parties}\nbo,person,Bo,\nada,person,Ada,bo`);
  await expect(left).rejects.toThrow(
    'row 3, column "represented by" (representedBy): expected "office", who gave consents/c9 for it, found ["bo"].',
  );
  await expect(left).rejects.not.toThrow('the ledger in force');
  await expect(imported('parties', 'id,kind,name\nada,person,Ada')).rejects.toThrow(
    'row 2, representedBy: expected "office", who gave consents/c9 for it, found nothing.',
  );
});

test('what is permitted to one alone is compared with all that its owner permits, more than is looked at together', async () => {
  const dayOf = (i: number) => new Date(Date.UTC(2000, 0, 1 + i)).toISOString().slice(0, 10);
  const row = (id: string, day: number, exclusive: string, licensee: string) =>
    `${id},studio,harbour,distil,world,${dayOf(day)},${dayOf(day)},,${exclusive},${licensee}`;
  const headed = (rows: readonly string[]) => [`${head},Exclusive,Licensee`, ...rows].join('\n');
  // Each on a day of its own; the last of them are for one alone.
  const rows = many.map((_, i) => (i < 10_050 ? row(`m${i}`, i, '', '') : row(`m${i}`, i, 'yes', 'nia')));
  const recorded = await importRegister(context, ...(await confirmed(headed(rows))));
  expect(recorded.changes.added).toBe(10_100);
  const lines = await refusal(
    headed([row('a', 10_099, '', ''), row('b', 10_200, '', ''), row('c', 4, 'yes', 'nia')]),
  );
  expect(
    lines.filter((line) => line.startsWith('row ')).map((line) => line.replace(/ Narrow.*/, '')),
  ).toEqual([
    'row 2, column "Title ID" (titles): expected nothing that studio permits by the exclusive grant "m10099", found the same permitted by "a".',
    'row 4, column "Title ID" (titles): expected nothing that studio permits by the exclusive grant "c", found the same permitted by "m4".',
  ]);
});
