import { type Context, defineOperation } from '../jobs/context.ts';
import { exportInputSchema, exportReportSchema } from './export-schema.ts';
import { coverageInWords, searchInWords } from './look-up-words.ts';
import {
  coverageInputSchema,
  coverageOutputSchema,
  freezeOptionsSchema,
  searchInputSchema,
  searchOutputSchema,
  snapshotSchema,
  verifyReportSchema,
  whichSchema,
} from './schema.ts';
import { describeExport, describeSnapshot, describeVerify } from './show.ts';

const snapshotOf = async (db: Context['db'], id: string | undefined) =>
  (await import('./store.ts')).getSnapshot(db, id);

export const operations = [
  defineOperation({
    name: 'dataset.search',
    summary: 'Shots of the catalogue by words and by fields, a page at a time',
    example: 'dataset search "walks left" --character Brinka --time night',
    input: searchInputSchema,
    output: searchOutputSchema,
    positional: ['words'],
    handler: async (context, input) => (await import('./search.ts')).searchShots(context, input),
    show: searchInWords,
  }),
  defineOperation({
    name: 'dataset.coverage',
    summary: 'How many shots and minutes there are of each pair of values, and which pairs have none',
    example: 'dataset coverage --rows character --columns set --action walking --time night',
    input: coverageInputSchema,
    output: coverageOutputSchema,
    handler: async (context, input) => (await import('./coverage.ts')).coverage(context, input),
    show: coverageInWords,
  }),
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
