import { type Context, defineOperation } from '../jobs/context.ts';
import {
  exportInputSchema,
  exportReportSchema,
  freezeOptionsSchema,
  snapshotSchema,
  verifyReportSchema,
  whichSchema,
} from './schema.ts';
import { describeExport, describeSnapshot, describeVerify } from './show.ts';

const snapshotOf = async (db: Context['db'], id: string | undefined) =>
  (await import('./store.ts')).getSnapshot(db, id);

export const operations = [
  defineOperation({
    name: 'dataset.freeze',
    summary: 'Cut the clips of every allowed shot and freeze them as a snapshot',
    example: 'dataset freeze --clips-per-shot 4',
    input: freezeOptionsSchema,
    output: snapshotSchema,
    background: true,
    handler: async (context, input) => (await import('./freeze.ts')).freeze(context, input),
    show: describeSnapshot,
  }),
  defineOperation({
    name: 'dataset.show',
    summary: 'Say what a snapshot holds and what was left out, by reason',
    example: 'dataset show',
    input: whichSchema,
    output: snapshotSchema,
    positional: ['snapshot'],
    handler: ({ db }, { snapshot }) => snapshotOf(db, snapshot),
    show: describeSnapshot,
  }),
  defineOperation({
    name: 'dataset.verify',
    summary: 'Hash every clip of a snapshot again (exit code 1 where it is not whole)',
    example: 'dataset verify',
    input: whichSchema,
    output: verifyReportSchema,
    positional: ['snapshot'],
    handler: async ({ db }, { snapshot }) =>
      (await import('./verify.ts')).verifySnapshot(await snapshotOf(db, snapshot)),
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
    handler: async (context, input) => (await import('./export.ts')).exportSnapshot(context, input),
    show: describeExport,
  }),
];
