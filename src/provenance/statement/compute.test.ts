import fc from 'fast-check';
import { expect, it } from 'vitest';
import { moneyOf } from '../../rights/index.ts';
import type { RuleId } from '../statement-rules.ts';
import type { Pool } from '../statement-schema.ts';
import type { Given, Holders, Replica, Training } from './claims.ts';
import { type Accounts, statementsOf } from './compute.ts';
import { sumOf } from './fraction.ts';
import { fractionOf, textOf } from './fraction-text.ts';

const pool: Pool = {
  ...{ version: 1, name: 'Agreement', rule: 'exposure-2' },
  training: { owners: '10000.01 EUR', performers: '999.99 EUR' },
  references: { owners: '0.07 EUR', performers: '5 EUR' },
  replicas: { performers: '100.01 EUR' },
};

const shares = fc.constantFrom(['100%'], ['1/3', '2/3'], ['50%', '25%'], ['1/7', '1/7', '5/7'], []);
const holders: fc.Arbitrary<Holders> = fc
  .record({ number: fc.nat({ max: 3 }), shares, performers: fc.subarray(['ann', 'bob', 'eve']) })
  .map(({ number, shares: parts, performers }) =>
    number === 0
      ? { title: null, owners: [], performers: [] }
      : {
          // A title has the same owners in all its shots.
          title: { id: `t${number}${parts.join()}`, name: 'Title' },
          owners: parts.map((share, i) => ({ party: `owner-${number}-${i}`, share })),
          performers,
        },
  );
const shot = fc.record({
  ...{ shot: fc.string(), holders, clips: fc.nat({ max: 5 }), seen: fc.nat({ max: 400 }) },
  seconds: fc
    .tuple(fc.bigInt({ min: 1n, max: 500n }), fc.constantFrom(12n, 24n, 1001n))
    .map(([num, den]) => ({ num, den })),
});
const training: fc.Arbitrary<Training> = fc.record({
  ...{ run: fc.constantFrom('run_1', 'run_2'), ended: fc.constant('2026-01-05T00:00:00.000Z') },
  ...{ models: fc.constant(['mdl_1']), snapshot: fc.uuid(), steps: fc.constant(5), batch: fc.constant(4) },
  targets: fc.subarray(['ann', 'zoe']),
  shots: fc.array(
    shot.map((one) => (one.seen > 0 ? one : { ...one, seconds: { num: 0n, den: 1n } })),
    { maxLength: 8 },
  ),
});
const given: fc.Arbitrary<Given> = fc.record({
  ...{ take: fc.uuid(), madeAt: fc.constant('2026-01-06T00:00:00.000Z'), given: fc.constant('video') },
  ...{ sha256: fc.constant('a'.repeat(64)), holders },
});
const replica: fc.Arbitrary<Replica> = fc.record({
  ...{ take: fc.uuid(), madeAt: fc.constant('2026-01-07T00:00:00.000Z'), run: fc.constant('run_3') },
  ...{ models: fc.constant(['mdl_ann']), withdrawn: fc.constantFrom(null, '2026-01-08T00:00:00.000Z') },
  seconds: fc
    .tuple(fc.bigInt({ min: 1n, max: 300n }), fc.constantFrom(12n, 24n, 1001n))
    .map(([num, den]) => ({ num, den })),
  performers: fc.subarray(['ann', 'bob', 'zoe'], { minLength: 1 }),
});
const accounts: fc.Arbitrary<Accounts> = fc.record({
  period: fc.constant({ from: '2026-01-01T00:00:00.000Z', until: '2026-02-01T00:00:00.000Z' }),
  ...{
    pool: fc.constant(pool),
    rule: fc.constantFrom('exposure-1', 'exposure-2', 'exposure-3', 'exposure-4'),
    names: fc.constant(new Map([['ann', 'Ann']])),
    notKnown: fc.constant(['b', 'a']),
  },
  ...{ trainings: fc.array(training, { maxLength: 4 }), given: fc.array(given, { maxLength: 4 }) },
  replicas: fc.array(replica, { maxLength: 6 }),
});

const names = [
  ...['training.owners', 'training.performers', 'references.owners', 'references.performers'],
  'replicas.performers',
];

it.each([
  ['EUR', ['10000.01', '999.99', '0.07', '5', '100.01']],
  ['JPY', ['10001', '999', '7', '5', '101']],
  ['BHD', ['10000.001', '999.999', '0.007', '5', '100.001']],
])(
  'gives away or keeps back every unit of each pool in %s, and counts add up to what was shown',
  (currency, values) => {
    const [owners, performers, ...given] = values.map((value) => `${value} ${currency}`);
    const references = { owners: given[0], performers: given[1] };
    const replicas = { performers: given[2] ?? '' };
    const divided = { ...pool, training: { owners, performers }, references, replicas };
    const amounts = names.map((name, i) => [name, `${values[i]} ${currency}`] as const);
    fc.assert(
      fc.property(accounts, (all) => {
        const { summary, participants } = statementsOf({ ...all, pool: divided });
        const lines = participants.flatMap((one) => one.amounts);
        for (const [name, amount] of amounts) {
          const parts = [
            ...lines.filter((line) => line.pool === name).map(({ due }) => due),
            ...summary.undivided.filter((part) => part.pool === name).map((part) => part.amount),
          ];
          expect(parts.reduce((sum, part) => sum + moneyOf(part).units, 0n)).toBe(moneyOf(amount).units);
        }
        for (const { counted, of } of lines.filter((line) => line.pool === 'training.owners')) {
          const shown = sumOf(all.trainings.flatMap(({ shots }) => shots.map(({ seconds }) => seconds)));
          expect(of).toBe(textOf(shown));
          expect(fractionOf(counted).num).toBeGreaterThanOrEqual(0n);
        }
      }),
    );
  },
);

