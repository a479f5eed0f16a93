import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { exclusiveProblems, isKept } from './exclusive-problems.ts';
import { clearedFile, ledgerWith } from './ledgers.test-support.ts';
import { readLedger } from './read.ts';
import { grant, refusal, withRow } from './refusals.test-support.ts';

const duty = {
  id: 'o1',
  kind: 'notify',
  to: 'nia',
  titles: ['harbour'],
  uses: 'all',
  territories: ['world'],
};
const isni = { scheme: 'ISNI', value: '0000000121032683' };

describe('a ledger whose record contradicts itself is refused', () => {
  test.each([
    [
      'an exclusive grant beside one to somebody else',
      'grants',
      { ...grant, uses: ['train.style'], grantee: 'nia', exclusive: true },
      'nothing that studio permits by the exclusive grant "g2", found the same permitted by "g1"',
    ],
    [
      'an amount with three decimals',
      'obligations',
      { ...duty, kind: 'pay', amount: '100.505 EUR' },
      'an amount of EUR, which has at most two decimals, found "100.505 EUR"',
    ],
    [
      'an amount of yen with decimals',
      'obligations',
      { ...duty, kind: 'pay', amount: '100.50 JPY' },
      'an amount of JPY, which has no decimals, found "100.50 JPY"',
    ],
    [
      'an amount in no currency',
      'obligations',
      { ...duty, kind: 'pay', amount: '100 EUE' },
      'an amount in a currency of ISO 4217, such as "1200.50 EUR", found "100 EUE"',
    ],
    [
      'a party with the ISNI of another',
      'parties',
      { id: 'twin', kind: 'person', name: 'Nia O.', ids: [isni, isni] },
      'an identifier of one row only, found ISNI "0000000121032683", which parties/twin has',
    ],
    [
      'a party with one ISNI twice, once written with spaces',
      'parties',
      { id: 'twin', kind: 'person', name: 'Nia O.', ids: [isni, { ...isni, value: '0000 0001 2103 2683' }] },
      'an identifier of one row only, found ISNI "0000 0001 2103 2683", which parties/twin has',
    ],
    [
      'a row that replaces one that is not there',
      'grants',
      { ...grant, supersedes: 'g0' },
      'the id of one of the grants, found "g0"',
    ],
    [
      'evidence in an agreement that nobody knows',
      'grants',
      { ...grant, evidence: { agreement: 'deal', page: 4 } },
      'the id of one of the agreements, found "deal"',
    ],
    [
      'a licence for material by who does not own it',
      'grants',
      { ...grant, materials: ['m1'] },
      'the id of one of the materials, found "m1"',
    ],
    ['a duty towards nobody', 'obligations', { ...duty, to: 'union' }, 'one of the parties, found "union"'],
    [
      'an approval of a restriction that is not there',
      'approvals',
      {
        id: 'ap',
        restriction: 'r9',
        by: 'nia',
        titles: ['harbour'],
        uses: ['index'],
        territories: ['world'],
      },
      'the id of one of the restrictions, found "r9"',
    ],
  ])('for %s', (_, section, row, expected) => {
    const lines = refusal(withRow(section, row));
    expect(lines.filter((line) => line.startsWith('line '))).toHaveLength(1);
    expect(lines.join('\n')).toContain(expected);
  });

  test('for evidence on another page than the clause that it names', () => {
    const deal = {
      id: 'deal',
      name: 'Deal',
      kind: 'contract',
      parties: ['studio', 'nia'],
      sha256: 'a'.repeat(64),
    };
    const clauses = [{ id: 'c1', page: 3 }, { id: 'c2' }];
    const ledger = (evidence: object) =>
      stringify({ ...clearedFile(), agreements: [{ ...deal, clauses }], grants: [{ ...grant, evidence }] });
    const lines = refusal(ledger({ agreement: 'deal', clause: 'c1', page: 7 }));
    expect(lines.filter((line) => line.startsWith('line '))).toEqual([
      expect.stringMatching(/^line \d+, .*g2.*evidence.*page 3, as deal says of c1, found 7/),
    ]);
    for (const given of [{ clause: 'c1', page: 3 }, { clause: 'c1' }, { clause: 'c2', page: 7 }, { page: 7 }])
      expect(() => readLedger(ledger({ agreement: 'deal', ...given }), 'a.yaml')).not.toThrow();
  });

  test.each([
    ['nobody who may', { by: 'studio' }, 'who imposed it, or one who represents them, found "studio"'],
    ['what nothing frees', { restriction: 'never' }, 'a restriction with unless: approved, found "never"'],
    [
      'what nobody imposed',
      { restriction: 'nobody' },
      'a restriction that says who imposed it, found "nobody"',
    ],
    ['another title', { titles: ['pier'] }, 'a title of the restriction, found "pier"'],
  ])('for an approval by or of %s', (_, parts, expected) => {
    const terms = { titles: ['harbour'], uses: ['index'], territories: ['world'] };
    const asks = { ...terms, id: 'asks', imposedBy: 'nia', unless: 'approved', reason: 'hers' };
    const file = clearedFile();
    const ledger = {
      ...file,
      titles: [...(file.titles ?? []), { ...file.titles?.[0], id: 'pier', files: ['pier.mp4'] }],
      restrictions: [
        ...[asks, { ...asks, id: 'never', unless: undefined }],
        { ...asks, id: 'nobody', imposedBy: undefined },
      ],
    };
    const approving = (more: object) =>
      stringify({ ...ledger, approvals: [{ ...terms, id: 'ok', restriction: 'asks', by: 'nia', ...more }] });
    expect(readLedger(approving({}), 'ledger.yaml').approvals).toHaveLength(1);
    const lines = refusal(approving(parts)).filter((line) => line.startsWith('line '));
    expect(lines).toEqual([expect.stringContaining(expected)]);
  });

  test.each(['1.125 BHD', '1.5000 CLF', '1200.50 HUF', '100 JPY'])('and not for %s', (amount) => {
    const text = withRow('obligations', { ...duty, kind: 'pay', amount });
    expect(readLedger(text, 'ledger.yaml').obligations).toMatchObject([{ amount }]);
  });

  test('for rows that replace each other in a circle', () => {
    const grants = ['a', 'b', 'c'].map((id, i) => ({ ...grant, id, supersedes: ['b', 'c', 'a'][i] }));
    const lines = refusal(stringify({ ...clearedFile(), grants }));
    expect(lines.filter((line) => line.includes('replacements without a circle'))).toHaveLength(3);
  });

  test('for exclusive grants that meet, and not where their terms keep them apart', () => {
    const shared = { ...grant, uses: ['condition'], territories: ['FR'], models: ['b'], until: '2026-06-30' };
    const sole = { ...shared, id: 'g3', exclusive: true };
    const beside = (parts: object) =>
      stringify({ ...clearedFile(), grants: [sole, { ...sole, id: 'g4', grantee: 'nia', ...parts }] });
    expect(refusal(beside({})).join()).toContain('by the exclusive grant "g3"');
    expect(refusal(beside({ exclusive: false, from: '2026-06-30', until: undefined })).join()).toContain(
      '"g4"',
    );
    const apart = [
      { uses: ['distil'] },
      { territories: ['DE'] },
      { from: '2026-07-01', until: undefined },
      { models: ['a'] },
      { withdrawn: '2026-01-01' },
      { supersedes: 'g3' },
    ];
    for (const parts of apart) expect(readLedger(beside(parts), 'ledger.yaml').grants).toHaveLength(2);
  });

  test.each([
    ['and names none', undefined, 'nia', ['vendor' as const], true],
    [
      'and names the one who trains',
      ['vendor' as const],
      'nia',
      ['vendor' as const, 'in-house' as const],
      true,
    ],
    ['and names another', ['in-house' as const], 'nia', ['vendor' as const], false],
    ['and to the same house', undefined, 'studio', ['vendor' as const], false],
  ])(
    'for a permission to others who train beside one for one alone %s',
    (_, kept, grantee, trainers, meets) => {
      const sole = {
        ...grant,
        id: 'g3',
        uses: ['distil' as const],
        grantee: 'studio',
        exclusive: true,
        trainers: kept,
      };
      for (const exclusive of [false, true]) {
        const other = { ...sole, id: 'g4', exclusive, grantee, trainers };
        if (!exclusive) expect(isKept(other, ledgerWith({ grants: [sole] }))).toBe(meets);
        for (const grants of [
          [sole, other],
          [other, sole],
        ])
          expect(exclusiveProblems({ grants })).toHaveLength(meets ? 1 : 0);
      }
    },
  );

  test.each([
    ['a training that reads beside reading for one alone', ['eval'], ['train.style'], true],
    ['a temporary take beside final ones for one alone', ['generate.final'], ['generate.temp'], true],
    ['a final take beside sketches for one alone', ['generate.previz'], ['generate.final'], true],
    ['reading beside a training for one alone', ['train.foundation'], ['index', 'eval'], false],
    ['two trainings, which only read alike', ['train.foundation'], ['train.style'], false],
  ] as const)('for %s, where a use of one includes that of the other', (_, sole, other, meets) => {
    const both = [
      { ...grant, id: 'g3', uses: [...sole], exclusive: true },
      { ...grant, id: 'g4', uses: [...other], grantee: 'nia' },
    ];
    const text = stringify({ ...clearedFile(), grants: both });
    const both2 = stringify({ ...clearedFile(), grants: both.map((row) => ({ ...row, exclusive: true })) });
    if (meets) expect(refusal(text).join()).toContain('found the same permitted by "g4"');
    else expect(readLedger(text, 'ledger.yaml').grants).toHaveLength(2);
    if (meets) expect(refusal(both2).join()).toContain('by the exclusive grant "g3"');
  });

  test.each([
    ['is compared until a withdrawal that is to come', {}, true],
    ['is not compared with what begins on the day of the withdrawal', { from: '2026-09-01' }, false],
    ['is compared with what begins the day before', { from: '2026-08-31' }, true],
    ['is compared with what is withdrawn later', { withdrawn: '2026-12-01' }, true],
    ['is not compared with what is withdrawn already', { withdrawn: '2026-05-01' }, false],
    [
      'is not compared with what is withdrawn before it begins',
      { from: '2026-07-01', withdrawn: '2026-06-01' },
      false,
    ],
  ])('for an exclusive grant, which %s', (_, parts, meets) => {
    const sole = { ...grant, id: 'g3', uses: ['distil'], exclusive: true, withdrawn: '2026-09-01' };
    const other = { ...sole, id: 'g4', exclusive: false, grantee: 'nia', withdrawn: undefined, ...parts };
    const found = exclusiveProblems({ grants: [sole, other] }, Date.parse('2026-05-01T12:00:00Z'));
    expect(found).toHaveLength(meets ? 1 : 0);
    if (meets) expect(found[0]?.expected).toContain('"g3" (withdrawn on 2026-09-01)');
  });

  test('for licences for one alone that share some of the material', () => {
    const place = { title: 'harbour', file: 'harbour.mp4', shots: 'all', status: 'confirmed' };
    const materials = ['m1', 'm2', 'm3'].map((id) => ({ id, kind: 'music', owner: 'studio', ...place }));
    const licence = (id: string, of: string[]) => ({ ...grant, id, materials: of, exclusive: true });
    const grants = [licence('g3', ['m1', 'm2']), licence('g4', ['m2', 'm3']), licence('g5', ['m3'])];
    const lines = refusal(stringify({ ...clearedFile(), materials, grants }));
    expect(lines.filter((line) => line.startsWith('line '))).toHaveLength(2);
  });
});
