import { z } from 'zod';
import { defineOperation, type Operation } from './context.ts';

/** What can be asked of the workspace itself. */
export const operations: readonly Operation[] = [
  defineOperation({
    name: 'workspace.backup',
    summary: 'Write the database, not the files of models, datasets and takes, to one new file',
    example: 'workspace backup backlot.tar.gz',
    input: z.strictObject({
      file: z.string().min(1).meta({ kind: 'path' }).describe('new file, a compressed tar of the folder db'),
    }),
    output: z.strictObject({ file: z.string(), bytes: z.int().min(0) }),
    positional: ['file'],
    handler: async (context, { file }) => (await import('./backup.ts')).backup(context, file),
  }),
];
