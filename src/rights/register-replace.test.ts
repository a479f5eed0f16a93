import { describe, expect, test } from 'vitest';
import { tables } from '../db/index.ts';
import { forgetLedgers } from './catalogued.test-support.ts';
import { importLedger } from './import.ts';
import { importWords } from './import-words.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { confirmed, context, file, head, refused, useWorkspace } from './register.test-support.ts';
import { importRegister } from './register.ts';
import type { RegisterSection } from './schema.ts';
import { currentLedger } from './store.ts';

useWorkspace();

const sole = 'g1,studio,harbour,train.style; index,DE,2026-01-01,,3';

async function register(section: RegisterSection, csv: string, replace = false) {
  const [path, mapping] = await confirmed(csv, undefined, section);
  return importRegister(context, path, mapping, replace);
}

async function ledgerWith(parts: object) {
  const text = JSON.stringify({ ...clearedFile(), ...parts });
  return importLedger(context, await file('ledger.json', text));
}

const inForce = async () => (await currentLedger(context.db))?.document;

describe('a row of a register whose id is in force', () => {
  test('is refused where it says something else, each with row and column and what would change', async () => {
    const error = await refused([head, `n1${sole.slice(2)}`, sole].join('\n'));
    expect(error).toMatchObject({ code: 'register-invalid' });
    expect(error.message).toContain(
      'row 3, column "Contract No" (id): expected a new id, or what grants/g1 in force says, found territories: ["world"] -> ["DE"]; from: nothing -> "2026-01-01"',
    );
    expect(error.message).toContain('import with --replace');
  });

  test('is refused where it says nothing of what the register has no column for', async () => {
    const ban = { id: 'r1', imposedBy: 'nia', titles: ['harbour'], uses: 'all', territories: ['world'] };
    await ledgerWith({ restrictions: [{ ...ban, reason: 'agreed', until: '2027-01-01' }] });
    const csv = 'ref,titles,uses,territories,reason\nr1,harbour,all,world,agreed';
    const refusal = await register('restrictions', csv).catch((error: Error) => error);
    expect(refusal).toBeInstanceOf(Error);
    expect((refusal as Error).message).toContain(
      'found nothing of until, imposedBy, for which there is no column (with --replace they stay)',
    );
    expect((refusal as Error).message).not.toContain('erased');
  });

  test('is told of what would change, apart from what would stay', async () => {
    const ban = { id: 'r1', imposedBy: 'nia', titles: ['harbour'], uses: 'all', territories: ['world'] };
    await ledgerWith({ restrictions: [{ ...ban, reason: 'agreed', until: '2027-01-01' }] });
    const csv = 'ref,titles,uses,territories,reason,until\nr1,harbour,all,world,as agreed,';
    const refusal = await register('restrictions', csv).catch((error: Error) => error);
    expect((refusal as Error).message).toContain(
      'found until: "2027-01-01" -> nothing (erased); reason: "agreed" -> "as agreed"; nothing of imposedBy, for which',
    );
  });

  test('is told of a cell that is missing, not compared, where it is a ban', async () => {
    const ban = { id: 'r1', titles: ['harbour'], uses: 'all', territories: ['world'], from: '2026-01-01' };
    await ledgerWith({ restrictions: [{ ...ban, reason: 'agreed' }] });
    const csv = 'ref,titles,uses,territories,reason,from\nr1,harbour,all,,agreed,soon';
    await expect(register('restrictions', csv)).rejects.toMatchObject({
      code: 'register-invalid',
      message: expect.stringContaining('row 2, column "territories"'),
    });
  });

  test('is refused where a party would be somebody else', async () => {
    await expect(register('parties', 'id,kind,name\nnia,person,Nils Okonkwo')).rejects.toThrow(
      'row 2, column "id" (id): expected a new id, or what parties/nia in force says, found name: "Nia Okafor" -> "Nils Okonkwo"',
    );
  });

  test('is fine where it says the same', async () => {
    const same = await register('parties', 'id,kind,name\nnia,person,Nia Okafor\nbo,person,Bo');
    expect(same).toMatchObject({ changes: { added: 1, changed: 0 }, changedRows: [] });
  });

  test('is told of a long list by what differs, not by its beginning', async () => {
    const titles = Array.from({ length: 40 }, (_, i) => ({
      ...{ id: `film-${i}`, name: `Film ${i}`, files: [`${i}.mp4`] },
    }));
    const owned = titles.map((one) => ({ ...one, shares: [{ party: 'studio', share: '100%' }] }));
    const ids = owned.map(({ id }) => id);
    const [g1] = clearedFile().grants ?? [];
    await ledgerWith({
      titles: [...(clearedFile().titles ?? []), ...owned],
      grants: [{ ...g1, titles: ids.slice(1) }],
    });
    const csv = `ref,licensor,film,use,territory\ng1,studio,${ids.slice(0, -1).join('|')},train.style|index,world`;
    await expect(register('grants', csv)).rejects.toThrow('titles: without ["film-39"], with ["film-0"]');
  });
});

