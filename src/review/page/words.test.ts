import { expect, test } from 'vitest';
import { wilson } from '../interval.ts';
import type { Arm, Report } from '../schema.ts';
import {
  armSubtitle,
  briefsWords,
  duration,
  fewestTakes,
  headline,
  inArmOrder,
  plain,
  plural,
} from './words.ts';

const arm = (name: string, found: number): Arm => ({
  ...{ name, trainSeconds: 150, briefs: 16, usable: null, usableAt4: wilson(found, 16) },
});
const reportOf = (arms: Arm[]) => ({ arms, takes: [{}] }) as Report;

test('the headline names the arm that did best, whatever their order', () => {
  const arms = [arm('adapter', 15), arm('base', 0), arm('scratch', 4)];
  expect(headline(reportOf(arms))).toBe('15 of 16 briefs got a usable shot from the adapter');
  expect(headline(reportOf([arm('scratch', 4)]))).toContain('the model from scratch');
});

test('the headline does not make nothing sound like something', () => {
  expect(headline(reportOf([arm('base', 0), arm('adapter', 0)]))).toBe('None of 16 briefs got a usable shot');
  expect(headline(reportOf([{ ...arm('adapter', 0), usableAt4: null }]))).toBe(
    '1 take, waiting for your eyes',
  );
  expect(headline({ ...reportOf([]), takes: [] })).toBe('No takes were made');
});

test('arms are shown base first and adapter last', () => {
  const arms = inArmOrder([arm('adapter', 1), arm('scratch', 1), arm('base', 1)]);
  expect(arms.map(({ name }) => name)).toEqual(['base', 'scratch', 'adapter']);
});

test('times and counts read as people say them', () => {
  expect([59.6, 150, 3600, 7320].map(duration)).toEqual(['1 min', '2 min 30 s', '1 h 0 min', '2 h 2 min']);
  expect([plural(1, 'shot'), plural(1200, 'shot')]).toEqual(['1 shot', '1,200 shots']);
  expect(plain('Pim walks left , camera still .')).toBe('Pim walks left, camera still.');
});

test('the page says that models got the same briefs only where they did', () => {
  const arms = [arm('rain', 1), { ...arm('snow', 1), briefs: 2 }];
  const takes = (of: Record<string, string[]>) =>
    Object.entries(of).flatMap(([name, briefs]) =>
      briefs.map((brief) => ({ arm: name, brief })),
    ) as Report['takes'];
  const same = takes({ rain: ['b1', 'b2'], snow: ['b2', 'b1'] });
  expect(briefsWords(arms, same)).toBe('Each model got the same 16 briefs.');
  const other = takes({ rain: ['b1'], snow: ['b2', 'b3'] });
  expect(briefsWords(arms, other)).toContain('different briefs (rain 16, snow 2)');
  expect(briefsWords(arms.slice(1), other)).toBe('The model was asked for 2 briefs.');
  expect([fewestTakes(same), fewestTakes([...same, ...same])]).toEqual([1, 2]);
});

test('a model whose training has no known length is not said to have trained for no time, nor elsewhere', () => {
  expect(armSubtitle('fog', null)).toBe('for how long it was trained is not known here');
  expect(armSubtitle('fog', 0)).toBe('trained 0 s');
});
