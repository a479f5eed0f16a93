import { defineOperation } from '../jobs/index.ts';
import { exportSnapshot } from './export.ts';
import { freeze } from './freeze.ts';
import {
  exportInputSchema,
  exportReportSchema,
  freezeOptionsSchema,
  snapshotSchema,
  verifyReportSchema,
  whichSchema,
} from './schema.ts';
import { describeExport, describeSnapshot, describeVerify } from './show.ts';
import { getSnapshot } from './store.ts';
import { verifySnapshot } from './verify.ts';

export const operations = [
  defineOperation({
    name: 'dataset.freeze',
    summary: 'Cut the clips of every allowed shot and freeze them as a snapshot',
    example: 'dataset freeze --clips-per-shot 4',
    input: freezeOptionsSchema,
    output: snapshotSchema,
    handler: freeze,
    show: describeSnapshot,
  }),
  defineOperation({
    name: 'dataset.show',
    summary: 'Say what a snapshot holds and what was left out, by reason',
    example: 'dataset show',
    input: whichSchema,
    output: snapshotSchema,
    positional: ['snapshot'],
    handler: ({ db }, { snapshot }) => getSnapshot(db, snapshot),
    show: describeSnapshot,
  }),
  defineOperation({
    name: 'dataset.verify',
    summary: 'Hash every clip of a snapshot again (exit code 1 where it is not whole)',
    example: 'dataset verify',
    input: whichSchema,
    output: verifyReportSchema,
    positional: ['snapshot'],
    handler: async ({ db }, { snapshot }) => verifySnapshot(await getSnapshot(db, snapshot)),
    show: describeVerify,
    exitCode: ({ whole }) => (whole ? 0 : 1),
  }),
  defineOperation({
    name: 'dataset.export',
    summary:
      'Put a snapshot into a folder as the engine or another trainer reads it, its rights decided again',
    example: 'dataset export --to ./clips --format musubi-tuner --width 480 --height 272',
    input: exportInputSchema,
    output: exportReportSchema,
    positional: ['snapshot'],
    background: true,
    handler: exportSnapshot,
    show: describeExport,
  }),
];