describe('with --replace a row takes the place of the one of its id', () => {
  test('and what the register has no column for stays', async () => {
    const ids = [
      { scheme: 'ISNI', value: '0000 0001 2103 2683' },
      { scheme: 'HAND', value: '21.T1/nia' },
    ];
    const parties = clearedFile().parties?.map((row) =>
      row.id === 'nia' ? { ...row, ids, aliases: ['N. O.'] } : row,
    );
    await ledgerWith({ parties });
    const csv = 'id,kind,name,HAND\nnia,person,Nia Okafor-Berg,21.T1/berg';
    const imported = await register('parties', csv, true);
    const name = { field: 'name', before: 'Nia Okafor', after: 'Nia Okafor-Berg' };
    expect((await inForce())?.parties.find(({ id }) => id === 'nia')).toMatchObject({
      ...{ name: 'Nia Okafor-Berg', aliases: ['N. O.'] },
      ids: [ids[0], { scheme: 'HAND', value: '21.T1/berg' }],
    });
    expect(imported.changedRows).toEqual([{ row: 'parties/nia', fields: expect.arrayContaining([name]) }]);
    expect(imported.changedRows[0]?.fields.map(({ field }) => field).sort()).toEqual(['ids', 'name']);
    expect(importWords(imported)).toContain('name: "Nia Okafor" -> "Nia Okafor-Berg"');
  });

  test('and so does the time in which somebody represents another, of which a cell names the id alone', async () => {
    const gm = { id: 'gm', kind: 'guardian', name: 'Gran' } as const;
    const ended = { party: 'gm', until: '2019-12-31' };
    const parties = clearedFile().parties?.map((row) =>
      row.id === 'nia' ? { ...row, representedBy: [ended, 'studio'] } : row,
    );
    await ledgerWith({ parties: [...(parties ?? []), gm] });
    const csv = 'Id,Kind,Name,Represented by\nnia,person,Nia Okafor-Berg,gm';
    const refusal = await register('parties', csv).catch((error: Error) => error);
    expect((refusal as Error).message).toContain(
      'representedBy: [{"party":"gm","until":"2019-12-31"},"studio"] -> [{"party":"gm","until":"2019-12-31"}]',
    );
    await register('parties', csv, true);
    const nia = { name: 'Nia Okafor-Berg', representedBy: [ended] };
    expect((await inForce())?.parties.find(({ id }) => id === 'nia')).toMatchObject(nia);
    await expect(register('parties', csv)).rejects.toThrow(
      'found nothing of the times in representedBy, for which there is no column (with --replace they stay)',
    );
  });

  test('an empty cell erases, and a row that then says the same is none that changed', async () => {
    const [first] = (await register('grants', [head, sole].join('\n'), true)).changedRows;
    expect(first?.fields.map(({ field }) => field)).toEqual(['territories', 'from']);
    const emptied = await register('grants', [head, sole.replace('2026-01-01', '')].join('\n'), true);
    expect(emptied.changedRows).toEqual([
      { row: 'grants/g1', fields: [{ field: 'from', before: '2026-01-01', after: null }] },
    ]);
    const less = 'ref,licensor,film,use,territory\ng1,studio,harbour,train.style|index,DE';
    expect((await register('grants', less, true)).changes).toEqual({ added: 0, changed: 0, removed: 0 });
  });

  test('the audit log says so', async () => {
    await register('grants', [head, sole].join('\n'), true);
    const rows = await context.db.select().from(tables.provenanceAudit);
    expect(rows.at(-1)).toMatchObject({
      ...{ what: 'rights.register', details: { replace: true, replaced: ['grants/g1'] } },
    });
  });

  test('a withdrawal stays, also where the register has no column for it', async () => {
    const consents = clearedFile().consents?.map((row) => ({ ...row, withdrawn: '2026-03-01' }));
    await ledgerWith({ consents });
    const columns = 'id,party,answer,titles,uses,territories';
    const row = 'c1,nia,given,harbour,train.style,DE';
    await register('consents', `${columns}\n${row}`, true);
    expect((await inForce())?.consents[0]).toMatchObject({ withdrawn: '2026-03-01', territories: ['DE'] });
    await expect(register('consents', `${columns},withdrawn\n${row},`, true)).rejects.toMatchObject({
      code: 'ledger-undoes-withdrawal',
    });
  });
});

