import { z } from 'zod';
import { idSchema } from '../rights/schema.ts';
import { withdrawnItemSchema } from './withdrawn-schema.ts';

/** Documents that regulators ask for, filled from what the workspace has recorded about a model. */

export const documentKindSchema = z.enum(['eu-summary', 'ab-2013']);

export const documentSchema = z.strictObject({
  version: z.literal(1),
  kind: documentKindSchema,
  name: z.string(),
  model: z.strictObject({ id: z.string(), name: z.string(), sha256: z.string() }),
  sections: z.array(z.strictObject({ number: z.string(), heading: z.string(), lines: z.array(z.string()) })),
  open: z.array(z.string()).describe('what the workspace does not know, and a person must add'),
  withdrawn: z
    .array(withdrawnItemSchema.extend({ words: z.string() }))
    .describe('the model, what it was made from and its datasets, as far as withdrawals have blocked them'),
  notice: z.string(),
});

export const documentInputSchema = z.strictObject({
  model: z.string().min(1).describe('id of a model of this workspace'),
  kind: documentKindSchema.describe(
    'eu-summary: EU AI Act, Article 53(1)(d); ab-2013: California, Civil Code 3111',
  ),
  provider: idSchema
    .optional()
    .describe(
      'party of the ledger that provides the model: its own shares of titles are not called licensed, those of others that granted are',
    ),
  to: z.string().min(1).meta({ kind: 'path' }).describe('folder for the document, as Markdown and as JSON'),
});

export const documentOutputSchema = z.strictObject({
  document: documentSchema,
  files: z.array(z.string()),
});

export type Document = z.infer<typeof documentSchema>;
export type DocumentKind = z.infer<typeof documentKindSchema>;
export type DocumentInput = z.output<typeof documentInputSchema>;
