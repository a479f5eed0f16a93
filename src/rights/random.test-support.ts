import fc from 'fast-check';
import type { Question } from './decide.ts';
import { harbourShot } from './ledgers.test-support.ts';
import { lifting, links } from './lifting.test-support.ts';
import type { Appearance, Ledger, Listing } from './schema.ts';
import { outputKinds, outputOf, trainers, type Use, uses } from './uses.ts';

/** Small ledgers in which rows meet, contradict and miss each other, and questions to them. */

const people = ['p1', 'p2'];
/** Who may speak for them, now and then, and for a time. */
const speakers = ['agent', 'p2'];
export const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
const titleIds = fc.uniqueArray(oneOf('t1', 't2'), { minLength: 1 });
const someUses = fc.oneof(
  {
    weight: 3,
    arbitrary: oneOf<Use[]>(
      ['train.style'],
      ['train.foundation', 'train.style', 'index', 'generate.final'],
      ['train.style', 'train.performer', 'condition', 'generate.temp', 'generate.replica'],
    ),
  },
  { weight: 1, arbitrary: fc.uniqueArray(oneOf(...uses), { minLength: 1, maxLength: 5 }) },
);
const someTerritories = oneOf(['world'], ['world'], ['DE', 'FR'], ['FR']);
/** After all that is asked for. */
const later = '2031-01-01';
const moment = oneOf('2026-01-01', '2026-05-01', '2026-05-01T12:00:00Z', '2026-09-01');
const rarely = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const span = { from: rarely(moment), until: rarely(moment) };
const withdrawn = rarely(moment);
const all = <T>(list: fc.Arbitrary<T[]>) => fc.oneof(fc.constant('all' as const), list);
const id = fc.integer({ min: 0, max: 99 }).map((n) => `r${n}`);
/** Of what other rows name: few, so that they are met. */
const fewIds = fc.integer({ min: 0, max: 4 }).map((n) => `r${n}`);
const rows = <T extends { id: string }>(row: fc.Arbitrary<T>, maxLength: number, minLength = 0) =>
  fc.uniqueArray(row, { minLength, maxLength, selector: (r) => r.id });

/** Narrowed now and then, so that most rows still meet what is asked. */
const dimensions = {
  models: rarely(oneOf(['house'], ['house', 'wan'])),
  trainers: rarely(fc.uniqueArray(oneOf(...trainers), { minLength: 1 })),
  outputs: rarely(fc.uniqueArray(oneOf(...outputKinds), { minLength: 1 })),
};
const scope = { uses: someUses, territories: someTerritories, ...span, ...dimensions };
const forbidding = { ...scope, titles: all(titleIds), uses: all(someUses) };

const halfTheTime = <T>(list: fc.Arbitrary<T[]>): fc.Arbitrary<T[]> => fc.oneof(fc.constant<T[]>([]), list);
/** Each holds up nearly all shots of its ledger. */
const seldom = <T>(list: fc.Arbitrary<T[]>): fc.Arbitrary<T[]> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant<T[]>([]) }, { weight: 1, arbitrary: list });

export const restriction = fc.record({
  id: fewIds,
  ...forbidding,
  imposedBy: oneOf(undefined, ...people, ...people),
  unless: oneOf(undefined, 'approved' as const),
  reason: fc.constant('no'),
});

const shares = fc
  .uniqueArray(oneOf(...people), { maxLength: 2 })
  .map((owners) => owners.map((party) => ({ party, share: owners.length === 1 ? '100%' : '1/2' })));

/** Most titles came to their owners by nobody; the others by transfers that may contradict their shares. */
const chain = rarely(
  fc.array(
    fc.record({
      from: oneOf(...people, 'agent'),
      to: oneOf(...people),
      share: oneOf('100%', '1/2'),
      on: oneOf(undefined, '2026-04-30', '2026-05-01', '2026-05-01T12:00:00Z', '2026-06-01'),
    }),
    { minLength: 1, maxLength: 2 },
  ),
);

