import { expect, it } from 'vitest';
import { refusedByReason } from './refused.ts';

const decided = (outcome: 'ALLOW' | 'DENY', ...rules: string[]) => ({
  outcome,
  reasons: rules.map((rule) => ({ rule, message: 'made up' })),
});

it('a shot refused for several reasons counts once, so that the counts add up to the refused shots', () => {
  const decisions = [
    decided('ALLOW', 'cleared'),
    decided('DENY', 'expired', 'no-consent'),
    decided('DENY', 'no-consent'),
    decided('DENY'),
  ];
  const counts = [...refusedByReason(decisions as never[])].map(([rule, shots]) => [rule, shots.length]);
  expect(counts).toEqual([
    ['expired', 1],
    ['no-consent', 1],
    ['unknown', 1],
  ]);
});
