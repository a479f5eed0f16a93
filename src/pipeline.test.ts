import { expect, it } from 'vitest';
import { operations } from './pipeline.ts';

it('what reads films or runs the engine is a job: it is listed, ctrl-C and `jobs cancel` stop it, it can be retried', () => {
  const jobs = operations.filter(({ background }) => background).map(({ name }) => name);
  expect(jobs).toEqual(
    expect.arrayContaining([
      ...['catalog.add', 'shots.detect', 'dataset.freeze', 'assess', 'train', 'generate', 'run', 'demo'],
    ]),
  );
});

it('what lets something be learned from, drawn, signed or taken out asks the audit log first', () => {
  const permitting = operations.filter(({ permits }) => permits).map(({ name }) => name);
  expect(permitting.sort()).toEqual([
    ...[
      'adapter.export',
      'assess',
      'dataset.caption',
      'dataset.export',
      'dataset.freeze',
      'demo',
      'generate',
    ],
    ...['provenance.cut', 'provenance.deliver', 'provenance.sign', 'run', 'train'],
  ]);
});
