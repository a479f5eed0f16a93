import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import { asking, harbourShot, ledgerWith, placeIn } from './ledgers.test-support.ts';
import { questionsOf } from './questions.ts';
import { refusal, withRow } from './refusals.test-support.ts';
import type { LedgerFile, Listing } from './schema.ts';

const row: Listing = { id: 'k1', title: 'harbour', by: 'studio', on: '2026-05-01' };
const asked = { use: 'train.style' as const, territory: 'world' };

const renamed = { ...harbourShot, file: { ...harbourShot.file, also: ['old-name.mp4'] } };

/** Each of the two lists that somebody may say are complete; the other is stated. */
const lists = [
  {
    ...{ section: 'casts' as const, of: { cast: 'stated' as const }, name: 'cast_not_stated' },
    ...{ other: { inventories: [row] }, says: 'all who are seen in harbour are listed (casts)' },
    words: 'the cast of Harbour is not stated to be complete: nobody is listed as seen here',
  },
  {
    ...{
      section: 'inventories' as const,
      of: { materials: 'stated' as const },
      name: 'materials_not_stated',
    },
    ...{ other: { casts: [row] }, says: 'everything of others in harbour is listed (inventories)' },
    words: 'what of others is in Harbour is not stated to be complete: nothing is listed here',
  },
];

for (const { section, of, name, other, says, words } of lists) {
  const policies = [{ id: 'house', ...of }];
  const deciding = (parts: Partial<LedgerFile>) =>
    decide(asking({ ledger: ledgerWith({ ...other, ...parts }), shot: renamed }));
  const rules = (parts: Partial<LedgerFile>) =>
    deciding({ policies, ...parts }).reasons.map(({ rule }) => rule);

  test(`a title that no row in ${section} speaks of is allowed, and the decision says what it rests on`, () => {
    const { outcome, assumptions } = deciding({ appearances: [] });
    expect(outcome).toBe('ALLOW');
    expect(assumptions).toEqual([{ assumption: name, row: 'titles/harbour', message: words }]);
    expect(deciding({ [section]: [row] })).toMatchObject({ outcome: 'ALLOW', assumptions: [] });
  });

  test(`a studio whose policy asks for ${section} has such a shot looked at: one question for the title`, () => {
    const decision = deciding({ policies });
    const reasons = [{ rule: name, row: 'titles/harbour' }];
    expect(decision).toMatchObject({ outcome: 'REVIEW', assumptions: [], reasons });
    const place = placeIn(ledgerWith({ policies }), asked);
    const bare = deciding({ policies, appearances: [] });
    const found = [decision, bare].map((one) => questionsOf({ ...one, shotId: '', fileId: '' }, place));
    expect(found[0]).toEqual(found[1]);
    expect(found[0]).toMatchObject({ questions: [{ says: `if somebody says that ${says}` }] });
  });

  test(`a row in ${section} counts from its day until it is withdrawn, for its title or the whole shots that it names`, () => {
    const counted = (parts: Partial<Listing>) => rules({ [section]: [{ ...row, ...parts }] });
    const inFile = (shots: Listing['shots']) => counted({ file: 'harbour.mp4', shots });
    expect(counted({})).toEqual([]);
    expect(counted({ on: '2026-05-02' })).toEqual([name]);
    expect(counted({ withdrawn: '2026-05-01' })).toEqual([name]);
    expect(counted({ title: 'other' })).toEqual([name]);
    expect(counted({ file: 'harbour.mp4' })).toEqual([]);
    expect(counted({ file: 'trailer.mp4' })).toEqual([name]);
    expect(counted({ file: 'old-name.mp4' })).toEqual([name]);
    expect(inFile([{ in: 0, out: 24 }])).toEqual([]);
    expect(inFile([{ in: 0, out: 23 }])).toEqual([name]);
    expect(inFile([{ in: '01:00:00:00', out: '01:00:02:00' }])).toEqual([]);
    expect(inFile([{ in: '01:00:00:01', out: '01:00:02:00' }])).toEqual([name]);
  });

  test(`a row in ${section} is by a party, of a title, and names the file that its ranges are of`, () => {
    const refused = (parts: object) => refusal(withRow(section, { ...row, ...parts })).join();
    expect(refused({ by: 'ghost' })).toContain('one of the parties, found "ghost"');
    expect(refused({ title: 'ghost' })).toContain('one of the titles');
    expect(refused({ file: 'x.mp4' })).toContain('a file of the title');
    expect(refused({ shots: 'all' })).toContain('the file that the ranges are of');
  });
}

test('something of others that is listed leaves open what else is in the shot', () => {
  const music = { id: 'm1', kind: 'music' as const, owner: 'studio', title: 'harbour', file: 'harbour.mp4' };
  const materials = [{ ...music, shots: 'all' as const, status: 'confirmed' as const }];
  const { assumptions } = decide(asking({ ledger: ledgerWith({ casts: [row], materials }) }));
  expect(assumptions.map(({ message }) => message)).toContain(
    'what of others is in Harbour is not stated to be complete: what else is here is not known',
  );
});
