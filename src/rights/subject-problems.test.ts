import { describe, expect, test } from 'vitest';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { readLedger } from './read.ts';
import { confirmed, context, file, useWorkspace } from './register.test-support.ts';
import { importRegister } from './register.ts';
import type { LedgerFile, RegisterSection } from './schema.ts';

useWorkspace();

const [harbour] = clearedFile().titles ?? [];
const parties = [...(clearedFile().parties ?? []), { id: 'ann', kind: 'person', name: 'Ann Lech' }];
const titles = [harbour, { ...harbour, id: 'pier', name: 'Pier', files: ['pier.mp4'] }];
const [g1] = clearedFile().grants ?? [];
const [c1] = clearedFile().consents ?? [];
const [a1] = clearedFile().appearances ?? [];

const everywhere = { titles: ['harbour'], uses: ['train.style'], territories: ['world'] };
const refused = { ...c1, id: 'no', answer: 'refused', titles: 'all', uses: 'all' };
const ban = { ...everywhere, id: 'r1', imposedBy: 'nia', reason: 'no' };
const duty = { ...everywhere, id: 'o1', kind: 'notify', to: 'nia' };
const paper = { id: 'p1', name: 'P', kind: 'contract', parties: ['studio'], sha256: 'a'.repeat(64) };
const approval = { ...everywhere, id: 'ok1', restriction: 'r1', by: 'nia' };
const music = { ...a1, id: 'm1', party: undefined, kind: 'music', owner: 'studio' };
const nowhere = { shots: 'none', note: 'not heard after all' };
const said = { id: 's1', title: 'harbour', by: 'studio', on: '2026-01-01' };

/** A ledger in which a row is replaced by one that differs in some fields. */
const replacing = (section: string, row: object, parts: object) => ({
  ...clearedFile(),
  ...{ parties, titles, restrictions: section === 'approvals' ? [ban] : [] },
  [section]: [row, { ...row, ...parts, id: 'new', supersedes: (row as { id: string }).id }],
});
const read = (document: object) => () => readLedger(JSON.stringify(document as LedgerFile), 'ledger');

describe('a row replaces none of somebody or something else', () => {
  test.each<[string, object, string, object]>([
    ['consents', refused, 'party', { party: 'ann', answer: 'given', titles: ['pier'], uses: ['index'] }],
    ['consents', { ...refused, titles: ['harbour'] }, 'titles', { titles: ['pier'] }],
    ['restrictions', ban, 'titles', { titles: ['pier'] }],
    ['restrictions', ban, 'imposedBy', { imposedBy: 'ann' }],
    ['restrictions', ban, 'imposedBy', { imposedBy: undefined }],
    ['grants', g1 as object, 'grantor', { grantor: 'ann' }],
    ['grants', g1 as object, 'titles', { titles: ['pier'] }],
    ['grants', { ...g1, materials: ['m1'] }, 'materials', { materials: undefined }],
    ['obligations', duty, 'to', { to: 'ann' }],
    [
      'obligations',
      { ...duty, kind: 'pay', amount: '50000 EUR' },
      'kind',
      { kind: 'notify', amount: undefined, done: '2026-01-01' },
    ],
    ['agreements', paper, 'parties', { parties: ['ann'] }],
    ['approvals', approval, 'by', { by: 'ann' }],
    ['appearances', a1 as object, 'title', { title: 'pier', file: 'pier.mp4' }],
    ['materials', music, 'title', { title: 'pier', file: 'pier.mp4' }],
    ['materials', music, 'kind', { kind: 'brand', ...nowhere }],
    ['materials', music, 'owner', { owner: 'ann', ...nowhere }],
    ['casts', said, 'title', { title: 'pier' }],
    ['policies', { id: 'ask', cast: 'stated' }, 'cast', { cast: undefined, house: 'studio' }],
  ])('of %s: %j is not replaced by another %s', (section, row, field, parts) => {
    const told = `"new" supersedes: expected a row about the same: ${field} `;
    const about = section === 'grants' && field === 'materials' ? { materials: [music] } : {};
    expect(read({ ...replacing(section, row, parts), ...about })).toThrow(told);
  });

  test.each<[string, string, object, object]>([
    ['a ban is replaced by a narrower one', 'restrictions', { ...ban, titles: 'all' }, { titles: ['pier'] }],
    ['or by one that has ended', 'restrictions', ban, { until: '2020-01-01' }],
    [
      'one that nobody is named for is given a name',
      'restrictions',
      { ...ban, imposedBy: undefined },
      { imposedBy: 'nia' },
    ],
    ['a renewed grant', 'grants', g1 as object, { from: '2031-01-01', titles: ['harbour', 'pier'] }],
    ['an appearance of whom it is', 'appearances', a1 as object, { party: 'ann' }],
    ['another house', 'policies', { id: 'own', house: 'studio' }, { house: 'ann' }],
  ])('%s', (_, section, row, parts) => {
    expect(read(replacing(section, row, parts))).not.toThrow();
  });
});

