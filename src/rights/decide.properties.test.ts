import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conclude, decide, type Question } from './decide.ts';
import { isSaidSince } from './lifting.ts';
import { generous, ofOneKind, oneOf, questions, restriction } from './random.test-support.ts';
import { sections } from './raw.ts';
import type { Consent, Ledger } from './schema.ts';
import { sliceFor } from './slice.ts';
import { makesReplica, narrowerUses, outputKinds, type Use } from './uses.ts';

const runs = { numRuns: 1500, seed: 3 };
const allows = (question: Question): boolean => decide(question).outcome === 'ALLOW';

/** Half of them with all that can be permitted: else few shots are allowed, of which these properties speak. */
const maybeGenerous = fc
  .tuple(questions, fc.boolean())
  .map(([question, more]) => (more ? { ...question, ledger: generous(question.ledger) } : question));

const everything = {
  answer: 'refused' as const,
  titles: 'all' as const,
  uses: 'all' as const,
  territories: ['world'],
};
/** Somebody refuses, and what is there may lift that already. */
const refused = fc
  .record({ id: oneOf('r1', 'r50', 'added'), party: oneOf('p1', 'p2') })
  .map((row) => ({ ...everything, ...row }));

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
  const found = fc.sample(questions, { numRuns: 2500, seed: 3 }).map((question) => decide(question).outcome);
  for (const outcome of ['ALLOW', 'EXCLUDE', 'REVIEW', 'NEEDS_ACTION'] as const) {
    expect(found.filter((other) => other === outcome).length, outcome).toBeGreaterThan(15);
  }
});

test('a restriction never adds an allowed shot', () => {
  const met = { taken: 0, kept: 0, refused: 0 };
  fc.assert(
    fc.property(questions, restriction, (question, row) => {
      for (const ledger of [question.ledger, generous(question.ledger)]) {
        const next = { ...ledger, restrictions: [...ledger.restrictions, { ...row, id: 'added' }] };
        const [before, after] = [ledger, next].map((one) => allows({ ...question, ledger: one }));
        expect(after && !before).toBe(false);
        met[after ? 'kept' : before ? 'taken' : 'refused'] += 1;
      }
    }),
    runs,
  );
  expect(Math.min(met.taken, met.kept, met.refused), JSON.stringify(met)).toBeGreaterThan(50);
});

test('a refusal never adds an allowed shot, whatever lifts it', () => {
  const met = { taken: 0, kept: 0 };
  fc.assert(
    fc.property(maybeGenerous, refused, (question, row) => {
      const consents = [...question.ledger.consents, row];
      const ledger = { ...question.ledger, consents };
      const [before, after] = [question.ledger, ledger].map((one) => allows({ ...question, ledger: one }));
      expect(after && !before).toBe(false);
      if (before) met[after ? 'kept' : 'taken'] += 1;
    }),
    runs,
  );
  expect(Math.min(...Object.values(met)), JSON.stringify(met)).toBeGreaterThan(20);
});

