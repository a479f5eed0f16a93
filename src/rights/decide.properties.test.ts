import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conclude, decide, type Question } from './decide.ts';
import { generous, oneOf, questions, restriction } from './random.test-support.ts';
import { sections } from './raw.ts';
import type { Ledger } from './schema.ts';
import { sliceFor } from './slice.ts';
import { makesReplica, narrowerUses, type Use } from './uses.ts';

const runs = { numRuns: 1500, seed: 3 };
const allows = (question: Question): boolean => decide(question).outcome === 'ALLOW';

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
  fc.assert(
    fc.property(questions, restriction, (question, row) => {
      const { ledger } = question;
      const next = { ...ledger, restrictions: [...ledger.restrictions, { ...row, id: 'added' }] };
      expect(allows({ ...question, ledger: next }) && !allows(question)).toBe(false);
      const more = { ...question, ledger: generous(next) };
      expect(allows(more) && !allows({ ...more, ledger: generous(ledger) })).toBe(false);
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
      const slice = sliceFor(question.ledger, question.title.title, question.shot.file, question.performers);
      expect(decide({ ...question, ledger: slice })).toEqual(decide(question));
    }),
    runs,
  );
});

test('a narrower use is never refused where the wider one is allowed', () => {
  let compared = 0;
  fc.assert(
    fc.property(questions, fc.boolean(), (random, more) => {
      const question = more ? { ...random, ledger: generous(random.ledger) } : random;
      if (!allows(question)) return;
      for (const use of narrowerUses(question.use)) {
        compared += use === question.use ? 0 : 1;
        expect(decide({ ...question, use }).outcome, use).toBe('ALLOW');
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
    fc.property(questions, fc.boolean(), (random, more) => {
      const question = more ? { ...random, ledger: generous(random.ledger) } : random;
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