test('a grant that names nobody is given to the house, beside an exclusive one to the house too', async () => {
  const [g1] = clearedFile().grants ?? [];
  await ledgerWith({
    policies: [{ id: 'house', house: 'studio' }],
    grants: [g1, { ...g1, id: 'k2', grantee: 'studio', exclusive: true }],
  });
  const columns = 'ref,licensor,film,use,territory';
  const same = await register('grants', `${columns}\ng1,studio,harbour,train.style|index,world`);
  expect(same.changes).toEqual({ added: 0, changed: 0, removed: 0 });
  const more = await register('grants', `${columns}\nn1,studio,harbour,train.style,DE`);
  expect(more.changes).toEqual({ added: 1, changed: 0, removed: 0 });
  const other = register('grants', `${columns},licensee\nn2,studio,harbour,train.style,DE,nia`);
  await expect(other).rejects.toThrow('by the exclusive grant "k2"');
});

test('what the seller of a title permits to one alone meets what its buyer permits, whichever of the two is in force', async () => {
  const parties = [...(clearedFile().parties ?? []), { id: 'seller', kind: 'org', name: 'Seller' }];
  const chain = [{ from: 'seller', to: 'studio', share: '100%', on: '2025-06-01' }];
  const titles = (clearedFile().titles ?? []).map((title) => ({ ...title, chain }));
  const [g1] = clearedFile().grants ?? [];
  const kept = { ...g1, id: 'k1', grantor: 'seller', grantee: 'nia', exclusive: true };
  const columns = 'ref,licensor,film,use,territory,exclusive,licensee';
  const told =
    /expected nothing that seller permits by the exclusive grant "k1".*found the same permitted by "g1"/;
  await ledgerWith({ parties, titles, grants: [kept] });
  const bought = register('grants', `${columns}\ng1,studio,harbour,train.style,DE,no,studio`);
  await expect(bought).rejects.toThrow(told);
  await forgetLedgers(context);
  await ledgerWith({ parties, titles });
  const sold = register('grants', `${columns}\nk1,seller,harbour,train.style,DE,yes,nia`);
  await expect(sold).rejects.toThrow(told);
});

