import { resolve } from 'node:path';
import { defineOperation, type Operation } from '../jobs/context.ts';
import { duplicatesInputSchema, duplicatesSchema, keepInputSchema, keptSchema } from './copies/schema.ts';
import { duplicatesInWords, keptInWords } from './copies/words.ts';
import {
  adoptedSchema,
  adoptInputSchema,
  compareInputSchema,
  comparisonSchema,
  discardedSchema,
  discardInputSchema,
  exportInputSchema,
  exportOutputSchema,
} from './exchange-schema.ts';
import {
  detectInputSchema,
  detectOutputSchema,
  listInputSchema,
  listOutputSchema,
  studiedSchema,
  studyInputSchema,
} from './schema.ts';
import {
  adoptedInWords,
  comparisonInWords,
  detectedInWords,
  discardedInWords,
  exportInWords,
  listInWords,
  studiedInWords,
} from './words.ts';

export const operations: readonly Operation[] = [
  defineOperation({
    name: 'shots.detect',
    summary:
      'Find shots and transitions: of a file (no workspace needed), or of all catalogued files not yet done',
    example: 'shots detect "/masters/reel 1.mp4" --json',
    input: detectInputSchema,
    output: detectOutputSchema,
    positional: ['file'],
    background: true,
    needsWorkspace: ({ file }) => file === undefined,
    handler: async (context, { file, detector, again }) => {
      const { report, signal } = context;
      if (file === undefined)
        return (await import('./detect-shots.ts')).detectShots(context, detector, again);
      return (await import('./detect-file.ts')).detectFile(resolve(file), { detector, report, signal });
    },
    show: detectedInWords,
    exitCode: (output) => ('failed' in output && output.failed.length > 0 ? 1 : 0),
  }),
  defineOperation({
    name: 'shots.list',
    summary:
      'Shots by film, with timecode, length and marks, and the transitions between them; --json adds thumbnails and measures',
    example: 'shots list',
    input: listInputSchema,
    output: listOutputSchema,
    positional: ['file'],
    handler: async ({ db }, input) => (await import('./list.ts')).listFound(db, input),
    show: listInWords,
  }),
  defineOperation({
    name: 'shots.text',
    summary:
      'Read the text in the pictures of all shots (credits, subtitles, time codes, signs); needs `./backlot setup --analysis`',
    example: 'shots text --json',
    input: studyInputSchema,
    output: studiedSchema,
    positional: ['file'],
    background: true,
    handler: async (context, input) => {
      const [{ study }, { textStudy }] = await Promise.all([import('./study.ts'), import('./read-text.ts')]);
      return study(context, input, textStudy);
    },
    show: (found) => studiedInWords(found, 'text'),
    exitCode: ({ failed }) => (failed.length > 0 ? 1 : 0),
  }),
  defineOperation({
    name: 'shots.speech',
    summary: 'Find in which shots somebody speaks, not who or what; needs `./backlot setup --analysis`',
    example: 'shots speech --json',
    input: studyInputSchema,
    output: studiedSchema,
    positional: ['file'],
    background: true,
    handler: async (context, input) => {
      const [{ study }, { speechStudy }] = await Promise.all([
        import('./study.ts'),
        import('./hear-speech.ts'),
      ]);
      return study(context, input, speechStudy);
    },
    show: (found) => studiedInWords(found, 'speech'),
    exitCode: ({ failed }) => (failed.length > 0 ? 1 : 0),
  }),
  defineOperation({
    name: 'shots.export',
    summary:
      'Write the shots and transitions of a film file as a cut for editors: OTIO, CMX 3600 EDL, Final Cut Pro 7 XML',
    example: 'shots export "/masters/reel 1.mp4" --to "reel 1.edl"',
    input: exportInputSchema,
    output: exportOutputSchema,
    positional: ['file'],
    handler: async (context, input) => (await import('./exchange.ts')).exportShots(context, input),
    show: exportInWords,
  }),
  defineOperation({
    name: 'shots.compare',
    summary:
      "Read an editor's cut of a film file and say how its shots differ from those found; changes nothing",
    example: 'shots compare "reel 1.edl" --file "/masters/reel 1.mp4"',
    input: compareInputSchema,
    output: comparisonSchema,
    positional: ['cut'],
    handler: async (context, input) => (await import('./exchange.ts')).compareCut(context, input),
    show: comparisonInWords,
  }),
  defineOperation({
    name: 'shots.adopt',
    summary: "Take the shots of a film file from an editor's cut of it, where none were found yet",
    example: 'shots adopt "reel 1.edl" --file "/masters/reel 1.mp4"',
    input: adoptInputSchema,
    output: adoptedSchema,
    positional: ['cut'],
    background: true,
    handler: async (context, input) => (await import('./adopt.ts')).adoptCut(context, input),
    show: adoptedInWords,
  }),
  defineOperation({
    name: 'shots.discard',
    summary: "Take back an editor's cut that shots adopt took, as long as nothing rests on its shots",
    example: 'shots discard "/masters/reel 1.mp4"',
    input: discardInputSchema,
    output: discardedSchema,
    positional: ['file'],
    handler: async (context, input) => (await import('./discard.ts')).discardCut(context, input),
    show: discardedInWords,
  }),
  defineOperation({
    name: 'shots.duplicates',
    summary:
      'Shots that show the same, in all films: re-encoded, cropped, mirrored, regraded, retimed; and which stays',
    example: 'shots duplicates --json',
    input: duplicatesInputSchema,
    output: duplicatesSchema,
    background: true,
    handler: async (context) => (await import('./copies/duplicates.ts')).duplicates(context),
    show: duplicatesInWords,
  }),
  defineOperation({
    name: 'shots.keep',
    summary: 'Record which of the shots that show the same stays: datasets leave out its copies',
    example: 'shots keep sht_1234567890ab_0001',
    input: keepInputSchema,
    output: keptSchema,
    positional: ['shots'],
    handler: async (context, { shots }) => (await import('./copies/duplicates.ts')).keepShots(context, shots),
    show: keptInWords,
  }),
] as readonly Operation[];
