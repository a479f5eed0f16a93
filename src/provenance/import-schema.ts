import { z } from 'zod';
import { importedSchema } from '../rights/schema.ts';

const held = z.int().min(0).describe('that exist and rest on it');

/** An import, with what exists and rests on what it newly refuses. */
export const importedHereSchema = importedSchema.extend({
  reached: z
    .array(
      z.strictObject({
        ...{ row: z.string(), says: z.string(), models: held, takes: held },
        command: z.string().describe('lists them, and without --dry-run blocks them'),
      }),
    )
    .describe(
      'rows that now refuse, permit nothing any more, or less than before, and those by which something else is newly refused',
    ),
  notLookedUp: z.array(z.string()).describe('such rows of which nobody looked what rests on them'),
});
export type ImportedHere = z.infer<typeof importedHereSchema>;
