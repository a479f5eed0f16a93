import { expect, it } from 'vitest';
import { batchesOf, takeId } from './plan.ts';
import { type Brief, briefSchema } from './schema.ts';

const brief = (id: string, adapters: Brief['adapters'] = []): Brief =>
  briefSchema.parse({ id, text: 'a fox', adapters });

it('briefs with the same adapters at the same weights are drawn together, in their order', () => {
  const fox = [{ id: 'mdl_fox', weight: 1 }];
  const half = [{ id: 'mdl_fox', weight: 0.5 }];
  const batches = batchesOf([brief('1'), brief('2', fox), brief('3'), brief('4', half), brief('5', fox)]);
  expect(batches.map(({ briefs }) => briefs.map(({ id }) => id))).toEqual([['1', '3'], ['2', '5'], ['4']]);
  expect(batches.map(({ adapters }) => adapters)).toEqual([[], fox, half]);
});

it('two briefs of one name are refused, naming it', () => {
  expect(() => batchesOf([brief('same'), brief('same')])).toThrow(/same twice/);
});

it('a take has the same id when it is drawn again, and no other take has it', () => {
  const ids = [
    takeId('run_1', 'b', 0),
    takeId('run_1', 'b', 1),
    takeId('run_1', 'b1', 0),
    takeId('run_2', 'b', 0),
  ];
  expect(takeId('run_1', 'b', 0)).toBe(ids[0]);
  expect(new Set(ids).size).toBe(4);
  expect(ids[0]).toMatch(/^tak_[0-9a-f]{12}$/);
});
