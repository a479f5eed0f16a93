import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { catalogue } from './catalogued.test-support.ts';
import { decide, type Question } from './decide.ts';
import { explainShot } from './explain.ts';
import { importLedger } from './import.ts';
import { asking, clearedFile, ledgerWith } from './ledgers.test-support.ts';
import type { Consent, LedgerFile, Miss } from './schema.ts';

const [c1] = clearedFile().consents as [Consent];
const decided = (parts: Partial<LedgerFile>, more: Partial<Question> = {}) =>
  decide(asking({ ledger: ledgerWith(parts), ...more }));
const nearest = (parts: Partial<LedgerFile>, more: Partial<Question> = {}) =>
  decided(parts, more).nearestConsents;
const ofNia = { party: 'nia', row: 'appearances/a1', use: 'train.style', consent: 'c1' };
const miss = (
  dimension: Miss['dimension'],
  rule: Miss['rule'],
  days: number | null,
  message: string,
): Miss => {
  return { dimension, rule, days, message };
};

describe('the consent that comes nearest', () => {
  test.each<[string, Partial<Consent>, Miss]>([
    [
      'has run out by a day',
      { until: '2026-04-30' },
      miss('until', 'consent_missing', 1, 'ended 2026-04-30, 1 day before 2026-05-01'),
    ],
    [
      'begins in a day',
      { from: '2026-05-02' },
      miss('from', 'consent_missing', 1, 'begins 2026-05-02, 1 day after 2026-05-01'),
    ],
    [
      'was withdrawn three days ago',
      { withdrawn: '2026-04-28' },
      miss('withdrawn', 'consent_refused', 3, 'was withdrawn on 2026-04-28'),
    ],
    [
      'is given next month',
      { on: '2026-06-01' },
      miss('from', 'consent_missing', 31, 'was not given before 2026-06-01, 31 days after 2026-05-01'),
    ],
    [
      'is for another country',
      { territories: ['DE'] },
      miss('territory', 'consent_missing', null, 'permits DE, not world'),
    ],
    [
      'is for another title',
      { titles: ['quarry'] },
      miss('title', 'consent_missing', null, 'is for another title'),
    ],
    [
      'came from somebody else',
      { givenBy: 'studio' },
      miss(
        'giver',
        'not_represented',
        null,
        'nothing shows that studio represented nia when the consent was given and signed',
      ),
    ],
  ])('tells by how much it misses: it %s', (_, parts, expected) => {
    const { outcome, nearestConsents } = decided({ consents: [{ ...c1, ...parts }] });
    expect(outcome).not.toBe('ALLOW');
    expect(nearestConsents).toEqual([{ ...ofNia, misses: [expected] }]);
  });

  test('is the one that misses in the fewest dimensions, then by the fewest days, of those for the title', () => {
    const consents = [
      { ...c1, id: 'gone', withdrawn: '2026-03-01' },
      { ...c1, id: 'twice', until: '2026-04-30', territories: ['DE'] },
      { ...c1, id: 'near', until: '2026-04-20' },
      { ...c1, id: 'elsewhere', titles: ['quarry'] },
    ];
    expect(nearest({ consents })).toMatchObject([{ consent: 'near', misses: [{ days: 11 }] }]);
  });

  test('is told of each person, and of a performer who is named for the replica', () => {
    const parties = [...(clearedFile().parties ?? []), { id: 'ben', kind: 'person' as const, name: 'Ben' }];
    const [a1] = clearedFile().appearances ?? [];
    const appearances = [a1, { ...a1, id: 'a2', party: 'ben' }] as LedgerFile['appearances'];
    const consents = [c1, { ...c1, id: 'c2', party: 'ben', until: '2026-04-30' }];
    const rows = { parties, appearances: appearances ?? [], consents };
    expect(nearest(rows).map(({ row, consent }) => [row, consent])).toEqual([['appearances/a2', 'c2']]);
    const replica = nearest(rows, { performers: ['nia'] }).filter(({ party }) => party === 'nia');
    expect(replica.map(({ row, use, misses }) => [row, use, ...misses.map((one) => one.dimension)])).toEqual([
      ['appearances/a1', 'train.performer', 'use', 'form', 'form'],
      ['parties/nia', 'train.performer', 'use', 'form', 'form'],
    ]);
  });

  test('is none where somebody agreed, refused, was never asked or may be seen only', () => {
    expect(nearest({})).toEqual([]);
    expect(nearest({ consents: [] })).toEqual([]);
    const refused = { ...c1, id: 'no', answer: 'refused' as const };
    expect(nearest({ consents: [{ ...c1, until: '2026-04-30' }, refused] })).toEqual([]);
    const [a1] = clearedFile().appearances ?? [];
    const appearances = [{ ...a1, status: 'proposed' }] as LedgerFile['appearances'];
    expect(nearest({ appearances: appearances ?? [], consents: [{ ...c1, until: '2026-04-30' }] })).toEqual(
      [],
    );
  });

  test('counts that the person withdrew altogether', () => {
    const parties = clearedFile().parties?.map((row) => ({
      ...row,
      ...(row.id === 'nia' && { withdrawn: '2026-04-21' }),
    }));
    const expected = miss('withdrawn', 'consent_refused', 10, 'nia withdrew on 2026-04-21');
    expect(nearest({ parties: parties ?? [] })).toEqual([{ ...ofNia, misses: [expected] }]);
  });
});

describe('a workspace', () => {
  let context: Context;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ context, close } = await testContext());
    await catalogue(context, 'harbour', 'harbour.mp4');
  });
  afterAll(() => close());

  test('explains it beside the reasons', async () => {
    const path = join(context.paths.root, 'ledger.json');
    const consents = [{ ...c1, withdrawn: '2026-04-28' }];
    await writeFile(path, JSON.stringify({ ...clearedFile(), consents }));
    await importLedger(context, path);
    const day = { use: 'train.style', territory: 'world', asOf: '2026-05-01' } as const;
    const { words, nearestConsents } = await explainShot(context, 'sht_harbour-0', day);
    expect(nearestConsents).toMatchObject([ofNia]);
    expect(words).toContain('  nearest of nia: consents/c1 was withdrawn on 2026-04-28');
  });

  test('tells it once where the reason names it already, and once where several things are asked', async () => {
    const own = await testContext();
    await catalogue(own.context, 'harbour', 'harbour.mp4');
    const path = join(own.context.paths.root, 'ledger.json');
    const explained = async (consent: Partial<Consent>, performers: string[]) => {
      await writeFile(path, JSON.stringify({ ...clearedFile(), consents: [{ ...c1, ...consent }] }));
      await importLedger(own.context, path);
      const day = { use: 'train.style', territory: 'world', asOf: '2026-05-01', performers } as const;
      return (await explainShot(own.context, 'sht_harbour-0', day)).words;
    };
    const forBoth = { uses: ['train.style' as const, 'train.performer' as const], described: 'a replica' };
    const ended = await explained({ until: '2026-04-30' }, []);
    expect(ended.match(/consents\/c1 ended 2026-04-30/g)).toHaveLength(1);
    const withdrawn = await explained({ ...forBoth, separatelySigned: true, withdrawn: '2026-04-28' }, [
      'nia',
    ]);
    expect(withdrawn.match(/nearest of nia: consents\/c1 was withdrawn on 2026-04-28/gm)).toHaveLength(1);
    await own.close();
  });
});
