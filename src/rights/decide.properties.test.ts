import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide, type Question } from './decide.ts';
import { harbourShot } from './ledgers.test-support.ts';
import type { Appearance, Ledger, Use } from './schema.ts';
import { sliceFor } from './slice.ts';

const people = ['p1', 'p2'];
const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
const titleIds = fc.uniqueArray(oneOf('t1', 't2'), { minLength: 1 });
const someUses = fc.uniqueArray(oneOf<Use>('train.style', 'index'), { minLength: 1 });
const someTerritories = oneOf(['world'], ['world'], ['DE', 'FR'], ['FR']);
const moment = oneOf('2026-01-01', '2026-05-01', '2026-05-01T12:00:00Z', '2026-09-01');
const rarely = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const span = { from: rarely(moment), until: rarely(moment) };
const withdrawn = rarely(moment);
const all = <T>(list: fc.Arbitrary<T[]>) => fc.oneof(fc.constant('all' as const), list);
const id = fc.integer({ min: 0, max: 99 }).map((n) => `r${n}`);
const rows = <T extends { id: string }>(row: fc.Arbitrary<T>, maxLength: number) =>
  fc.uniqueArray(row, { maxLength, selector: (r) => r.id });

const restriction = fc.record({
  id,
  titles: all(titleIds),
  uses: all(someUses),
  territories: someTerritories,
  ...span,
  reason: fc.constant('no'),
});

const shares = fc
  .uniqueArray(oneOf(...people), { maxLength: 2 })
  .map((owners) => owners.map((party) => ({ party, share: owners.length === 1 ? '100%' : '1/2' })));

const title = (name: string) =>
  fc.record({
    id: fc.constant(name),
    name: fc.constant(name),
    files: fc.constant<string[]>([`${name}.mp4`]),
    shares,
    withdrawn,
  });

const ledgers: fc.Arbitrary<Ledger> = fc.record({
  version: fc.constant(1 as const),
  parties: fc.tuple(...people.map((party) => fc.record({ ...constantParty(party), withdrawn }))),
  titles: fc.tuple(title('t1'), title('t2')),
  grants: rows(
    fc.record({
      id,
      grantor: oneOf(...people),
      titles: titleIds,
      uses: someUses,
      territories: someTerritories,
      ...span,
      withdrawn,
    }),
    9,
  ),
  restrictions: rows(restriction, 1),
  consents: rows(
    fc.record({
      id,
      party: oneOf(...people),
      answer: oneOf('given' as const, 'given' as const, 'given' as const, 'refused' as const),
      titles: titleIds,
      uses: someUses,
      territories: someTerritories,
      ...span,
    }),
    6,
  ),
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
});

function constantParty(party: string) {
  return { id: fc.constant(party), kind: fc.constant('person' as const), name: fc.constant(party) };
}

const questions: fc.Arbitrary<Question> = fc.record({
  shot: fc.constant({ ...harbourShot, file: { name: 't1.mp4', sha256: 'a'.repeat(64) } }),
  title: oneOf<Question['title']>(
    { title: 't1' },
    { title: 't1' },
    { title: 't1' },
    { unknown: 'not named' },
  ),
  ledger: ledgers,
  use: oneOf<Use>('train.style', 'index'),
  territory: oneOf('world', 'DE', 'US'),
  asOf: moment,
});

const runs = { numRuns: 1500, seed: 3 };
const allows = (question: Question): boolean => decide(question).outcome === 'ALLOW';

const sections = ['parties', 'titles', 'grants', 'restrictions', 'consents', 'appearances'] as const;

/** The same rows in another order, and the lists within them. */
function shuffled(ledger: Ledger, keys: readonly number[]): Ledger {
  const mix = <T>(list: readonly T[]): T[] =>
    list
      .map((value, i) => ({ value, key: ((keys[i % keys.length] ?? 0) * 31 + i * 17) % 101 }))
      .sort((a, b) => a.key - b.key)
      .map(({ value }) => value);
  const inside = (row: object) =>
    Object.fromEntries(
      Object.entries(row).map(([k, value]) => [k, Array.isArray(value) ? mix(value) : value]),
    );
  const parts = sections.map((section) => [section, mix<object>(ledger[section]).map(inside)]);
  return { version: 1, ...Object.fromEntries(parts) } as Ledger;
}

test('the questions asked here come to every outcome often', () => {
  const found = fc.sample(questions, { numRuns: 1500, seed: 3 }).map((question) => decide(question).outcome);
  for (const outcome of ['ALLOW', 'EXCLUDE', 'REVIEW', 'NEEDS_ACTION'] as const) {
    expect(found.filter((other) => other === outcome).length, outcome).toBeGreaterThan(15);
  }
});

test('a restriction never adds an allowed shot', () => {
  fc.assert(
    fc.property(questions, restriction, (question, row) => {
      const { ledger } = question;
      const next = { ...ledger, restrictions: [...ledger.restrictions, { ...row, id: 'added' }] };
      expect(allows({ ...question, ledger: next }) && !allows(question)).toBe(false);
    }),
    runs,
  );
});

test('the order of rows never changes a decision', () => {
  fc.assert(
    fc.property(questions, fc.array(fc.nat(100), { minLength: 3, maxLength: 7 }), (question, keys) => {
      expect(decide({ ...question, ledger: shuffled(question.ledger, keys) })).toEqual(decide(question));
    }),
    runs,
  );
});

test('withdrawing a row never adds an allowed shot', () => {
  const section = oneOf('parties' as const, 'titles' as const, 'grants' as const, 'consents' as const);
  fc.assert(
    fc.property(questions, section, fc.nat(9), (question, name, n) => {
      const { ledger } = question;
      const list: readonly object[] = ledger[name];
      const given = (row: object) => !('answer' in row && row.answer === 'refused');
      const next = list.map((row, i) => (i === n && given(row) ? { ...row, withdrawn: '2026-01-01' } : row));
      expect(allows({ ...question, ledger: { ...ledger, [name]: next } }) && !allows(question)).toBe(false);
    }),
    runs,
  );
});

test('taking a grant or a given consent away never adds an allowed shot', () => {
  fc.assert(
    fc.property(questions, oneOf('grants' as const, 'consents' as const), (question, name) => {
      const { ledger } = question;
      const kept = [...ledger[name]].filter((row) => 'answer' in row && row.answer === 'refused');
      expect(allows({ ...question, ledger: { ...ledger, [name]: kept } }) && !allows(question)).toBe(false);
    }),
    runs,
  );
});

test('an allowed shot has a grant and no reason against it; every other has a reason with its row', () => {
  fc.assert(
    fc.property(questions, (question) => {
      const { outcome, reasons, grants } = decide(question);
      if (outcome === 'ALLOW') expect([reasons.length, grants.length > 0]).toEqual([0, true]);
      else
        expect(reasons.every(({ row, message }) => row !== '' && message !== '') && reasons.length > 0).toBe(
          true,
        );
    }),
    runs,
  );
});

test('what the whole world may, each country may', () => {
  fc.assert(
    fc.property(questions, (question) => {
      if (allows({ ...question, territory: 'world' }))
        expect(allows({ ...question, territory: 'DE' })).toBe(true);
    }),
    runs,
  );
});

test('the rows of one file decide as the whole ledger does', () => {
  fc.assert(
    fc.property(questions, (question) => {
      if ('unknown' in question.title) return;
      const slice = sliceFor(question.ledger, question.title.title, question.shot.file);
      expect(decide({ ...question, ledger: slice })).toEqual(decide(question));
    }),
    runs,
  );
});