test('a register that dates the paper of what a seller permitted to one alone before the sale is refused beside what the buyer permits', async () => {
  const parties = [...(clearedFile().parties ?? []), { id: 'seller', kind: 'org', name: 'Seller' }];
  const chain = [{ from: 'seller', to: 'studio', share: '100%', on: '2025-06-01' }];
  const titles = (clearedFile().titles ?? []).map((title) => ({ ...title, chain }));
  const [g1] = clearedFile().grants ?? [];
  const deal = { id: 'deal', name: 'Deal', kind: 'contract', parties: ['seller'], sha256: 'a'.repeat(64) };
  const kept = {
    ...g1,
    id: 'k1',
    grantor: 'seller',
    grantee: 'nia',
    exclusive: true,
    evidence: { agreement: 'deal' },
  };
  await ledgerWith({ parties, titles, agreements: [{ ...deal, signed: '2025-07-01' }], grants: [g1, kept] });
  const dated = (day: string) =>
    `id,name,kind,parties,hash,signed\ndeal,Deal,contract,seller,${deal.sha256},${day}`;
  await expect(register('agreements', dated('2025-05-01'), true)).rejects.toThrow(
    'the ledger in force, grants/k1: expected nothing that seller permits by the exclusive grant "k1"',
  );
  await register('agreements', dated('2025-08-01'), true);
  expect((await inForce())?.agreements[0]?.signed).toBe('2025-08-01');
});

test('a row under a new id that names what it replaces needs no --replace, and what changes is told', async () => {
  const csv = `${head},Supersedes\nn1${sole.slice(2)},g1`;
  const imported = await register('grants', csv);
  const id = { field: 'id', before: 'g1', after: 'n1' };
  expect(imported).toMatchObject({ changes: { added: 0, changed: 1, removed: 1 } });
  expect(imported.changedRows).toMatchObject([{ row: 'grants/n1', fields: expect.arrayContaining([id]) }]);
});

test('a row that replaced another stands beside what comes later, and says the same again', async () => {
  const csv = `${head},Supersedes\nn1${sole.slice(2)},g1`;
  await register('grants', csv);
  const more = await register('grants', [head, `n2${sole.slice(2)}`].join('\n'));
  expect(more.changes).toEqual({ added: 1, changed: 0, removed: 0 });
  expect((await register('grants', csv)).changes).toEqual({ added: 0, changed: 0, removed: 0 });
});

test('an imported ledger file tells what changed in rows that were in force', async () => {
  const grants = clearedFile().grants?.map((row) => ({ ...row, territories: ['DE'] }));
  const imported = await ledgerWith({ grants });
  expect(imported.changedRows).toEqual([
    { row: 'grants/g1', fields: [{ field: 'territories', before: ['world'], after: ['DE'] }] },
  ]);
  expect(importWords(imported)).toContain('  grants/g1: territories: ["world"] -> ["DE"]');
});

test('of a row with a cell too few only the number of cells is told', async () => {
  const error = await refused([head, 'n1,studio', sole].join('\n'));
  expect(error.message).toContain('found 2 problems');
  expect(error.message).toContain('row 2, column "Title ID" (titles): expected 8 cells, found 2');
});

test('a row that a row in force has replaced already is left out, and that is told by row', async () => {
  await register('grants', `${head},Supersedes\nn1${sole.slice(2)},g1`);
  const again = await register('grants', [head, sole, `n2${sole.slice(2)}`].join('\n'));
  expect(again.changes).toEqual({ added: 1, changed: 0, removed: 0 });
  const [g1, n1] = ['grants/g1', 'grants/n1'];
  expect(again.leftOut).toEqual({ count: 1, rows: [{ row: g1, by: n1, inForce: true }] });
  expect(importWords(again)).toContain('1 row is left out, as others replace it');
  expect(importWords(again)).toContain('grants/g1: grants/n1, in force, says that it replaces it');
});

test('so is a row that another of the same file replaces, also of a ledger file', async () => {
  const both = await register('grants', `${head},Supersedes\nn1${sole.slice(2)},n2\nn2${sole.slice(2)},`);
  const left = { count: 1, rows: [{ row: 'grants/n2', by: 'grants/n1', inForce: false }] };
  expect(both.leftOut).toEqual(left);
  const [g1] = clearedFile().grants ?? [];
  const [n1, n2] = [
    { ...g1, id: 'n1', supersedes: 'n2' },
    { ...g1, id: 'n2' },
  ];
  expect((await ledgerWith({ grants: [n1, n2] })).leftOut).toEqual(left);
});