const representedBy = fc.array(
  fc.oneof(oneOf(...speakers), fc.record({ party: oneOf(...speakers), ...span })),
  { maxLength: 1 },
);

const evidence = rarely(oneOf({ agreement: 'a1' }, { agreement: 'a1' }, { agreement: 'a2' }));
/** What somebody else may have said, with or without the day, which may not have come yet. */
const said = { on: fc.oneof(fc.constant(undefined), moment, oneOf(undefined, later)), evidence };
const agreement = (name: string, signed: fc.Arbitrary<string | undefined>) =>
  fc.record({
    id: fc.constant(name),
    name: fc.constant(name),
    kind: fc.constant('consent' as const),
    parties: fc.constant<string[]>(['p1']),
    sha256: fc.constant('a'.repeat(64)),
    signed,
  });

const title = (name: string) =>
  fc.record({
    id: fc.constant(name),
    name: fc.constant(name),
    files: fc.constant<string[]>([`${name}.mp4`]),
    shares,
    chain,
    withdrawn,
  });

const listings = halfTheTime(
  rows(
    fc.record({
      id: fewIds,
      title: oneOf('t1', 't1', 't2'),
      file: oneOf(undefined, 't1.mp4'),
      shots: oneOf<Listing['shots']>(undefined, 'all', [{ in: 0, out: 24 }], [{ in: 20, out: 40 }]),
      by: oneOf(...people),
      on: moment,
      withdrawn,
    }),
    2,
  ),
);

export const ledgers: fc.Arbitrary<Ledger> = fc.record({
  version: fc.constant(1 as const),
  parties: fc.tuple(
    ...people.map((party) => fc.record({ ...constantParty(party), representedBy, withdrawn })),
    fc.record({ ...constantParty('agent'), withdrawn }),
  ),
  titles: fc.tuple(title('t1'), title('t2')),
  grants: rows(
    fc.record({
      id,
      grantor: oneOf(...people),
      titles: titleIds,
      ...scope,
      materials: rarely(oneOf(['r1'], ['r1', 'r2', 'r3', 'r4'])),
      grantee: oneOf(undefined, undefined, undefined, undefined, ...people, 'agent'),
      evidence,
      withdrawn,
    }),
    9,
    4,
  ),
  restrictions: halfTheTime(rows(restriction, 2)),
  consents: fc
    .tuple(
      rows(
        fc.record({
          id,
          party: oneOf(...people),
          givenBy: oneOf(undefined, undefined, ...speakers),
          ...said,
          answer: oneOf('given' as const, 'given' as const, 'given' as const, 'refused' as const),
          titles: titleIds,
          ...scope,
          described: oneOf(undefined, 'a style'),
          separatelySigned: oneOf(undefined, true, false),
          advisedBy: oneOf(undefined, 'union' as const, 'none' as const),
          withdrawn,
        }),
        7,
        2,
      ),
      links,
    )
    .map(([list, given]) => lifting(list, given)),
  appearances: rows(
    fc.record({
      id,
      party: oneOf(...people),
      title: oneOf('t1', 't1', 't2'),
      file: oneOf('t1.mp4', 't1.mp4', 't2.mp4'),
      shots: oneOf<Appearance['shots']>('all', [{ in: 10, out: 20 }], [{ in: 30, out: 40 }]),
      status: oneOf('confirmed' as const, 'confirmed' as const, 'proposed' as const),
    }),
    3,
  ),
  casts: listings,
  inventories: listings,
  policies: fc
    .tuple(
      seldom(fc.constant([{ id: 'casts', cast: 'stated' as const }])),
      seldom(fc.constant([{ id: 'inventories', materials: 'stated' as const }])),
      halfTheTime(oneOf(...people).map((house) => [{ id: 'house', house }])),
    )
    .map((both) => both.flat()),
  agreements: fc.tuple(
    agreement('a1', fc.oneof(fc.constant(undefined), moment)),
    agreement('a2', fc.constant(later)),
  ),
  materials: halfTheTime(
    rows(
      fc.record({
        id: fewIds,
        kind: oneOf('music' as const, 'brand' as const),
        owner: oneOf(undefined, ...people),
        title: oneOf('t1', 't2'),
        file: oneOf('t1.mp4', 't2.mp4'),
        shots: oneOf<Appearance['shots']>([{ in: 10, out: 20 }], [{ in: 30, out: 40 }]),
        status: oneOf('confirmed' as const, 'confirmed' as const, 'proposed' as const),
      }),
      1,
    ),
  ),
  obligations: halfTheTime(
    rows(
      fc.record({
        id,
        kind: oneOf('notify' as const, 'pay' as const, 'bargain' as const),
        to: oneOf(...people),
        ...forbidding,
        due: fc.option(moment, { nil: undefined }),
        done: oneOf(undefined, '2026-01-01', '2026-05-01T11:00:00Z', '2026-05-01T13:00:00Z'),
      }),
      1,
    ),
  ),
  approvals: rows(
    fc.record({
      id,
      restriction: fewIds,
      by: oneOf(...people, ...speakers),
      ...said,
      titles: titleIds,
      ...scope,
      withdrawn,
    }),
    9,
  ),
});

