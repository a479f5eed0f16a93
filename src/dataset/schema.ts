import { z } from 'zod';
import { askSchema } from '../rights/schema.ts';
import { captionAlarmSchema } from './caption-schema.ts';

export { askedWords, notLegalAdvice, unlockSchema } from '../rights/schema.ts';
export * from './search-schema.ts';

const count = z.int().min(0);
const counts = z.record(z.string(), count);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const refusable = z.enum(['refuse', 'keep']);

export const unlockInputSchema = askSchema;

const { trainer, model, performers } = askSchema.shape;

/** For whom rights are decided, besides use, place and day: as the rights stage asks. */
export const forWhomSchema = z.strictObject({
  trainer: trainer.unwrap().optional().describe(`${trainer.description} (default: in-house)`),
  model,
  performers,
});

/** An input as its schema has it, or as earlier versions wrote it, which named one performer at most: a job that one left goes on. */
export const orEarlier = <S extends z.ZodType>(schema: S) =>
  z.preprocess((input) => {
    const { performer, ...rest } = (input ?? {}) as { performer?: unknown };
    return typeof performer === 'string' ? { performers: [performer], ...rest } : input;
  }, schema);

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
  ...forWhomSchema.shape,
  asOf: z.iso
    .date()
    .optional()
    .describe(
      'date for which rights are decided (default: today); what is allowed on another day must be so today too',
    ),
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
  hdr: z
    .enum(['refuse', 'tone-map'])
    .default('refuse')
    .describe(
      'HDR films (PQ, HLG): refuse gives no clips of them; tone-map brings their light into BT.709 (Dolby Vision is always refused)',
    ),
  text: refusable
    .default('refuse')
    .describe(
      'shots with text throughout (credits, burnt-in time codes), where `shots text` has read them; a notice counts those it has not',
    ),
  blurred: refusable
    .default('keep')
    .describe('shots that are out of focus or blurred throughout a frame near their middle'),
  frozen: refusable.default('keep').describe('shots in which nothing moves: freeze frames, slates, stills'),
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
  pulldown: z
    .enum(['top-first', 'bottom-first'])
    .optional()
    .describe(
      '3:2 pulldown of fields in this order was undone: fields of one film frame joined, repeats left out; video between the film deinterlaced (bwdif)',
    ),
  shot: z.string(),
  decision: z.strictObject({ outcome: z.literal('ALLOW'), grants: z.array(z.string()) }),
});

/**
 * `skipped.jsonl`: what did not become a clip, and why. `clipOf` names the clip that a duplicate repeats, `copyOf` the
 * shot that shows the same and stays, `parties` whom the caption names.
 */
export const skippedSchema = z.strictObject({
  shot: z.string(),
  reason: z.string(),
  clips: z.int().min(0).describe('0 where the whole shot is left out'),
  clipOf: sha256.optional(),
  copyOf: z.string().optional(),
  parties: z.array(z.string()).optional(),
});

/** `snapshot.json`: canonical, without paths or times of day, so equal inputs give equal bytes. */
export const snapshotRecordSchema = z.strictObject({
  version: z.literal(1),
  digest: sha256.describe('sha256 of manifest.jsonl'),
  options: freezeOptionsSchema.required({ asOf: true, stride: true }).extend({
    performer: z.string().optional().describe('party that is targeted, as earlier versions wrote it'),
  }),
  rights: z.strictObject({
    ledger: z.string().nullable(),
    ruleVersion: z.string(),
    outcomes: counts.describe('shots by outcome'),
    reasons: counts.describe('shots that are not allowed, by rule; a shot counts once for each rule'),
    assumptions: counts
      .optional()
      .describe('allowed shots that rest on what no row of the ledger says; absent in older snapshots'),
  }),
  clips: z.strictObject({ train: count, heldout: count }),
  captions: counts.describe('clips by source of their caption'),
  alarms: z
    .array(captionAlarmSchema)
    .optional()
    .describe(
      'captions that say nothing of what is seen, for which nothing is left out, and who is named by those of shots that are',
    ),
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
  notices: z.array(z.string()).describe('what could be compared less than the rest'),
});

export type ForWhom = z.infer<typeof forWhomSchema>;
export type FreezeInput = z.input<typeof freezeOptionsSchema>;
export type FreezeOptions = z.infer<typeof snapshotRecordSchema>['options'];
export type ClipOrigin = z.infer<typeof clipOriginSchema>;
export type Skipped = z.infer<typeof skippedSchema>;
export type SnapshotRecord = z.infer<typeof snapshotRecordSchema>;
export type Snapshot = z.infer<typeof snapshotSchema>;
export type UnlockInput = z.infer<typeof unlockInputSchema>;
export type VerifyReport = z.infer<typeof verifyReportSchema>;