test.each([
  [
    'titles',
    { ...harbour, files: ['a.mp4'] },
    { files: ['pier2.mp4'] },
    'names a file of it, written as there',
  ],
  ['appearances', a1 as object, { title: 'pier', file: 'pier.mp4' }, 'shots: none'],
  ['policies', { id: 'ask', cast: 'stated' }, { cast: undefined, house: 'studio' }, 'assumed'],
] as const)('a mistake in %s is ended as such rows can be', (section, row, parts, remedy) => {
  const document = replacing(section, row, parts);
  const others = section === 'titles' ? { titles: [...titles, ...document.titles] } : {};
  expect(read({ ...document, ...others })).toThrow(remedy);
  expect(read({ ...document, ...others })).not.toThrow('has ended (until)');
});

test('a title replaces one of the same film in whichever way Unicode writes its name', () => {
  const old = { ...harbour, files: ['h\u00e4fen.mp4', 'pier1.mp4'] };
  const next = { ...harbour, id: 'port', files: ['ha\u0308fen.mp4'], supersedes: 'harbour' };
  const rest = { grants: [], consents: [], appearances: [] };
  expect(read({ ...clearedFile(), ...rest, titles: [old, next] })).not.toThrow();
});

describe('what forbids or holds up is not replaced by what begins later', () => {
  const told = '"new" from: expected no later than';
  test.each<[string, object]>([
    ['restrictions', ban],
    ['restrictions', { ...ban, from: '2027-12-31' }],
    ['obligations', duty],
    ['consents', refused],
  ])('%s: %j', (section, row) => {
    expect(read(replacing(section, row, { from: '2028-01-01' }))).toThrow(told);
    expect(read(replacing(section, { ...row, from: '2028-01-01' }, { from: '2027-06-01' }))).not.toThrow();
  });
});

test('a refusal is replaced by no consent, whenever that is given; what to write is told, and stands', () => {
  const deal = { ...paper, id: 'deal', signed: '2999-01-01' };
  const consents = (row: object) =>
    read({ ...clearedFile(), parties, titles, agreements: [deal], consents: [c1, refused, row] });
  const yes = { ...c1, id: 'yes' };
  const told = 'found the refusal "no". Write lifts: [no] in place of supersedes';
  for (const later of [
    {},
    { from: '2028-01-01' },
    { on: '2999-01-01' },
    { evidence: { agreement: 'deal' } },
  ]) {
    expect(consents({ ...yes, ...later, supersedes: 'no' })).toThrow(told);
    const lifting = consents({ ...yes, ...later, lifts: ['no'] });
    if ('on' in later || 'evidence' in later) expect(lifting).not.toThrow();
    else expect(lifting).toThrow('expected a consent that says when it was given, as it lifts "no"');
  }
});

