import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { BacklotError, messageOf } from '../contract/index.ts';
import { defineOperation, type Operation } from '../jobs/index.ts';
import { generate } from './generate.ts';
import { briefSchema, type GenerateInput, generateInputSchema, takeSchema } from './schema.ts';

/** The CLI names a file; the API may send the briefs themselves. */
const inputSchema = z.strictObject({
  briefs: z.string().meta({ kind: 'path' }).describe('JSON file with a list of briefs'),
  model: generateInputSchema.shape.model,
});

async function briefsIn(path: string): Promise<GenerateInput['briefs']> {
  try {
    return z
      .array(briefSchema)
      .min(1)
      .parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new BacklotError('bad-input', {
      expected: 'a JSON list of briefs {id, text, mode, candidates, seed, adapters, expect}',
      where: path,
      found: error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error),
      remedy: 'Write a list such as [{"id": "b1", "text": "Tollo walks on the beach at night"}].',
    });
  }
}

export const operations: readonly Operation[] = [
  defineOperation({
    name: 'generate',
    summary: 'make takes from briefs with a base, a model or adapters',
    example: 'generate briefs.json',
    input: inputSchema,
    positional: ['briefs'],
    output: z.object({ takes: z.array(takeSchema) }),
    background: true,
    handler: async (context, { briefs, model }) => ({
      takes: await generate(context, { briefs: await briefsIn(briefs), model }),
    }),
    show: ({ takes }) =>
      takes.map(({ id, briefId, videoPath }) => `${id}  ${briefId}  ${videoPath}`).join('\n'),
  }),
] as readonly Operation[];
