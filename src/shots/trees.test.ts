import { describe, expect, it } from 'vitest';
import { chanceOf, type Forest, mostChance } from './trees.ts';

const forest: Forest = {
  features: ['step', 'light'],
  start: -1,
  trees: [[[0, 10, 1, 2], [-2], [1, 0.5, 3, 4], [3], [-1]], [[0.5]]],
};

describe('a forest', () => {
  it('adds up the leaves that the features lead to, whatever else is measured and in whatever order', () => {
    const chance = (odds: number) => 1 / (1 + Math.exp(-odds));
    expect(chanceOf(forest, { light: 0.4, other: 9, step: 9.9 })).toBeCloseTo(chance(-2.5));
    expect(chanceOf(forest, { step: 10, light: 0.4 })).toBeCloseTo(chance(2.5));
    expect(chanceOf(forest, { step: 10, light: 0.5 })).toBeCloseTo(chance(-1.5));
  });

  it('says the most that it may come to when some is not measured yet', () => {
    const most = (odds: number) => expect(mostChance(forest, {})).toBeCloseTo(1 / (1 + Math.exp(-odds)));
    most(2.5);
    expect(mostChance(forest, { light: 0.5 })).toBeCloseTo(chanceOf(forest, { light: 0.5, step: 10 }));
    expect(mostChance(forest, { step: 9.9 })).toBeCloseTo(chanceOf(forest, { step: 9.9, light: 0.5 }));
  });
});
