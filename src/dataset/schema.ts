import { z } from 'zod';

const count = z.int().min(0);
const counts = z.record(z.string(), count);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Everything a person can choose about a freeze. */
export const freezeOptionsSchema = z.strictObject({
  use: z
    .enum(['train.style', 'train.foundation', 'train.performer', 'eval'])
    .default('train.style')
    .describe('what the clips are for: the rights must allow it'),
  territory: z
    .string()
    .min(1)
    .default('world')
    .describe('where the model may be used: ISO 3166 code, or world'),
  asOf: z.iso.date().optional().describe('date for which rights are decided (default: today)'),
  frames: z
    .int()
    .min(5)
    .max(257)
    .default(17)
    .refine((n) => n % 4 === 1, 'must be 4n+1, such as 17')
    .describe('frames of a clip, 4n+1'),
  width: z.int().min(16).max(1920).multipleOf(16).default(96).describe('width of a clip in pixels'),
  height: z.int().min(16).max(1080).multipleOf(16).default(64).describe('height of a clip in pixels'),
  fps: z
    .string()
    .regex(/^[1-9]\d{0,5}(\/[1-9]\d{0,4})?$/)
    .default('12')
    .describe('frames a second of a clip, such as 12 or 24000/1001; taken by nearest timestamp'),
  soften: z
    .number()
    .min(0)
    .max(8)
    .default(1)
    .describe('Gaussian blur of the clips in pixels, for a codec that cannot carry finer detail; 0: none'),
  stride: z
    .int()
    .min(1)
    .max(1024)
    .optional()
    .describe('clip frames between the starts of neighbouring clips of a shot (default: half a clip)'),
  clipsPerShot: z.int().min(1).max(1000).default(8).describe('most clips taken from one shot'),
  heldout: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.2)
    .describe('share of each title kept for measuring, whole scenes'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0)
    .describe('draws the scenes that are held out'),
});

/** `clips.jsonl`: where each clip of the manifest comes from, sorted by id. */
export const clipOriginSchema = z.strictObject({
  id: sha256,
  file: sha256.describe('of the master'),
  frames: z.array(count).describe('decoded frames of the master, one for each frame of the clip'),
  crop: z
    .strictObject({ x: count, y: count, width: z.int(), height: z.int() })
    .describe('part of the decoded picture that the clip shows, in its pixels'),
  deinterlaced: z.boolean().describe('the missing field was filled in (bwdif), one frame for each'),
  shot: z.string(),
  decision: z.strictObject({ outcome: z.literal('ALLOW'), grants: z.array(z.string()) }),
});

/** `skipped.jsonl`: what did not become a clip, and why. `clipOf` names the clip that a duplicate repeats. */
export const skippedSchema = z.strictObject({
  shot: z.string(),
  reason: z.string(),
  clips: z.int().min(0).describe('0 where the whole shot is left out'),
  clipOf: sha256.optional(),
});

/** `snapshot.json`: canonical, without paths or times of day, so equal inputs give equal bytes. */
export const snapshotRecordSchema = z.strictObject({
  version: z.literal(1),
  digest: sha256.describe('sha256 of manifest.jsonl'),
  options: freezeOptionsSchema.required({ asOf: true, stride: true }),
  rights: z.strictObject({
    ledger: z.string().nullable(),
    ruleVersion: z.string(),
    outcomes: counts.describe('shots by outcome'),
    reasons: counts.describe('shots that are not allowed, by rule; a shot counts once for each rule'),
  }),
  clips: z.strictObject({ train: count, heldout: count }),
  captions: counts.describe('clips by source of their caption'),
  skipped: z.strictObject({
    shots: counts.describe('allowed shots that gave no clip, by reason'),
    clips: counts.describe('clips left out, by reason'),
  }),
  titles: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      train: count,
      heldout: count,
      scenes: count,
      heldoutScenes: count,
    }),
  ),
  sources: z.array(
    z.strictObject({ file: sha256, title: z.string(), reel: z.int(), frames: count, clips: count }),
  ),
  notices: z.array(z.strictObject({ file: sha256, code: z.string(), message: z.string() })),
  files: z.record(z.string(), sha256).describe('sha256 of clips.jsonl and skipped.jsonl'),
});

export const snapshotSchema = snapshotRecordSchema.extend({
  id: z.string(),
  path: z.string().describe('folder that holds manifest.jsonl and the shards'),
  frozenAt: z.iso.datetime(),
});

export const whichSchema = z.strictObject({
  snapshot: z.string().optional().describe('id of a snapshot (default: the newest)'),
});

export const verifyReportSchema = z.strictObject({
  id: z.string(),
  digest: sha256,
  whole: z.boolean(),
  clips: count.describe('clips whose bytes were hashed again'),
  problems: z.array(z.string()),
});

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
  id: z.string(),
  digest: sha256,
  format: z.enum(exportFormats),
  folder: z.string(),
  files: count,
  linked: count.describe('files that share their bytes with the workspace; the others are copies'),
  shape: clipShapeSchema.nullable().describe('null for the engine: clips as they were frozen'),
  clips: z.strictObject({ train: count, heldout: count }),
  leftOut: counts.describe('clips that do not fit, by reason; export.json names each'),
});

export type FreezeInput = z.input<typeof freezeOptionsSchema>;
export type FreezeOptions = z.infer<typeof snapshotRecordSchema>['options'];
export type ClipOrigin = z.infer<typeof clipOriginSchema>;
export type Skipped = z.infer<typeof skippedSchema>;
export type SnapshotRecord = z.infer<typeof snapshotRecordSchema>;
export type Snapshot = z.infer<typeof snapshotSchema>;
export type VerifyReport = z.infer<typeof verifyReportSchema>;
export type ExportFormat = (typeof exportFormats)[number];
export type ExportInput = z.output<typeof exportInputSchema>;
export type ClipShape = z.infer<typeof clipShapeSchema>;
export type LeftOut = z.infer<typeof leftOutSchema>;
export type ExportRecord = z.infer<typeof exportRecordSchema>;
export type ExportReport = z.infer<typeof exportReportSchema>;