describe('nor in a register', () => {
  const head = 'Id,Party,Answer,Titles,Uses,Territories,Supersedes';
  const row = (id: string, party: string, answer: string, supersedes: string) =>
    [id, party, answer, 'harbour', 'index', 'world', supersedes].join();
  const register = async (section: RegisterSection, ...lines: string[]) =>
    importRegister(context, ...(await confirmed(lines.join('\n'), undefined, section)));
  const prepare = async () => {
    const document = { ...clearedFile(), parties, consents: [refused] };
    await importLedger(context, await file('ledger.json', JSON.stringify(document)));
  };

  test('a row of somebody else in force, nor one that stands further up or down', async () => {
    await prepare();
    const told = 'column "Supersedes" (supersedes): expected a row about the same: party "ann"';
    await expect(register('consents', head, row('new', 'ann', 'given', 'no'))).rejects.toThrow(told);
    const both = [row('no2', 'nia', 'refused', ''), row('new', 'ann', 'given', 'no2')];
    await expect(register('consents', head, ...both)).rejects.toThrow(`row 3, ${told}`);
    await expect(register('consents', head, ...both.toReversed())).rejects.toThrow(`row 2, ${told}`);
  });

  test('a row of the same register that rewrites the one in force before it is replaced', async () => {
    const document = { ...clearedFile(), parties, titles };
    await importLedger(context, await file('ledger.json', JSON.stringify(document)));
    const columns = 'Id,Grantor,Titles,Uses,Territories,Supersedes';
    const rewritten = 'g1,studio,pier,index,world,';
    const lines = [columns, rewritten, 'g2,studio,pier,index,world,g1'];
    const [path, mapping] = await confirmed(lines.join('\n'), undefined, 'grants');
    await expect(importRegister(context, path, mapping, true)).rejects.toThrow(
      'expected a row about the same: titles ["pier"]',
    );
  });

  test.each([
    ['2026-05-01', true],
    ['2999-01-01', false],
    ['', false],
  ])(
    'an exclusive grant that it withdraws on "%s" is replaced by one to the house: %s',
    async (day, isTaken) => {
      const sole = { ...g1, id: 'sole', grantee: 'nia', uses: ['index'], exclusive: true };
      const policies = [{ id: 'p1', house: 'studio' }];
      const document = { ...clearedFile(), parties, grants: [sole], policies };
      await importLedger(context, await file('ledger.json', JSON.stringify(document)));
      const columns = 'Id,Grantor,Grantee,Titles,Uses,Territories,Exclusive,Withdrawn,Supersedes';
      const rows = [
        `sole,studio,nia,harbour,index,world,yes,${day},`,
        'own,studio,studio,harbour,index,world,no,,sole',
      ];
      for (const lines of [rows, rows.toReversed()]) {
        const [path, mapping] = await confirmed([columns, ...lines].join('\n'), undefined, 'grants');
        const imported = importRegister(context, path, mapping, true);
        if (isTaken) await imported;
        else await expect(imported).rejects.toThrow('to whom alone "sole" permits it');
      }
    },
  );

  test('nor a refusal by a consent, which lifts it; what comes later finds both', async () => {
    await prepare();
    const lifting = `${head},Lifts,On`;
    const told = 'row 2, column "Supersedes" (supersedes): expected a consent, or nothing';
    await expect(register('consents', lifting, `${row('yes', 'nia', 'given', 'no')},,`)).rejects.toThrow(
      told,
    );
    const undated = register('consents', lifting, `${row('yes', 'nia', 'given', '')},no,`);
    await expect(undated).rejects.toThrow('row 2, column "Lifts" (lifts): expected a consent that says when');
    await register('consents', lifting, `${row('yes', 'nia', 'given', '')},no,2026-01-01`);
    const again = await register('consents', head, row('more', 'ann', 'given', ''));
    expect(again.changes).toEqual({ added: 1, changed: 0, removed: 0 });
  });
});
