import { expect, it } from 'vitest';
import { freezeOptionsSchema } from '../dataset/schema.ts';
import { nameFor } from './name.ts';

const frozen = (model?: string) => ({
  id: 'dst_1',
  options: { ...freezeOptionsSchema.parse({ model, asOf: '2026-05-01' }), asOf: '2026-05-01', stride: 8 },
});

it('a model of a dataset that was frozen for one model bears its name, and no other', () => {
  expect(nameFor(undefined, 'lora', frozen('Little'))).toBe('Little');
  expect(nameFor('Little', 'lora', frozen('Little'))).toBe('Little');
  for (const other of ['base', 'little'])
    expect(() => nameFor(other, 'lora', frozen('Little'))).toThrow(
      `expected the name "Little", for which the rights of dataset dst_1 were decided, found "${other}"`,
    );
});

it('a dataset for any model gives the name that is asked for, else one of method and dataset', () => {
  expect(nameFor('base', 'lora', frozen())).toBe('base');
  expect(nameFor(undefined, 'lora', frozen())).toBe('lora on dst_1');
});
