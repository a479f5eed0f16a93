import { expect, it } from 'vitest';
import { operations } from './operations.ts';
import { trainInputSchema } from './schema.ts';

const asGiven = operations.find(({ name }) => name === 'train')?.asGiven ?? (() => ({}));
const said = { dataset: 'dst_0123456789ab', steps: 100, method: 'full' };

it('a training that an earlier version queued over HTTP has said nothing of seconds, rank and prior', () => {
  // What they made of `train --steps 100 --method full`.
  const queued = { ...trainInputSchema.parse(said), seconds: 150, rank: 32, prior: 0.25 };
  expect(trainInputSchema.parse(asGiven(queued))).toEqual(trainInputSchema.parse(said));
});

it('what somebody said otherwise stays said', () => {
  const queued = { ...said, seconds: 300, rank: 8, prior: 0 };
  expect(asGiven(queued)).toEqual(queued);
});
