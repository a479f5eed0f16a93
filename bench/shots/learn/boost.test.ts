import { describe, expect, it } from 'vitest';
import { chanceOf } from '../../../src/shots/trees.ts';
import { boost } from './boost.ts';

const options = { trees: 40, depth: 2, rate: 0.3, leastWeight: 1, ridge: 1, trueWeight: 1 };

/** True where just one of two numbers is large: no single question tells. */
const examples = Array.from({ length: 400 }, (_, i) => {
  const [a, b] = [(i * 37) % 100, (i * 61) % 83];
  return { features: [a, b, i % 7], isTrue: a > 40 !== b > 30 };
});

describe('boosting', () => {
  it('learns what takes two questions, and learns it alike each time', () => {
    const forest = boost(['a', 'b', 'noise'], examples, options);
    const right = examples.filter(({ features: [a = 0, b = 0, noise = 0], isTrue }) => {
      return chanceOf(forest, { a, b, noise }) >= 0.5 === isTrue;
    });
    expect(right.length).toBeGreaterThan(380);
    expect(boost(['a', 'b', 'noise'], examples, options)).toEqual(forest);
  });

  it('says yes sooner where a true example counts for more', () => {
    const unsure = examples.map((one, i) => ({ ...one, isTrue: i % 3 === 0 }));
    const chance = (trueWeight: number) =>
      chanceOf(boost(['a', 'b', 'noise'], unsure, { ...options, trueWeight }), { a: 1, b: 1, noise: 1 });
    expect(chance(4)).toBeGreaterThan(chance(1));
  });
});
