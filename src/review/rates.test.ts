import { expect, test } from 'vitest';
import { wilson } from './interval.ts';
import { usableRates } from './rates.ts';

test('one good take among four makes a brief count, and a quarter of its takes', () => {
  const rates = usableRates([
    [false, false, true, false],
    [false, false, false, false],
  ]);
  expect(rates).toEqual({ briefs: 2, usable: wilson(0.25, 2), usableAt4: wilson(1, 2) });
});

test('a fifth take does not help the rate among four', () => {
  expect(usableRates([[false, false, false, false, true]])?.usableAt4.value).toBe(0);
});

test('briefs without takes are left out, and none at all is no rate', () => {
  expect(usableRates([[], [true]])?.briefs).toBe(1);
  expect(usableRates([[]])).toBeNull();
});

test('briefs are the trials: four takes each do not narrow the interval', () => {
  const once = usableRates(Array(16).fill([true]));
  const fourTimes = usableRates(Array(16).fill([true, true, true, true]));
  expect(fourTimes?.usable).toEqual(once?.usable);
});
