import { resolve } from 'node:path';
import { defineOperation, type Operation } from '../jobs/index.ts';
import { detectFile } from './detect-file.ts';
import { detectShots } from './detect-shots.ts';
import { listFound } from './list.ts';
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
    handler: (context, { file, detector }) => {
      const { report, signal } = context;
      if (file === undefined) return detectShots(context, detector);
      return detectFile(resolve(file), { detector, report, signal });
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
    handler: ({ db }, input) => listFound(db, input),
    show: listInWords,
  }),
] as readonly Operation[];
