import { z } from 'zod';
import { modeSchema, strengthSchema } from '../contract/index.ts';
import { oddInputs } from './modes.ts';

/** What a take should show, in the checker's words. It never reaches the model. */
export const expectSchema = z.strictObject({
  characters: z.array(z.string()).optional(),
  set: z.string().optional(),
  action: z.string().optional(),
  camera: z.string().optional(),
  time: z.string().optional(),
});

const path = z.string().min(1).meta({ kind: 'path' });

const briefFields = z.strictObject({
  id: z
    .string()
    .regex(/^[\w.-]+$/)
    .describe('unique among the briefs; letters, digits, _ . -'),
  text: z.string().describe('the caption of the wanted shot'),
  mode: modeSchema.default('text'),
  first: path.optional().describe('modes first, first-last: a picture file that the take begins with'),
  last: path.optional().describe('mode first-last: a picture file that the take ends with'),
  video: path.optional().describe('modes extend, precede, restyle: a video file'),
  strength: strengthSchema.optional(),
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

/** What is asked for: one shot, several candidates. */
export const briefSchema = briefFields.superRefine((brief, check) => {
  for (const { place, message } of oddInputs(brief))
    check.addIssue({ code: 'custom', path: [place], message });
  const ids = brief.adapters.map(({ id }) => id);
  const twice = ids.findIndex((id, at) => ids.indexOf(id) < at);
  if (twice >= 0) {
    const message = `${ids[twice]} is named twice: name it once, with its whole weight`;
    check.addIssue({ code: 'custom', path: ['adapters', twice, 'id'], message });
  }
});

/** A picture or video that a brief gave, by its content. */
export const referenceSchema = z.strictObject({
  role: z.enum(['first', 'last', 'video']),
  path: z.string(),
  sha256: z.string(),
  shot: z.string().optional().describe('where it is a picture that Backlot cut out of a film: of which shot'),
});

/** Whose caption a brief's text is, where `run` made the brief: the words go with the shot's captions (ADR 0125). */
export const captionOfSchema = z.strictObject({
  dataset: z.string(),
  shot: z.string(),
  removed: z.string().optional().describe('sha256 of the text, once a withdrawal has removed it'),
});

/** A brief as it stays with its takes: the files that it named may be gone or changed by then. */
export const keptBriefSchema = briefFields.extend({
  references: z.array(referenceSchema).default([]),
  caption: captionOfSchema.optional(),
});

export const generateInputSchema = z.strictObject({
  briefs: z.array(briefSchema).min(1).describe('what to make'),
  model: z.string().optional().describe('id of a base, full or scratch model; default: the shipped base'),
});

export const takeSchema = z.object({
  id: z.string(),
  briefId: z.string(),
  brief: keptBriefSchema,
  modelId: z.string(),
  runId: z.string(),
  candidate: z.int(),
  seed: z.int(),
  rawPath: z.string(),
  rawSha256: z.string(),
  upscalerId: z
    .string()
    .nullable()
    .describe("the model that made the video's frames from the raw ones; null: they are only scaled"),
  videoPath: z.string(),
  videoSha256: z.string(),
  replicaOf: z
    .array(z.string())
    .nullable()
    .describe(
      'parties of the ledger whom the brief named when it was drawn; null, as are frames and fps: an earlier version did not record it',
    ),
  frames: z.int().nullable(),
  fps: z.string().nullable().describe('rational, frames a second'),
});

/** What people write names no caption. */
export type Brief = z.output<typeof briefSchema> & Pick<KeptBrief, 'caption'>;
export type KeptBrief = z.output<typeof keptBriefSchema>;
/** A brief that is drawn, and the parties of the ledger whom it names. */
export type DrawnBrief = { brief: KeptBrief; replicaOf: string[] };
export type Reference = z.output<typeof referenceSchema>;
export type Expect = z.output<typeof expectSchema>;
export type GenerateInput = Omit<z.output<typeof generateInputSchema>, 'briefs'> & { briefs: Brief[] };
export type Take = z.output<typeof takeSchema>;
