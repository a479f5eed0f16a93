import { z } from 'zod';
import { trainingSchema } from '../contract/training.ts';

export const modelKindSchema = z.enum(['base', 'adapter', 'full', 'scratch']);

/** A model: a folder of weights, what it was made from, and how. */
export const modelSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: modelKindSchema,
  path: z.string(),
  sha256: z.string(),
  baseId: z.string().nullable(),
  snapshotId: z.string().nullable(),
  runId: z.string().nullable(),
  record: z.record(z.string(), z.json()),
});

export const trainInputSchema = z.strictObject({
  dataset: z.string().describe('id of the frozen dataset to learn from'),
  name: z.string().min(1).optional().describe('name of the model; default: the method and the dataset'),
  base: z
    .string()
    .optional()
    .meta({ kind: 'path' })
    .describe('folder of the base model; default: the base that ships with Backlot'),
  captions: z.array(z.string()).default([]).describe('captions drawn as a sample sheet at each checkpoint'),
  ...trainingSchema.shape,
});

export type Model = z.infer<typeof modelSchema>;
export type TrainInput = z.output<typeof trainInputSchema>;