test('a refusal of everything leaves what consents permit that lift it, as if there were no others', () => {
  const met = { allowed: 0, refused: 0 };
  const some = fc.array(fc.boolean(), { minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(maybeGenerous, some, oneOf(undefined, '2026-05-01'), (question, lift, on) => {
      const given = question.ledger.consents.filter(({ answer }) => answer === 'given');
      const lifts = (row: Consent, i: number) => lift[i] && row.party === 'p1';
      const consents = given.map((row, i) => (lifts(row, i) ? { ...row, lifts: ['no'] } : row));
      const no = { ...everything, id: 'no', party: 'p1', on };
      const isAsked = (row: Consent, i: number) => lifts(row, i) && !isSaidSince(no, row, question.ledger);
      const alone = given.filter((row, i) => row.party !== 'p1' || isAsked(row, i));
      const [found, expected] = [[...consents, no], alone].map((rows) =>
        allows({ ...question, ledger: { ...question.ledger, consents: rows } }),
      );
      expect(found).toBe(expected);
      met[found ? 'allowed' : 'refused'] += 1;
    }),
    runs,
  );
  expect(Math.min(...Object.values(met)), JSON.stringify(met)).toBeGreaterThan(50);
});

test('the order of rows never changes a decision', () => {
  fc.assert(
    fc.property(questions, fc.array(fc.nat(100), { minLength: 3, maxLength: 7 }), (question, keys) => {
      expect(decide({ ...question, ledger: shuffled(question.ledger, keys) })).toEqual(decide(question));
    }),
    runs,
  );
});

const isGiven = (row: object) => !('answer' in row && row.answer === 'refused');
/** Which rows of a list of some length: one of them, or all. */
const some = fc.oneof(
  fc.nat(99).map((n) => (i: number, length: number) => i === n % length),
  fc.constant(() => true),
);

type Section = 'parties' | 'titles' | 'grants' | 'consents';

/** Does something to given rows of each section by itself, and counts how often an allowed shot was not any more. */
function withLess(of: readonly Section[], less: (row: object) => object[]): Record<string, number> {
  const taken = Object.fromEntries(of.map((name) => [name, 0]));
  const property = fc.property(maybeGenerous, some, (question, isMeant) => {
    const before = allows(question);
    for (const name of of) {
      const list: readonly object[] = question.ledger[name];
      const next = list.flatMap((row, i) => (isGiven(row) && isMeant(i, list.length) ? less(row) : [row]));
      const after = allows({ ...question, ledger: { ...question.ledger, [name]: next } });
      expect(after && !before, name).toBe(false);
      taken[name] = (taken[name] ?? 0) + (before && !after ? 1 : 0);
    }
  });
  fc.assert(property, runs);
  return taken;
}

test('withdrawing rows never adds an allowed shot', () => {
  const of = ['parties', 'titles', 'grants', 'consents'] as const;
  const taken = withLess(of, (row) => [{ ...row, withdrawn: '2026-01-01' }]);
  expect(Math.min(...Object.values(taken)), JSON.stringify(taken)).toBeGreaterThan(5);
});

test('taking grants or given consents away never adds an allowed shot', () => {
  const taken = withLess(['grants', 'consents'], () => []);
  expect(Math.min(...Object.values(taken)), JSON.stringify(taken)).toBeGreaterThan(5);
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
  let compared = 0;
  fc.assert(
    fc.property(maybeGenerous, (question) => {
      if (!allows({ ...question, territory: 'world' })) return;
      compared += 1;
      expect(allows({ ...question, territory: 'DE' })).toBe(true);
    }),
    runs,
  );
  expect(compared).toBeGreaterThan(50);
});

test('what is allowed for any model and any kind of take is allowed for each', () => {
  let compared = 0;
  const narrower = fc.record({
    model: oneOf(undefined, 'house', 'wan'),
    output: oneOf(undefined, ...outputKinds),
  });
  fc.assert(
    fc.property(maybeGenerous, narrower, (question, asked) => {
      if (!allows({ ...question, model: undefined, output: undefined })) return;
      compared += 1;
      expect(decide(ofOneKind({ ...question, ...asked })).reasons).toEqual([]);
    }),
    runs,
  );
  expect(compared).toBeGreaterThan(50);
});

test('the rows of one file decide as the whole ledger does', () => {
  fc.assert(
    fc.property(questions, (question) => {
      if ('unknown' in question.title) return;
      const slice = sliceFor(question.ledger, question.title.title, question.shot.file, question.performers);
      expect(decide({ ...question, ledger: slice })).toEqual(decide(question));
    }),
    runs,
  );
});

test('a narrower use is never refused where the wider one is allowed', () => {
  let compared = 0;
  fc.assert(
    fc.property(maybeGenerous, (question) => {
      if (!allows(question)) return;
      for (const use of narrowerUses(question.use)) {
        compared += use === question.use ? 0 : 1;
        expect(decide(ofOneKind({ ...question, use })).outcome, use).toBe('ALLOW');
      }
    }),
    runs,
  );
  expect(compared).toBeGreaterThan(50);
});

test('training that targets a performer is allowed only where both it and the making of a replica are', () => {
  let compared = 0;
  fc.assert(
    fc.property(questions, oneOf<Use>('train.style', 'train.foundation', 'distil'), (question, use) => {
      const ledger = question.output ? question.ledger : generous(question.ledger);
      const targeted = allows({ ...question, ledger, use, performers: ['p1'] });
      const plain = allows({ ...question, ledger, use, performers: undefined });
      const replica = allows({ ...question, ledger, use: 'train.performer', performers: ['p1'] });
      compared += targeted ? 1 : 0;
      expect(targeted).toBe(plain && replica);
    }),
    runs,
  );
  expect(compared).toBeGreaterThan(50);
});

test('several performers are allowed together only where each is alone, and all that speaks against any of them is told', () => {
  let compared = 0;
  fc.assert(
    fc.property(maybeGenerous, (question) => {
      const alone = ['p1', 'p2'].map((one) => decide({ ...question, performers: [one] }));
      const both = decide({ ...question, performers: ['p2', 'p1'] });
      compared += both.outcome === 'ALLOW' ? 1 : 0;
      expect(both.outcome === 'ALLOW').toBe(alone.every(({ outcome }) => outcome === 'ALLOW'));
      expect(both.reasons).toEqual(conclude(alone.flatMap(({ reasons }) => reasons)).reasons);
    }),
    runs,
  );
  expect(compared).toBeGreaterThan(50);
});

test('naming a performer never adds an allowed shot but where a replica is asked for, and nobody unknown is ever allowed', () => {
  fc.assert(
    fc.property(questions, oneOf('p1', 'ghost'), (question, performer) => {
      const asked = { ...question, ledger: generous(question.ledger) };
      const named = allows({ ...asked, performers: [performer] });
      const unnamed = makesReplica(question.use) || allows({ ...asked, performers: undefined });
      expect(named && (performer === 'ghost' || !unnamed)).toBe(false);
    }),
    runs,
  );
});

test('a duty, an approval that is asked for or a material in the picture never adds an allowed shot', () => {
  fc.assert(
    fc.property(questions, oneOf('obligations' as const, 'materials' as const), (question, name) => {
      const less = { ...question, ledger: { ...question.ledger, [name]: [] } };
      expect(allows(question) && !allows(less)).toBe(false);
    }),
    runs,
  );
});
