import { z } from 'zod';
import { keyStyleSchema } from '../contract/index.ts';
import { trainingSchema } from '../contract/training.ts';
import { noticeSchema, plainWords, reachedBySchema } from '../rights/schema.ts';

export { notLegalAdvice } from '../rights/schema.ts';
export { originWords, undeclaredWords } from './origin-words.ts';

export const modelKindSchema = z.enum(['base', 'adapter', 'full', 'scratch', 'trial', 'upscaler']);

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

/** Who put a model out of use, when and why. */
export const retirementSchema = z.strictObject({
  at: z.string().describe('instant'),
  by: z.string(),
  reason: z.string(),
});

export const listedModelSchema = modelSchema.extend({
  retired: retirementSchema.nullable().describe('null: nobody has retired it'),
  blocked: z.array(reachedBySchema).describe('the withdrawals that have reached it, in their order'),
});

export const trainInputSchema = z.strictObject({
  dataset: z.string().describe('id of the frozen dataset to learn from'),
  name: z
    .string()
    .min(1)
    .optional()
    .describe('name of the model; default: that of the dataset (--model), else method and dataset'),
  base: z
    .string()
    .optional()
    .meta({ kind: 'path' })
    .describe('folder of the base model; default: the base that ships with Backlot'),
  captions: z
    .array(z.string())
    .default([])
    .describe(
      "captions drawn as a sample sheet at each checkpoint; default: two of the dataset's, or no words where clips have none",
    ),
  ...trainingSchema.shape,
});

export const exportInputSchema = z.strictObject({
  model: z.string().describe('id of an adapter'),
  to: z.string().min(1).meta({ kind: 'path' }).describe('folder for the file and its card'),
  style: keyStyleSchema.default('diffusers'),
});

export const exportOutputSchema = z.object({
  files: z
    .array(z.strictObject({ file: z.string(), sha256: z.string() }))
    .describe('one; of an adapter of an open base one for each expert'),
  card: z.string(),
});

/** What a person says of a model from outside. */
export const saidSchema = z.strictObject({
  maker: plainWords.describe('who trained the model'),
  licence: plainWords.describe('by which it may be used: its name, or the letter that says so'),
  learnedFrom: plainWords.describe('what it learned from, in words, and where that is written'),
});

/** What was said, also by what was taken for plain words before, with whose word it is. */
export const originSchema = z.strictObject({
  ...{ maker: z.string(), licence: z.string(), learnedFrom: z.string() },
  who: z.string().describe('who recorded it'),
  at: z.iso.datetime(),
});

export const declareInputSchema = z.strictObject({
  model: z.string().min(1).describe('id of a model from outside'),
  ...saidSchema.shape,
});

export const locateInputSchema = z.strictObject({
  model: z.string().min(1).describe('id of a base'),
  folder: z.string().min(1).meta({ kind: 'path' }).describe('where its files lie now'),
});

export const declaredSchema = originSchema.extend({ model: z.string(), notice: noticeSchema });

export const importInputSchema = z.strictObject({
  file: z.string().meta({ kind: 'path' }).describe('a file that `adapter export` wrote'),
  name: z
    .string()
    .min(1)
    .optional()
    .describe("name of the adapter; default: the file's. One that is known here keeps the name that it has"),
  base: z
    .string()
    .optional()
    .meta({ kind: 'path' })
    .describe('folder of the base that it was trained on; default: the base that ships with Backlot'),
  ...saidSchema.partial().shape,
});

export const importedSchema = modelSchema.extend({
  origin: originSchema.nullable().describe('null: nobody said what it learned from, or that is known here'),
});

/** What an adapter or a model learned from, how, and what that means for its use. Null: not known here. */
export const cardSchema = z.strictObject({
  version: z.literal(1),
  model: z.strictObject({ id: z.string(), name: z.string(), kind: modelKindSchema, sha256: z.string() }),
  base: z.strictObject({ id: z.string(), name: z.string(), sha256: z.string() }).nullable(),
  origin: originSchema.nullable().optional().describe('of a model from outside: declared, not proved'),
  dataset: z
    .strictObject({
      id: z.string(),
      digest: z.string(),
      clips: z.strictObject({ train: z.int(), heldout: z.int() }),
      titles: z.array(z.strictObject({ name: z.string(), clips: z.int() })),
    })
    .nullable(),
  rights: z
    .strictObject({
      use: z.string(),
      territory: z.string(),
      asOf: z.string(),
      ledger: z.string().nullable(),
    })
    .nullable(),
  recipe: z.record(z.string(), z.json()).nullable().describe("the run's options"),
  losses: z
    .strictObject({ training: z.number().nullable(), heldout: z.number().nullable() })
    .nullable()
    .describe('velocity loss at the end; heldout: on scenes that training never saw'),
});

export type Card = z.infer<typeof cardSchema>;
export type ExportInput = z.output<typeof exportInputSchema>;
export type ExportOutput = z.output<typeof exportOutputSchema>;
export type ImportInput = z.output<typeof importInputSchema>;
export type Said = z.infer<typeof saidSchema>;
export type Origin = z.infer<typeof originSchema>;
export type LocateInput = z.output<typeof locateInputSchema>;
export type DeclareInput = z.output<typeof declareInputSchema>;
export type Imported = z.infer<typeof importedSchema>;
export type Model = z.infer<typeof modelSchema>;
export type Retirement = z.infer<typeof retirementSchema>;
export type ListedModel = z.infer<typeof listedModelSchema>;
export type TrainInput = z.output<typeof trainInputSchema>;
