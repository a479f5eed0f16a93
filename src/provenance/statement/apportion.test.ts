import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountSchema, moneyOf, moneyText } from '../../rights/index.ts';
import { apportion } from './apportion.ts';
import { sumOf, whole } from './fraction.ts';
import { textOf } from './fraction-text.ts';

const fraction = fc
  .record({ num: fc.bigInt({ min: 0n, max: 10n ** 15n }), den: fc.bigInt({ min: 1n, max: 10n ** 9n }) })
  .map(({ num, den }) => ({ num, den }));
const weights = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1, maxLength: 4 }), fraction), {
  selector: ([name]) => name,
  minLength: 1,
  maxLength: 12,
});
const amount = fc.bigInt({ min: 0n, max: 10n ** 14n });

describe('the largest-remainder rule', () => {
  it('gives away exactly the amount, and nobody more than a unit from the quota', () => {
    fc.assert(
      fc.property(amount, weights, (units, list) => {
        const parts = apportion(units, new Map(list));
        const sum = sumOf(list.map(([, weight]) => weight));
        // What an assertion returns is nothing that a property may return.
        if (sum.num === 0n) return void expect(parts).toBeNull();
        expect([...(parts ?? [])].reduce((total, [, part]) => total + part, 0n)).toBe(units);
        for (const [name, { num, den }] of list) {
          const off = (parts?.get(name) ?? 0n) * sum.num * den - units * num * sum.den;
          expect(off < sum.num * den && off > -sum.num * den).toBe(true);
        }
      }),
    );
  });

  it('does not depend on the order of the names', () => {
    fc.assert(
      fc.property(amount, weights, (units, list) => {
        const sorted = (parts: Map<string, bigint> | null) => parts && [...parts].sort();
        expect(sorted(apportion(units, new Map(list.toReversed())))).toEqual(
          sorted(apportion(units, new Map(list))),
        );
      }),
    );
  });

  it('gives the unit that is left to the largest remainder, of equal ones to the first name', () => {
    const third = { num: 1n, den: 3n };
    const equal = apportion(
      100n,
      new Map([
        ['c', third],
        ['a', third],
        ['b', third],
      ]),
    );
    expect(equal && Object.fromEntries(equal)).toEqual({ a: 34n, b: 33n, c: 33n });
    const uneven = apportion(
      10n,
      new Map([
        ['a', whole(15)],
        ['b', whole(16)],
      ]),
    );
    expect(uneven && Object.fromEntries(uneven)).toEqual({ a: 5n, b: 5n });
  });

  it('gives a unit that is left to the name that is to come last only where no other is as near to it', () => {
    const two = (last: bigint) =>
      new Map([
        ['ann', whole(1)],
        ['', { num: last, den: 1n }],
      ]);
    expect(apportion(101n, two(1n), '')).toEqual(
      new Map([
        ['ann', 51n],
        ['', 50n],
      ]),
    );
    expect(apportion(100n, two(2n), '')).toEqual(
      new Map([
        ['ann', 33n],
        ['', 67n],
      ]),
    );
  });

  it('gives nothing where nobody has a weight', () => {
    expect(apportion(5n, new Map([['a', whole(0)]]))).toBeNull();
    expect(apportion(5n, new Map())).toBeNull();
  });
});

describe('money', () => {
  it.each(['1200.50 EUR', '7 JPY', '0.05 USD', '1.125 KWD', '1.5 HUF', '1.2345 CLF', '100000000000000 EUR'])(
    'reads %s',
    (text) => {
      expect(moneyOf(moneyText(moneyOf(text)))).toEqual(moneyOf(text));
    },
  );

  it.each(['1.005 EUR', '1.5 JPY', '-1 EUR', '1,50 EUR', '1 EURO', '1 XYZ', '1e3 EUR', 'EUR 5', ''])(
    'refuses %j',
    (text) => {
      expect(amountSchema.safeParse(text).success).toBe(false);
    },
  );

  it('counts the units of its currency', () => {
    expect(moneyOf('1200.5 EUR').units).toBe(120_050n);
    expect(moneyOf('7 JPY').units).toBe(7n);
    expect(moneyText({ units: 5n, currency: 'EUR' })).toBe('0.05 EUR');
    expect(textOf({ num: 6n, den: 1n })).toBe('6');
  });
});
