import { z } from 'zod';
import { noticeSchema } from '../rights/schema.ts';
import { clipOriginSchema, forWhomSchema, whichSchema } from './schema.ts';

const count = z.int().min(0);
const counts = z.record(z.string(), count);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The layouts in which other programs read a dataset. */
export const exportFormats = [
  'engine',
  'croissant',
  'finetrainers',
  'diffusion-pipe',
  'musubi-tuner',
  'ai-toolkit',
  'ltx-trainer',
  'videofolder',
  'webdataset',
] as const;

const { trainer, model, performers } = forWhomSchema.shape;
const asFrozen = (said: string | undefined) =>
  `${said?.replace(/[;(] ?default: .*$/, '').trim()} (default: as it was frozen)`;

/** Everything a person can choose about an export. What the target's rules ask of the numbers stands in `targets.ts`. */
export const exportInputSchema = whichSchema.extend({
  to: z.string().min(1).meta({ kind: 'path' }).describe('empty or new folder to export to'),
  format: z
    .enum(exportFormats)
    .default('engine')
    .describe(
      'who is to read it; croissant: as for the engine, and croissant.json, which describes it to others; ' +
        'all further ones get videos that are cut anew from the masters',
    ),
  trainer: trainer.describe(asFrozen('who trains on the export: its rights are decided again for them')),
  model: model.describe(asFrozen(model.description)),
  performers: performers.describe(asFrozen(performers.description)),
  frames: z
    .int()
    .min(5)
    .max(257)
    .optional()
    .describe('frames of a clip: 4n+1, for ltx-trainer 8n+1 (default: as many as all clips hold)'),
  fps: z
    .string()
    .regex(/^[1-9]\d{0,5}(\/[1-9]\d{0,4})?$/)
    .optional()
    .describe('frames a second, taken by nearest timestamp (default: 16, for ltx-trainer 24)'),
  width: z
    .int()
    .min(16)
    .max(1920)
    .optional()
    .describe('width in pixels, a multiple of 16, for ltx-trainer of 32 (default: 832; 768)'),
  height: z
    .int()
    .min(16)
    .max(1080)
    .optional()
    .describe('height in pixels, a multiple of 16, for ltx-trainer of 32 (default: 480; 512)'),
});

/** How the videos of an export look. */
export const clipShapeSchema = z.strictObject({
  frames: z.int().describe('frames that the target trains on'),
  fps: z.string(),
  width: z.int(),
  height: z.int(),
});

/** A clip that is not in an export, and why. */
export const leftOutSchema = z.strictObject({ clip: sha256, shot: z.string(), reason: z.string() });

/** `export.json`, beside the exported clips. */
export const exportRecordSchema = z.strictObject({
  version: z.literal(1),
  notice: noticeSchema,
  snapshot: sha256.describe('digest of the manifest'),
  format: z.enum(exportFormats),
  shape: clipShapeSchema,
  clips: z.array(
    z.strictObject({
      clip: sha256.describe('clip of the snapshot that shows the same stretch of film'),
      video: z.string().describe('relative to the folder; in a tar after a #'),
      sha256: sha256.describe('of the video'),
      split: z.enum(['train', 'heldout']),
      title: z.string(),
      shot: z.string(),
      file: sha256.describe('of the master'),
      frames: z.array(count).describe('decoded frames of the master, one for each frame of the video'),
      crop: clipOriginSchema.shape.crop,
    }),
  ),
  leftOut: z.array(leftOutSchema),
});

export const exportReportSchema = z.strictObject({
  notice: noticeSchema,
  id: z.string(),
  digest: sha256,
  format: z.enum(exportFormats),
  folder: z.string(),
  files: count,
  linked: count.describe('files that share their bytes with the workspace; the others are copies'),
  shape: clipShapeSchema.nullable().describe('null: clips as they were frozen'),
  clips: z.strictObject({ train: count, heldout: count }),
  leftOut: counts.describe('clips that do not fit, by reason; export.json names each'),
});

export type ExportFormat = (typeof exportFormats)[number];
export type ExportInput = z.output<typeof exportInputSchema>;
export type ClipShape = z.infer<typeof clipShapeSchema>;
export type LeftOut = z.infer<typeof leftOutSchema>;
export type ExportRecord = z.infer<typeof exportRecordSchema>;
export type ExportReport = z.infer<typeof exportReportSchema>;
