import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { decide } from './decide.ts';
import { harbourShot } from './ledgers.test-support.ts';
import { matchTitle } from './match.ts';
import { readLedger } from './read.ts';
import { ledgerTemplate, listsAll } from './template.ts';

const file = (name: string, parts: object = {}) => ({
  titleId: `ttl_${name}`,
  titleName: name,
  unmapped: false,
  reel: 1,
  path: `/masters/${name}.mp4`,
  sha256: 'a'.repeat(64),
  ...parts,
});

const odd = [
  file('Harbour'),
  file('Der "Zug" #2: ∆\n', { titleId: 't2', path: '/masters/zug # 2: "a".mov', unmapped: true }),
  file('Reels', { titleId: 't3', reel: 2, path: '/b/reel.mov', sha256: 'b'.repeat(64) }),
  file('Reels', { titleId: 't3', reel: 1, path: '/a/reel.mov', sha256: 'c'.repeat(64) }),
  file('𠀀'.repeat(120), { titleId: 't5', path: '/masters/back\\slash.mp4', sha256: 'd'.repeat(64) }),
  file('harbour!', { titleId: 't4', path: '/masters/harbour-2.mp4' }),
];

describe('the ledger template', () => {
  test('names every title and file, in reel order, and imports as it is', () => {
    const ledger = readLedger(ledgerTemplate(odd), 'template');
    expect(ledger.titles.map(({ id, files }) => [id, files])).toEqual([
      ['harbour', ['Harbour.mp4']],
      ['der-zug-2', ['zug # 2: "a".mov']],
      ['reels', ['c'.repeat(64), 'b'.repeat(64)]],
      ['𠀀'.repeat(90), ['d'.repeat(64)]],
      ['harbour-2', ['harbour-2.mp4']],
    ]);
  });

  test('lists all its titles, whatever they are called, and not one whose name is a part of another', () => {
    expect(listsAll(ledgerTemplate(odd), odd)).toBe(true);
    expect(listsAll(ledgerTemplate([file('Seaside')]), [file('Sea')])).toBe(false);
    expect(listsAll('titles: [', odd)).toBe(false);
  });

  test('lists titles that are called like formulas or markup by plain names, and their files as they are', () => {
    const coded = ['=1+1', '@home', '<b>bold', '＝'].map((name) => file(name));
    const { titles } = readLedger(ledgerTemplate(coded), 'template');
    expect(titles.map(({ name, files }) => [name, files[0]])).toEqual([
      ['1-1', '=1+1.mp4'],
      ['home', '@home.mp4'],
      ['b-bold', '<b>bold.mp4'],
      [titles[3]?.id, '＝.mp4'],
    ]);
    expect(listsAll(ledgerTemplate(coded), coded)).toBe(true);
  });

  test('leaves every shot unknown', () => {
    const ledger = readLedger(ledgerTemplate(odd), 'template');
    const named = { name: 'Harbour.mp4', sha256: 'a'.repeat(64) };
    const title = matchTitle(ledger, named, [named]);
    const shot = { ...harbourShot, file: named };
    const ask = { use: 'train.style', territory: 'world', asOf: '2026-05-01' } as const;
    expect(decide({ shot, title, ledger, ...ask })).toMatchObject({
      outcome: 'REVIEW',
      reasons: [{ rule: 'unknown', row: 'titles/harbour' }],
    });
  });

  test('filled with the rows that its comments show, it clears the title for training, sketches and first frames', () => {
    const shown = ledgerTemplate([file('Harbour')])
      .replaceAll('TITLE', 'harbour')
      .replaceAll('FILE', 'Harbour.mp4')
      .replace('shares: []', 'shares: [{party: our-studio, share: 100%}]')
      .replaceAll(/^ {2}# ( *- | {2})/gm, '  $1');
    const text = shown
      .replace(/^restrictions:\n( {2}.*\n)+/m, '')
      .replace('parties:\n', 'parties:\n  - {id: a-performer, kind: person, name: A Performer}\n');
    expect(parseDocument(text).errors).toEqual([]);
    const ledger = readLedger(text, 'filled');
    const named = { name: 'Harbour.mp4', sha256: 'a'.repeat(64) };
    const question = {
      shot: { ...harbourShot, inTimecode: '01:00:10:00', outTimecode: '01:00:12:00', file: named },
      title: matchTitle(ledger, named, [named]),
      ...{ ledger, territory: 'world', asOf: '2026-05-01' },
    };
    const allowed = { outcome: 'ALLOW', reasons: [], grants: ['studio-may-train'] };
    for (const use of ['train.style', 'generate.previz', 'condition'] as const)
      expect(decide({ ...question, use })).toMatchObject(allowed);
    expect(ledger.appearances).toHaveLength(1);
    expect(ledger.materials).toHaveLength(1);
    expect(ledger.obligations).toHaveLength(1);
  });

  test('of an empty workspace is still a ledger', () => {
    expect(readLedger(ledgerTemplate([]), 'template').titles).toEqual([]);
  });
});

describe('a file belongs to the title that', () => {
  const ledger = readLedger(
    `{version: 1, titles: [
      {id: a, name: A, files: [reel.mov], shares: []},
      {id: b, name: B, files: [${'b'.repeat(64)}, "caf\u00e9.mov"], shares: []}]}`,
    'ledger',
  );
  const of = (name: string, digit: string) => ({ name, sha256: digit.repeat(64) });

  test.each([
    ['has its name', of('reel.mov', '1'), [], { title: 'a' }],
    ['has its bytes, whatever its name', of('other.mov', 'b'), [], { title: 'b' }],
    ['has its name and its bytes', of('café.mov', 'b'), [], { title: 'b' }],
    ['has its name written in another form of Unicode', of('cafe\u0301.mov', '1'), [], { title: 'b' }],
  ])('%s', (_, named, others, match) => {
    expect(matchTitle(ledger, named, [named, ...others])).toEqual(match);
  });

  test.each([
    ['another name is unknown', of('REEL.mov', '1'), [], 'no title of the ledger names REEL.mov'],
    [
      'a name that two files carry is unknown',
      of('reel.mov', '1'),
      [of('reel.mov', '2')],
      '2 files are called reel.mov',
    ],
    [
      'the name in one title and the bytes in another is unknown',
      of('reel.mov', 'b'),
      [],
      'and a by its name',
    ],
    [
      'both, and a name that two files carry, is unknown',
      of('reel.mov', 'b'),
      [of('reel.mov', '2')],
      'and a by its name',
    ],
  ])('%s', (_, named, others, why) => {
    const match = matchTitle(ledger, named, [named, ...others]);
    expect(match).toMatchObject({ unknown: expect.stringContaining(why) });
  });
});
