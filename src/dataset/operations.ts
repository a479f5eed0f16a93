import { type Context, defineOperation } from '../jobs/context.ts';
import {
  captionInputSchema,
  captionReportSchema,
  describedSchema,
  describeInputSchema,
  discloseInputSchema,
  disclosureSchema,
  disclosuresInputSchema,
  disclosuresSchema,
} from './caption-schema.ts';
import {
  captionedInWords,
  captionNotes,
  describedInWords,
  disclosureInWords,
  disclosuresInWords,
} from './caption-words.ts';
import { exportInputSchema, exportReportSchema } from './export-schema.ts';
import { coverageInWords, searchInWords } from './look-up-words.ts';
import {
  coverageInputSchema,
  coverageOutputSchema,
  freezeOptionsSchema,
  orEarlier,
  searchInputSchema,
  searchOutputSchema,
  snapshotSchema,
  unlockInputSchema,
  unlockSchema,
  verifyReportSchema,
  whichSchema,
} from './schema.ts';
import { describeExport, describeSnapshot, describeVerify } from './show.ts';
import { unlockWords } from './unlock-words.ts';

const snapshotOf = async (db: Context['db'], id: string | undefined) =>
  (await import('./store.ts')).getSnapshot(db, id);

export const operations = [
  defineOperation({
    name: 'dataset.search',
    summary: 'Shots of the catalogue by words and by fields, a page at a time',
    example: 'dataset search "walks left" --character Brinka --time night --like sht_1234567890ab_0001',
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
    name: 'rights.unlock',
    summary: 'rank the questions to lawyers by the film that an answer would free',
    example: 'rights unlock --use train.style --json',
    input: unlockInputSchema,
    output: unlockSchema,
    handler: async (context, input) => (await import('./unlock.ts')).unlockPlaces(context, input),
    show: unlockWords,
  }),
  defineOperation({
    name: 'dataset.disclose',
    summary: 'Let pictures of a title be sent to a vision endpoint, or no longer; recorded in the audit log',
    example:
      'dataset disclose "The Long Way" --endpoint https://captions.example/v1 --operator vendor --territory GB',
    input: discloseInputSchema,
    output: disclosureSchema,
    positional: ['title'],
    handler: async (context, input) => (await import('./disclose.ts')).disclose(context, input),
    show: disclosureInWords,
  }),
  defineOperation({
    name: 'dataset.disclosures',
    summary: 'Which pictures may be sent where, by whose word, how many were, and what that cost',
    example: 'dataset disclosures --price-in 0.2 --price-out 0.6',
    input: disclosuresInputSchema,
    output: disclosuresSchema,
    handler: async (context, input) => (await import('./disclose.ts')).disclosures(context, input),
    show: disclosuresInWords,
  }),
  defineOperation({
    name: 'dataset.caption',
    summary: 'Have an OpenAI-compatible vision endpoint describe the cleared shots of disclosed titles',
    example: 'dataset caption --endpoint http://localhost:8000/v1 --model qwen2.5-vl',
    notes: captionNotes,
    input: captionInputSchema,
    output: captionReportSchema,
    background: true,
    permits: true,
    handler: async (context, input) => (await import('./caption-shots.ts')).captionShots(context, input),
    show: captionedInWords,
  }),
  defineOperation({
    name: 'dataset.describe',
    summary: 'Say what is written of a shot in all its versions, or add a caption in your own words',
    example: 'dataset describe sht_1234567890ab_0001 --text "Brinka walks along the quay at night"',
    input: describeInputSchema,
    output: describedSchema,
    positional: ['shot'],
    handler: async (context, input) => (await import('./describe.ts')).describeShot(context, input),
    show: describedInWords,
  }),
  defineOperation({
    name: 'dataset.freeze',
    summary: 'Cut the clips of every allowed shot and freeze them as a snapshot',
    example: 'dataset freeze --clips-per-shot 4',
    input: orEarlier(freezeOptionsSchema),
    output: snapshotSchema,
    background: true,
    permits: true,
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
    input: orEarlier(exportInputSchema),
    output: exportReportSchema,
    positional: ['snapshot'],
    background: true,
    permits: true,
    handler: async (context, input) => (await import('./export.ts')).exportSnapshot(context, input),
    show: describeExport,
  }),
];