it('is the same in whatever order trainings, shots, takes and what is not known are read', () => {
  fc.assert(
    fc.property(accounts, (all) => {
      const turned: Accounts = {
        ...all,
        trainings: all.trainings.map((one) => ({ ...one, shots: one.shots.toReversed() })).toReversed(),
        given: all.given.toReversed(),
        replicas: all.replicas
          .toReversed()
          .map((one) => ({ ...one, performers: one.performers.toReversed() })),
        notKnown: all.notKnown.toReversed(),
      };
      const digests = (from: Accounts) => {
        const { summary, participants } = statementsOf(from);
        return [summary.digest, ...participants.map(({ digest }) => digest)];
      };
      expect(digests(turned)).toEqual(digests(all));
    }),
  );
});

it('does not divide what nobody known owns among the others', () => {
  const film = (title: Holders['title'], owners: Holders['owners']): Training['shots'][number] => ({
    ...{ shot: 's', clips: 1, seen: 1, seconds: { num: 10n, den: 1n } },
    holders: { title, owners, performers: [] },
  });
  const shots = [film({ id: 't', name: 'T' }, [{ party: 'studio', share: '50%' }]), film(null, [])];
  const facts = { run: 'run_1', ended: '', models: [], snapshot: 'd', steps: 1, batch: 2, targets: [] };
  const { summary, participants } = statementsOf({
    ...{
      period: { from: '', until: '' },
      rule: 'exposure-2',
      given: [],
      replicas: [],
      names: new Map(),
      notKnown: [],
    },
    ...{
      pool: { ...pool, training: { owners: '100 EUR' }, references: {}, replicas: undefined },
      trainings: [{ ...facts, shots }],
    },
  });
  expect(participants[0]?.amounts).toMatchObject([{ counted: '5', of: '20', due: '25.00 EUR' }]);
  expect(summary.undivided).toEqual([
    { pool: 'training.owners', amount: '75.00 EUR', why: 'its owner is not known' },
  ]);
});

it("gives a unit that remains between equals to somebody; by the rule of before it stayed nobody's, to the byte", () => {
  const by = (rule: RuleId) => {
    const period = { from: '2026-01-01T00:00:00.000Z', until: '2026-02-01T00:00:00.000Z' };
    const owners = [{ party: 'ann', share: '50%' }];
    const holders = { title: { id: 't', name: 'T' }, owners, performers: [] };
    const shots = [{ shot: 's', clips: 1, seen: 1, seconds: { num: 10n, den: 1n }, holders }];
    const run = {
      run: 'run_1',
      ended: '2026-01-05T00:00:00.000Z',
      models: [],
      snapshot: 'd',
      steps: 1,
      batch: 2,
      targets: ['zoe'],
    };
    const divided: Pool = {
      version: 1,
      name: pool.name,
      rule,
      training: { owners: '1.01 EUR' },
      references: {},
    };
    const rest = { period, rule, given: [], replicas: [zoes], names: new Map(), notKnown: [] };
    return statementsOf({ ...rest, pool: divided, trainings: [{ ...run, shots }] });
  };
  expect(by('exposure-2').participants[0]?.amounts).toMatchObject([{ due: '0.51 EUR' }]);
  expect(by('exposure-2').summary.rule.says.join(' ')).toContain('to nobody known after all of them');
  expect(by('exposure-1').participants[0]?.amounts).toMatchObject([{ due: '0.50 EUR' }]);
  expect(by('exposure-3').participants.map(({ participant }) => participant.id)).toEqual(['ann', 'zoe']);
  // As the version that had this rule alone computed it.
  expect(by('exposure-1').summary.digest).toBe(
    '754e3573acb7eb1e8e704bdced6a7b9e045e7df9c089bba3175984a4319f6131',
  );
  expect(by('exposure-2').summary.digest).toBe(
    '5d04c1e7efb7edd65a75872287f8b4457a26317e9fefa6973bba50788d9c0a4a',
  );
  expect(by('exposure-3').summary.digest).toBe(
    '1163c9b1882a33d19ab03eb627df87fc5440cd4faa243e15361903bbf6032619',
  );
});

const zoes: Replica = {
  ...{ take: 'tak_1', madeAt: '2026-01-07T00:00:00.000Z', run: 'run_3', models: ['mdl_zoe'] },
  ...{ seconds: { num: 17n, den: 12n }, withdrawn: null, performers: ['zoe'] },
};

it('counts each replica whole for each performer whom it names, by the rule that counts them and by none of before', () => {
  fc.assert(
    fc.property(accounts, (all) => {
      const { summary, participants } = statementsOf(all);
      const told = participants.flatMap(({ replicas }) => replicas?.each ?? []);
      if (all.rule !== 'exposure-4') {
        expect(participants.every(({ replicas }) => replicas === undefined)).toBe(true);
        return void expect(summary.participants.every(({ replicas }) => replicas === undefined)).toBe(true);
      }
      expect(told).toHaveLength(all.replicas.flatMap(({ performers }) => performers).length);
      const shown = all.replicas.flatMap(({ seconds, performers }) => performers.map(() => seconds));
      const sums = participants.map(({ replicas }) => fractionOf(replicas?.seconds ?? '0'));
      expect(textOf(sumOf(sums))).toBe(textOf(sumOf(shown)));
      for (const { participant, replicas, amounts } of participants) {
        const due = amounts.find(({ pool: name }) => name === 'replicas.performers');
        expect(due?.counted ?? '0').toBe(replicas?.seconds);
        const sum = summary.participants.find(({ id }) => id === participant.id)?.replicas;
        expect(sum?.seconds ?? '0').toBe(replicas?.seconds);
      }
    }),
  );
});