function constantParty(party: string) {
  return { id: fc.constant(party), kind: fc.constant('person' as const), name: fc.constant(party) };
}

/** The ledger with everything permitted and agreed to that somebody can permit or agree to. */
export function generous(ledger: Ledger): Ledger {
  const wide = { titles: ['t1', 't2'], uses: [...uses], territories: ['world'], trainers: [...trainers] };
  const agreed = { answer: 'given' as const, described: 'a double', advisedBy: 'union' as const };
  const of = (party: string) => ({ ...wide, id: `all-of-${party}` });
  const refused = ledger.consents.filter(({ answer }) => answer === 'refused').map(({ id: no }) => no);
  const lifts = refused.length > 0 ? { lifts: refused } : {};
  return {
    ...ledger,
    grants: [...ledger.grants, ...people.map((party) => ({ ...of(party), grantor: party }))],
    consents: [...ledger.consents, ...people.map((party) => ({ ...of(party), ...agreed, ...lifts, party }))],
  };
}

/** What is asked of them. */
const terms = {
  use: fc.oneof(
    { weight: 3, arbitrary: oneOf<Use>('train.style', 'train.style', 'index', 'generate.temp') },
    { weight: 3, arbitrary: oneOf(...uses) },
    { weight: 1, arbitrary: oneOf<Use>('train.performer', 'generate.replica') },
  ),
  territory: oneOf('world', 'DE', 'US'),
  asOf: moment,
  model: oneOf(undefined, 'house', 'house'),
  trainer: rarely(oneOf(...trainers)),
  output: rarely(oneOf(...outputKinds)),
  performers: fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    { weight: 3, arbitrary: fc.subarray([...people, 'ghost'], { minLength: 1, maxLength: 2 }) },
  ),
};

export const asks = fc.record(terms).map(ofOneKind);

/** A question by itself says of one kind of takes only. */
export function ofOneKind<T extends Pick<Question, 'use' | 'output'>>(asked: T): T {
  const own = outputOf(asked.use);
  return own === undefined || own === asked.output ? asked : { ...asked, output: undefined };
}

export const questions: fc.Arbitrary<Question> = fc
  .record({
    shot: fc.constant({ ...harbourShot, file: { name: 't1.mp4', sha256: 'a'.repeat(64) } }),
    title: oneOf<Question['title']>(
      { title: 't1' },
      { title: 't1' },
      { title: 't1' },
      { unknown: 'not named' },
    ),
    ledger: ledgers,
    film: oneOf(undefined, harbourShot, { ...harbourShot, out: 48 }),
    ...terms,
  })
  .map(ofOneKind);
