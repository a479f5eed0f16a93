import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { catalogue, forgetLedgers } from './catalogued.test-support.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import type { LedgerFile } from './schema.ts';
import { unlock } from './unlock.ts';

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
  await catalogue(context, 'quarry', 'quarry.mp4');
});
afterAll(() => close());
beforeEach(() => forgetLedgers(context));

const day = { use: 'train.style', territory: 'world', asOf: '2026-05-01' } as const;

async function unlocked(parts: Partial<LedgerFile>) {
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify({ ...clearedFile(), ...parts }));
  await importLedger(context, path);
  return unlock(context, day, new Map());
}

const [seen] = clearedFile().appearances as [NonNullable<LedgerFile['appearances']>[number]];
const [g1] = clearedFile().grants as [NonNullable<LedgerFile['grants']>[number]];
const says = ({ questions }: { questions: { says: string }[] }) => questions.map((one) => one.says);

const whoseQuarry = [
  'if its owners then grant train.style in world, and whoever is seen in quarry.mp4 consents',
  'if somebody says whose quarry.mp4 is',
];

test('a missing consent is a question worth the shots that only it holds up', async () => {
  const result = await unlocked({ consents: [], appearances: [{ ...seen, shots: [{ in: 0, out: 24 }] }] });
  const answer = result.answers.find((one) => says(one)[0] === 'if Nia Okafor consents to train.style');
  expect(answer).toMatchObject({
    shots: 1,
    coverage: [{ title: 'harbour', light: 'medium-lit', before: 1, after: 2 }],
  });
  expect(answer?.minutes).toBeCloseTo(1 / 60);
});

test('shots that wait for two answers are freed by both together, and those of one are counted in', async () => {
  const obligations = [
    { id: 'notice', kind: 'notify', to: 'nia', titles: ['harbour'], uses: 'all', territories: ['world'] },
  ] as LedgerFile['obligations'];
  const appearances = [{ ...seen, shots: [{ in: 0, out: 24 }] }];
  const { answers } = await unlocked({ consents: [], appearances, obligations });
  const harbour = answers.filter(({ coverage }) => coverage[0]?.title === 'harbour');
  expect(harbour.map(({ questions, shots }) => [questions.length, shots])).toEqual([
    [1, 1],
    [2, 2],
  ]);
  expect(harbour[0] && says(harbour[0])).toEqual([
    'if obligations/notice is recorded as done: notify Nia Okafor',
  ]);
});

test('who has to approve is asked by name', async () => {
  const restriction = { id: 'r1', imposedBy: 'nia', unless: 'approved', reason: 'by her contract' };
  const where = { titles: ['harbour'], uses: ['train.style'], territories: ['world'] };
  const { answers } = await unlocked({ restrictions: [{ ...restriction, ...where }] as never });
  expect(answers.flatMap(says)).toContain('if Nia Okafor approves, as restrictions/r1 asks: by her contract');
});

test('an owner is asked once, whatever the grants lack, and the nearest is named', async () => {
  const grants = [
    { ...g1, until: '2026-04-01' },
    { ...g1, id: 'g2', until: '2026-04-30' },
    { ...g1, id: 'g3', territories: ['DE'], until: '2026-04-30' },
  ];
  const { answers } = await unlocked({ grants });
  const asked = answers.filter(({ coverage }) => coverage[0]?.title === 'harbour');
  expect(asked.map(says)).toEqual([
    ['if The Studio grants train.style in world for harbour (nearest: grants/g2)'],
  ]);
  expect(asked[0]?.shots).toBe(2);
});

test('a refusal is no question: its shots are counted apart', async () => {
  const consents = [{ ...clearedFile().consents?.[0], answer: 'refused' }] as LedgerFile['consents'];
  const { answers, barred, allowed } = await unlocked({ consents });
  expect([barred.shots, allowed.shots]).toEqual([2, 0]);
  expect(answers.map(says)).toEqual([whoseQuarry]);
});

const withdrawn = '2026-04-01';
const studioLeft = clearedFile().parties?.map((row) => (row.id === 'studio' ? { ...row, withdrawn } : row));

const song = { id: 'song', kind: 'music', owner: 'nia', status: 'confirmed' } as const;
const materials = [{ ...song, title: 'harbour', file: 'harbour.mp4', shots: 'all' as const }];
const licence = { ...g1, id: 'licence', grantor: 'nia', materials: ['song'] };
const terms = { titles: ['harbour'], uses: ['train.style' as const], territories: ['world'] };
const asks = { ...terms, id: 'asks', imposedBy: 'nia', unless: 'approved' as const, reason: 'hers' };
const approval = { ...terms, id: 'yes', restriction: 'asks', by: 'nia' };
const consent = { ...terms, id: 'c1', party: 'nia', answer: 'given' as const };

test.each<[string, Partial<LedgerFile>]>([
  ['a withdrawn licence', { materials, grants: [g1, { ...licence, withdrawn }] }],
  ['a withdrawn approval', { restrictions: [asks], approvals: [{ ...approval, withdrawn }] }],
  ['a withdrawn consent that has ended too', { consents: [{ ...consent, withdrawn, until: '2026-04-15' }] }],
  ['a withdrawn grant', { grants: [{ ...g1, withdrawn }] }],
  ['an owner who withdrew', { parties: studioLeft ?? [] }],
  [
    'an owner who withdrew and granted other uses',
    { parties: studioLeft ?? [], grants: [{ ...g1, uses: ['index'] }] },
  ],
  ['an owner who withdrew and granted nothing', { parties: studioLeft ?? [], grants: [] }],
])('nobody is asked anew who withdrew: %s', async (_, parts) => {
  const { answers, barred } = await unlocked(parts);
  expect(barred.shots).toBe(2);
  expect(answers.map(says)).toEqual([whoseQuarry]);
});

