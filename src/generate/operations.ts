import { z } from 'zod';
import { defineOperation, type Operation } from '../jobs/context.ts';
import { briefsHelp, briefsIn } from './briefs-file.ts';
import { generateInputSchema, takeSchema } from './schema.ts';

/** The CLI names a file; the API may send the briefs themselves. */
const inputSchema = z.strictObject({
  briefs: z.string().meta({ kind: 'path' }).describe('JSON file with a list of briefs'),
  model: generateInputSchema.shape.model,
});

export const operations: readonly Operation[] = [
  defineOperation({
    name: 'generate',
    summary: 'make takes from briefs with a base, a model or adapters',
    example: 'generate briefs.json',
    notes: briefsHelp(),
    input: inputSchema,
    positional: ['briefs'],
    output: z.object({ takes: z.array(takeSchema) }),
    background: true,
    begins: true,
    handler: async (context, { briefs, model }) => {
      const { generate } = await import('./generate.ts');
      return { takes: await generate(context, { briefs: await briefsIn(briefs), model }) };
    },
    show: ({ takes }) =>
      takes.map(({ id, briefId, videoPath }) => `${id}  ${briefId}  ${videoPath}`).join('\n'),
  }),
] as readonly Operation[];
