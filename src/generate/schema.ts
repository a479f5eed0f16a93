import { z } from 'zod';

/** What a take should show, in the checker's words. It never reaches the model. */
export const expectSchema = z.strictObject({
  characters: z.array(z.string()).optional(),
  set: z.string().optional(),
  action: z.string().optional(),
  camera: z.string().optional(),
  time: z.string().optional(),
});

/** What is asked for: one shot, several candidates. */
export const briefSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[\w.-]+$/)
    .describe('unique among the briefs; letters, digits, _ . -'),
  text: z.string().describe('the caption of the wanted shot'),
  mode: z.enum(['text', 'first']).default('text').describe('from words alone, or from a first frame'),
  first: z.string().optional().meta({ kind: 'path' }).describe('mode first: a picture file'),
  adapters: z
    .array(z.strictObject({ id: z.string(), weight: z.number().min(-4).max(4).default(1) }))
    .default([])
    .describe('adapters of the workspace and how much of each'),
  candidates: z.int().positive().max(64).default(4).describe('takes made for the brief'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  expect: expectSchema.optional().describe('what the checker looks for; the model never sees it'),
});

export const generateInputSchema = z.strictObject({
  briefs: z.array(briefSchema).min(1).describe('what to make'),
  model: z.string().optional().describe('id of a base, full or scratch model; default: the shipped base'),
});

export const takeSchema = z.object({
  id: z.string(),
  briefId: z.string(),
  brief: briefSchema,
  modelId: z.string(),
  runId: z.string(),
  candidate: z.int(),
  seed: z.int(),
  rawPath: z.string(),
  rawSha256: z.string(),
  videoPath: z.string(),
  videoSha256: z.string(),
});

export type Brief = z.output<typeof briefSchema>;
export type Expect = z.output<typeof expectSchema>;
export type GenerateInput = z.output<typeof generateInputSchema>;
export type Take = z.output<typeof takeSchema>;
