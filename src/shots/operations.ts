import { resolve } from 'node:path';
import { defineOperation, type Operation } from '../jobs/context.ts';
import { detectInputSchema, detectOutputSchema, listInputSchema, listOutputSchema } from './schema.ts';
import { detectedInWords, listInWords } from './words.ts';

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
    handler: async (context, { file, detector }) => {
      const { report, signal } = context;
      if (file === undefined) return (await import('./detect-shots.ts')).detectShots(context, detector);
      return (await import('./detect-file.ts')).detectFile(resolve(file), { detector, report, signal });
    },
    show: detectedInWords,
    exitCode: (output) => ('failed' in output && output.failed.length > 0 ? 1 : 0),
  }),
  defineOperation({
    name: 'shots.list',
    summary: 'Shots with timecode, frames, thumbnail and measures, and the transitions between them',
    example: 'shots list',
    input: listInputSchema,
    output: listOutputSchema,
    positional: ['file'],
    handler: async ({ db }, input) => (await import('./list.ts')).listFound(db, input),
    show: listInWords,
  }),
] as readonly Operation[];
