import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { clearedFile } from './ledgers.test-support.ts';
import { readLedger } from './read.ts';
import { grant, refusal, withRow } from './refusals.test-support.ts';

describe('a ledger is read', () => {
  test('from YAML and from JSON alike', () => {
    const yaml = readLedger(stringify(clearedFile()), 'ledger.yaml');
    expect(readLedger(JSON.stringify(clearedFile(), null, '\t'), 'ledger.json')).toEqual(yaml);
    expect(yaml.grants[0]?.uses).toEqual(['train.style', 'index']);
  });

  test('with sections that are empty or left out', () => {
    const ledger = readLedger('version: 1\ngrants:\n', 'ledger.yaml');
    expect(ledger).toMatchObject({ grants: [], titles: [], appearances: [] });
  });

  test('with Norway and dates as written', () => {
    const text = withRow('grants', { ...grant, territories: ['NO'], from: '2026-01-01' }).replace(
      '"NO"',
      'NO',
    );
    expect(readLedger(text, 'ledger.yaml').grants[1]).toMatchObject({
      territories: ['NO'],
      from: '2026-01-01',
    });
  });
});

describe('a ledger is refused whole, with line and column and what to do', () => {
  test('for a key nobody knows', () => {
    const text = 'version: 1\nparties:\n  - id: p\n    kind: person\n    name: P\n    emial: p@example.org\n';
    expect(refusal(text)).toContain(
      'line 6, column 12, parties[0] "p" emial: expected a key that the ledger knows, found "emial". ' +
        'Correct the spelling or remove it; free text goes into note. Correct these rows and import the file again: nothing of it was imported.',
    );
  });

  test('and all problems are told at once, in the order of their places', () => {
    const text = [
      'version: 1',
      'parties:',
      '  - {id: p, kind: person, name: P}',
      '  - {id: p, kind: robot, name: Q}',
      'titles:',
      '  - {id: t, name: T, files: [t.mp4], shares: [{party: p, share: 80%}, {party: x, share: 30%}]}',
      'grants:',
      '  - {id: g, grantor: p, titles: [t], uses: [fly], territories: [UK], from: 2026-02-01, until: 2026-01-01}',
      'grnts: []',
    ].join('\n');
    const lines = refusal(text);
    expect(lines[0]).toContain('found 8 problems');
    const found = lines.slice(1, 9).map((line) => line.replace(/: expected.*/, ''));
    expect(found).toEqual([
      'line 4, column 10, parties[1] "p" id',
      'line 4, column 19, parties[1] "p" kind',
      'line 6, column 46, titles[0] "t" shares',
      'line 6, column 79, titles[0] "t" shares[1].party',
      'line 8, column 45, grants[0] "g" uses[0]',
      'line 8, column 65, grants[0] "g" territories[0]',
      'line 8, column 95, grants[0] "g" until',
      'line 9, column 8, grnts',
    ]);
    expect(lines.at(-1)).toContain('nothing of it was imported');
  });

  test.each([
    [
      'a window that ends before it begins',
      'grants',
      { ...grant, from: '2026-05-02', until: '2026-05-01' },
      'an end at or after the beginning, 2026-05-02',
    ],
    ['a day that does not exist', 'grants', { ...grant, until: '2026-02-30' }, 'a day such as 2026-05-01'],
    ['a time without its zone', 'grants', { ...grant, until: '2026-02-20T12:00:00' }, 'with its zone'],
    ['a country by the wrong code', 'grants', { ...grant, territories: ['UK'] }, '(GB, not UK)'],
    ['a use nobody knows', 'grants', { ...grant, uses: ['train'] }, 'one of the uses index, eval'],
    ['a grant without uses', 'grants', { ...grant, uses: [] }, 'at least one entry'],
    [
      'a title nobody knows',
      'grants',
      { ...grant, titles: ['harbor'] },
      'the id of one of the titles, found "harbor"',
    ],
    [
      'a grantor who owns nothing',
      'grants',
      { ...grant, grantor: 'nia' },
      'a title of which the grantor owns a share',
    ],
    [
      'an id used twice',
      'grants',
      { ...grant, id: 'g1' },
      'an id used once, found "g1", which grants[0] has',
    ],
    [
      'a share as a bare number',
      'titles',
      { id: 't', name: 'T', files: ['t.mp4'], shares: [{ party: 'nia', share: 0.5 }] },
      'a share such as "50%" or "1/3"',
    ],
    [
      'shares over the whole',
      'titles',
      {
        id: 't',
        name: 'T',
        files: ['t.mp4'],
        shares: [
          { party: 'nia', share: '2/3' },
          { party: 'studio', share: '34%' },
        ],
      },
      'at most 100 % together, found 100.6666 %',
    ],
    [
      'an owner twice',
      'titles',
      {
        id: 't',
        name: 'T',
        files: ['t.mp4'],
        shares: [
          { party: 'nia', share: '1/3' },
          { party: 'nia', share: '1/3' },
        ],
      },
      'each owner once',
    ],
    [
      'a file of two titles',
      'titles',
      { id: 't', name: 'T', files: ['harbour.mp4'], shares: [] },
      'a file named once, found "harbour.mp4", also in titles[0].files[0]',
    ],
    ['a path for a file', 'titles', { id: 't', name: 'T', files: ['reels/t.mp4'], shares: [] }, 'not a path'],
    [
      'a consent to everything',
      'consents',
      { ...clearedFile().consents?.[0], id: 'c2', uses: 'all' },
      'a consent is given for something',
    ],
    [
      'a consent by a stranger',
      'consents',
      { ...clearedFile().consents?.[0], id: 'c2', givenBy: 'studio' },
      'the party or one who represents it',
    ],
    [
      'a withdrawn refusal',
      'consents',
      { ...clearedFile().consents?.[0], id: 'c2', answer: 'refused', withdrawn: '2026-01-01' },
      'no withdrawal of a refusal',
    ],
    [
      'a file of another title',
      'appearances',
      { ...clearedFile().appearances?.[0], id: 'a2', file: 'x.mp4' },
      'a file of the title, found "x.mp4"',
    ],
    [
      'a range the wrong way round',
      'appearances',
      { ...clearedFile().appearances?.[0], id: 'a2', shots: [{ in: 9, out: 9 }] },
      'an out after the in',
    ],
    [
      'a range of frame and timecode',
      'appearances',
      { ...clearedFile().appearances?.[0], id: 'a2', shots: [{ in: 9, out: '01:00:00:00' }] },
      'both as frames or both as timecodes',
    ],
    [
      'a timecode of the 61st second',
      'appearances',
      { ...clearedFile().appearances?.[0], id: 'a2', shots: [{ in: '00:00:00:00', out: '00:00:61:00' }] },
      'a timecode such as',
    ],
  ])('for %s', (_, section, row, expected) => {
    const lines = refusal(withRow(section, row));
    expect(lines.filter((line) => line.startsWith('line '))).toHaveLength(1);
    expect(lines.join('\n')).toContain(expected);
  });

  test('for formulas and markup in what people read, and not in names of files', () => {
    const text = [
      'version: 1',
      'parties:',
      '  - {id: p, kind: org, name: "=HYPERLINK(A1)", note: "<script>", ids: [{scheme: internal, value: ＠SUM(1)}]}',
      'titles:',
      '  - {id: t, name: "&lt;b&gt;T", files: ["=1.mp4"], shares: [{party: p, share: 100%}]}',
    ].join('\n');
    const found = refusal(text).filter((line) => line.includes('expected plain text'));
    expect(found.map((line) => line.replace(/: expected.*/, ''))).toEqual([
      'line 3, column 30, parties[0] "p" name',
      'line 3, column 54, parties[0] "p" note',
      'line 3, column 98, parties[0] "p" ids[0].value',
      'line 5, column 19, titles[0] "t" name',
    ]);
  });

  test('for representatives that go round in a circle', () => {
    const parties = ['a', 'b', 'c'].map((id, i) => ({
      id,
      kind: 'person' as const,
      name: id,
      representedBy: [['b', 'c', 'a'][i] ?? ''],
    }));
    const lines = refusal(stringify({ version: 1, parties }));
    expect(lines.filter((line) => line.includes('representatives without a circle'))).toHaveLength(3);
  });

  test.each([
    ['an empty file', '', 'the whole file: expected'],
    ['a list', '- a\n- b', 'the whole file: expected'],
    ['broken YAML', 'version: 1\ntitles: [', 'line 2'],
    ['a key written twice', 'version: 1\nversion: 1\n', 'line 2, column 1: Map keys must be unique'],
    ['another version', 'version: 2', 'line 1, column 10, version: expected one of 1, found 2'],
    [
      'references that explode',
      `version: 1\na: &a [${'x,'.repeat(9)}]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nd: [${'*c,'.repeat(9)}]`,
      'alias',
    ],
    ['a film', '\u0000\u0000\u0000 ftypisom', ''],
  ])('for %s', (_, text, expected) => {
    expect(refusal(text).join('\n')).toContain(expected);
  });
});

test('yes in quotes is told to be text', () => {
  expect(refusal(withRow('grants', { ...grant, exclusive: 'yes' })).join(' ')).toMatch(
    /exclusive: expected yes or no \(true or false\), found "yes"\. Write true or false without quotes/,
  );
});
