import { expect, it } from 'vitest';
import { weightsOf } from './lineage-models.ts';

const withAdapters = (...adapters: [string, number][]) => ({
  brief: { adapters: adapters.map(([id, weight]) => ({ id, weight })) },
});
const own = withAdapters(['mdl_own', 0.8]);

it('an adapter that given takes had at two weights is told with none: neither is its weight', () => {
  const weights = weightsOf(own, [withAdapters(['mdl_a', 0.5]), withAdapters(['mdl_a', 1], ['mdl_b', 0.3])]);
  expect([...weights]).toEqual([
    ['mdl_a', null],
    ['mdl_b', 0.3],
    ['mdl_own', 0.8],
  ]);
});

it("of two weights the take's own counts, and one that all given takes had is told", () => {
  const given = [withAdapters(['mdl_own', 0.1], ['mdl_a', 0.5]), withAdapters(['mdl_a', 0.5])];
  expect(weightsOf(own, given)).toEqual(
    new Map([
      ['mdl_own', 0.8],
      ['mdl_a', 0.5],
    ]),
  );
});

it('an adapter that an older brief names twice is told with the sum, as it was drawn', () => {
  const twice = withAdapters(['mdl_own', 0.25], ['mdl_own', 0.5]);
  expect(weightsOf(twice, []).get('mdl_own')).toBe(0.75);
});
