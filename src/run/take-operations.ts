import { z } from 'zod';
import { briefsHelp, briefsIn } from '../generate/briefs-file.ts';
import { generateInputSchema } from '../generate/schema.ts';
import { defineOperation, type Operation } from '../jobs/context.ts';
import { type MadeTakes, madeTakesSchema } from './schema.ts';

/** The CLI names a file; the API may send the briefs themselves. */
const inputSchema = z.strictObject({
  briefs: z.string().meta({ kind: 'path' }).describe('JSON file with a list of briefs'),
  model: generateInputSchema.shape.model,
});

export const operations: readonly Operation[] = [
  defineOperation({
    name: 'generate',
    summary:
      'make takes from briefs with a base, a model or adapters; check, sign and lay them out for review',
    example: 'generate briefs.json',
    notes: briefsHelp(),
    input: inputSchema,
    positional: ['briefs'],
    output: madeTakesSchema,
    background: true,
    begins: true,
    permits: true,
    handler: async (context, { briefs, model }) => {
      const { makeTakes } = await import('./takes.ts');
      return makeTakes(context, { briefs: await briefsIn(briefs), model }, briefs);
    },
    show: inWords,
  }),
] as readonly Operation[];

function inWords({ takes, report }: MadeTakes): string {
  const lines = takes.map(({ id, briefId, verdict, signedPath }) =>
    [id, briefId, verdict.padEnd(10), signedPath].join('  '),
  );
  return [...lines, `report: ${report}`].join('\n');
}