test('an owner who withdrew one grant and let another end is asked, as a longer one is no withdrawn one', async () => {
  const grants = [
    { ...g1, withdrawn },
    { ...g1, id: 'g2', until: '2026-04-30' },
  ];
  const { answers } = await unlocked({ grants });
  expect(answers.flatMap(says)).toContain(
    'if The Studio grants train.style in world for harbour (nearest: grants/g2)',
  );
});

test.each<[string, Partial<LedgerFile>]>([
  [
    'a licence',
    { materials, grants: [g1, { ...licence, withdrawn }, { ...licence, id: 'l2', until: '2026-04-30' }] },
  ],
  ['a licence for another use', { materials, grants: [g1, { ...licence, uses: ['distil'], withdrawn }] }],
  [
    'an approval',
    {
      restrictions: [asks],
      approvals: [
        { ...approval, withdrawn },
        { ...approval, id: 'a2', until: '2026-04-30' },
      ],
    },
  ],
  ['a consent', { consents: [{ ...consent, withdrawn, uses: ['distil'] }] }],
])(
  'who withdrew one and let another end, or withdrew it for something else, is asked: %s',
  async (_, parts) => {
    expect((await unlocked(parts)).barred.shots).toBe(0);
  },
);

test('whose film it is frees nothing by itself: that its owners grant is asked with it', async () => {
  const { answers } = await unlocked({});
  expect(answers.map((answer) => [says(answer), answer.shots])).toEqual([[whoseQuarry, 2]]);
});

test('what frees the most minutes for a question comes first', async () => {
  const { answers } = await unlocked({ consents: [] });
  expect(answers.map((answer) => [says(answer)[0], answer.shots])).toEqual([
    ['if Nia Okafor consents to train.style', 2],
    [whoseQuarry[0], 2],
  ]);
});

test('an owner who has granted nothing yet is asked by name, for where it is asked', async () => {
  const { answers } = await unlocked({ grants: [], consents: [], appearances: [], casts: [] });
  expect(answers.flatMap(says)).toContain('if The Studio grants train.style in world for Harbour');
});

test('an owner who grants nothing is asked by name, whatever the words in the name of the title', async () => {
  const name = 'Love grants nothing for fools';
  const titles = clearedFile().titles?.map((title) => ({ ...title, name }));
  const { answers } = await unlocked({ titles, grants: [] });
  expect(answers.flatMap(says)).toContain(`if The Studio grants train.style in world for ${name}`);
});

describe('what an owner permits to somebody else alone', () => {
  const parties = [...(clearedFile().parties ?? []), { id: 'rival', kind: 'org', name: 'Rival' } as const];
  const policies = [{ id: 'house', house: 'nia' }];
  const sole = { ...g1, grantee: 'rival', exclusive: true };
  const harbourAsked = async (grants: LedgerFile['grants']) => {
    const { answers, barred } = await unlocked({ parties, policies, grants });
    return [
      barred.shots,
      answers.flatMap(says).filter((words) => words.includes('grants train.style in world for harbour')),
    ];
  };

  test.each<[string, Partial<typeof sole>]>([
    ['', {}],
    [' until the day that is asked about', { until: day.asOf }],
    [' in a country', { territories: ['DE'] }],
    [', of what comes with the use', { uses: ['eval'] }],
  ])('nobody is asked for while it holds%s: the ledger would refuse the yes', async (_, parts) => {
    expect(await harbourAsked([{ ...sole, ...parts }])).toEqual([2, []]);
    const yes = { ...g1, id: 'yes', uses: [day.use], from: day.asOf, until: day.asOf };
    await expect(unlocked({ parties, policies, grants: [{ ...sole, ...parts }, yes] })).rejects.toMatchObject(
      {
        code: 'ledger-invalid',
      },
    );
  });

  test.each<[string, Partial<Omit<typeof sole, 'grantee'>> & { grantee?: string | undefined }]>([
    ['has ended', { until: '2026-04-30' }],
    ['is of another use', { uses: ['generate.final'] }],
    ['is withdrawn', { withdrawn: '2026-04-01' }],
    ['is for the house', { grantee: 'nia', territories: ['DE'] }],
    ['names nobody, and so is for the house', { grantee: undefined, territories: ['DE'] }],
    ['is not for one alone', { exclusive: false }],
  ])('may be asked for where it %s', async (_, parts) => {
    const [barred, asked] = await harbourAsked([
      { ...sole, ...parts },
      { ...g1, id: 'g2', grantee: 'nia', from: '2026-06-01' },
    ]);
    expect([barred, (asked as string[]).length]).toEqual([0, 1]);
  });

  test('nor is a licence for things in the picture asked for of who licenses them to somebody else alone', async () => {
    const place = { title: 'harbour', file: 'harbour.mp4', shots: [{ in: 0, out: 24 }] };
    const materials = [
      { id: 'poster', kind: 'artwork', owner: 'studio', status: 'confirmed', ...place },
    ] as const;
    const licence = { ...sole, id: 'licence', materials: ['poster'] };
    const barredBy = async (parts: Partial<typeof licence>) => {
      await forgetLedgers(context);
      const grants = [g1, { ...licence, ...parts }];
      return (await unlocked({ parties, policies, materials: [...materials], grants })).barred.shots;
    };
    expect([await barredBy({}), await barredBy({ until: '2026-04-30' })]).toEqual([1, 0]);
  });
});
