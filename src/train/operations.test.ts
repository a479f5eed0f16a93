import { expect, it } from 'vitest';
import { operations } from './operations.ts';
import type { Model } from './schema.ts';

const model: Model = {
  ...{ id: 'mdl_1', name: 'rain', kind: 'adapter', path: '/runs/adapter', sha256: 'a'.repeat(64) },
  ...{ baseId: 'mdl_b', snapshotId: 'dst_1', runId: 'run_1', record: {} },
};
const told = (record: Model['record']): string =>
  operations.find(({ name }) => name === 'train')?.show?.({ ...model, record } as never) ?? '';

it('a held-out loss is told rounded and with what it is of, and one that nobody measured is told as such', () => {
  expect(told({ heldoutLoss: 0.48312345147132874 })).toMatch(/held-out loss 0\.483 \(of the velocity/);
  expect(told({ heldoutLoss: null })).toContain('not measured: no clip was held out');
  expect(told({})).not.toContain('loss');
});
