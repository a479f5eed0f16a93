import { z } from 'zod';
import { type ReachedBy, reachedBySchema } from '../rights/schema.ts';

/** Nouns and options of review: verdicts of people, checks of the checker, and everything a report shows. */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const share = z.number().min(0).max(1);

export const personVerdictSchema = z.enum(['usable', 'not usable']);
export const checkVerdictSchema = z.enum(['usable', 'not usable', 'unchecked']);

const range = z.tuple([z.number(), z.number()]).describe('smallest and largest value allowed, both included');

export const limitsSchema = z.strictObject({
  probability: share.describe('what was asked for, all at once, must be as likely as this'),
  figure: z.number().optional().describe('grey levels by which somebody must stand out; absent: no matter'),
  body: share
    .optional()
    .describe('how much of a body in the colours of who was asked for must stand out; absent: no matter'),
  bodyShare: z
    .number()
    .optional()
    .describe(
      'or this share of what true clips of who was asked for have of a body at that time; absent: that does not help',
    ),
  sharpness: range.describe('grey levels a pixel'),
  seams: range.describe('step across block edges over the step elsewhere'),
  flicker: range.describe('grey levels'),
  flickerMost: z
    .record(z.string(), z.number())
    .optional()
    .describe('grey levels that it must not exceed besides, by the camera move asked for; absent: no matter'),
  otherTitles: z
    .number()
    .min(1)
    .optional()
    .describe('names of other titles than of who and what was asked for are held so many times less likely'),
  motion: z.record(z.string(), range).describe('grey levels, by the action asked for'),
});

/** `titles.json` among a checker's weights, under its hash: which of the names that it knows are of one title. */
export const titleNamesSchema = z.array(z.array(z.string()));

/** `card.json` beside a checker: what it may be used for, fixed before any result was seen. */
export const checkerCardSchema = z.looseObject({
  sha256: sha256.describe('of the checker folder that these limits belong to'),
  limits: limitsSchema,
});

export const checkSchema = z.strictObject({
  takeId: z.string(),
  checkerSha256: sha256.nullable(),
  verdict: checkVerdictSchema,
  reasons: z.array(z.string()),
});

export const verdictSchema = z.strictObject({
  take: z.string(),
  person: z.string(),
  verdict: personVerdictSchema,
  frame: count.nullable(),
  note: z.string(),
  givenAt: z.iso.datetime(),
});

const frameField = z.coerce.number().int().min(0).max(1_000_000);

export const verdictInputSchema = z.strictObject({
  take: z.string().min(1).describe('id of a take'),
  verdict: z.enum(['usable', 'not_usable']).describe('usable as it is in a cut, or not'),
  note: z.string().max(2000).default('').describe('what you saw, in words'),
  frame: frameField.optional().describe('frame that the note is about, counted from 0'),
});

export const verdictsInputSchema = z.strictObject({
  take: z.string().min(1).optional().describe('id of a take (default: all)'),
});
export const verdictsOutputSchema = z.strictObject({ verdicts: z.array(verdictSchema) });

/** The file that a report opened without a server exports. */
export const exportedVerdictsSchema = z.strictObject({
  report: z.string(),
  verdicts: z.array(
    verdictInputSchema.extend({ frame: count.nullish(), givenAt: z.iso.datetime().optional() }),
  ),
});
export const importInputSchema = z.strictObject({
  file: z
    .string()
    .min(1)
    .meta({ kind: 'path' })
    .describe('JSON file that "export verdicts" in a report wrote'),
});
export const importOutputSchema = z.strictObject({
  added: count,
  known: count.describe('verdicts that were here already'),
  refused: z.array(z.strictObject({ take: z.string(), reason: z.string() })),
});

export const intervalSchema = z.strictObject({ value: share, low: share, high: share });

/** Which checker judged: rates of different ones are not compared. */
export const checkerSchema = z.strictObject({ sha256 });

export const armSchema = z.strictObject({
  name: z.string().describe('base, scratch, adapter, or what the models are called that drew it'),
  trainSeconds: z
    .number()
    .min(0)
    .nullable()
    .describe('null: not known here, as of what was trained elsewhere'),
  briefs: count,
  usable: intervalSchema.nullable().describe('share of takes that are usable; null where nothing can judge'),
  usableAt4: intervalSchema.nullable().describe('share of briefs with a usable take among their first four'),
});

export const reportTakeSchema = z.strictObject({
  id: z.string(),
  brief: z.string(),
  text: z.string(),
  arm: z.string(),
  video: z.string().describe('MP4: absolute path; inside a written report relative to it'),
  still: z
    .string()
    .nullable()
    .default(null)
    .describe(
      'shown until the video is: raw frames, of which the first is taken; inside a written report a PNG',
    ),
  verdict: checkVerdictSchema,
  reasons: z.array(z.string()),
  signed: z.enum(['Trusted', 'Valid', 'Invalid']).nullable().describe('C2PA state, null: not signed'),
  withdrawn: z
    .union([z.array(reachedBySchema), z.string().transform((): ReachedBy[] => [])])
    .default([])
    .describe('withdrawals that have reached it, in their order; an earlier version wrote the first alone'),
});

const exampleSchema = z.strictObject({
  reason: z.string(),
  shot: z.string(),
  title: z.string(),
  timecode: z.string(),
  message: z.string(),
  thumbnail: z.string().nullable(),
});

export const forecastSchema = z.strictObject({
  words: z.string(),
  verdict: z.enum(['enough', 'not enough', 'cannot tell']),
  measure: z.string().describe('what the plot shows, with its unit'),
  points: z.array(
    z.strictObject({
      clips: z.number().positive(),
      value: z.number(),
      low: z.number().nullable().describe('null: too little was measured to say how sure it is'),
      high: z.number().nullable(),
      predicted: z.boolean().describe('false: measured'),
    }),
  ),
  threshold: z.number().nullable().describe('line that the verdict depends on'),
});

/** Everything the report shows; nothing on the page comes from anywhere else. */
export const reportSchema = z.strictObject({
  name: z.string().min(1).describe('names the folder under reports, such as demo'),
  title: z.string().min(1),
  workspace: z.string(),
  madeAt: z.iso.datetime(),
  seconds: z
    .number()
    .min(0)
    .nullable()
    .describe('from films to takes, all calls that did some of the work together; null: takes alone'),
  reused: z
    .strictObject({ finishedAt: z.iso.datetime(), seconds: z.number().min(0) })
    .nullable()
    .default(null)
    .describe('where everything was there already: when that was, and what looking through it took'),
  titles: count,
  shots: count,
  boundary: z.strictObject({ f1: share, dissolveRecall: share.nullable() }).nullable(),
  rights: z
    .strictObject({
      cleared: count,
      refused: z.record(z.string(), count).describe('shots by reason'),
      examples: z.array(exampleSchema),
    })
    .nullable()
    .describe('null: the report is about takes alone'),
  dataset: z
    .strictObject({ id: z.string(), digest: z.string(), clips: count, train: count, heldout: count })
    .nullable(),
  arms: z.array(armSchema),
  takes: z.array(reportTakeSchema),
  picture: z.strictObject({
    width: z.int().positive(),
    height: z.int().positive(),
    frames: z.int().positive(),
    fps: z.number().positive(),
  }),
  checker: checkerSchema.nullable(),
  forecast: forecastSchema.nullable(),
  cpuMinutesPerUsableSecond: z.number().min(0).nullable(),
  measured: z
    .array(z.strictObject({ what: z.string(), how: z.string() }))
    .describe('how each number was measured'),
  notes: z.array(z.string()).describe('what the reader must know, in sentences'),
  verdicts: z.array(verdictSchema).default([]),
});

export const reportInputSchema = z.strictObject({
  name: z.string().min(1).optional().describe('name of the report (default: the newest)'),
});
export const reportOutputSchema = z.strictObject({
  report: z.string().describe('path of the page'),
  takes: count,
  verdicts: count,
});

/** The card's limits, and the names of each title where the checker has them. */
export type Limits = z.infer<typeof limitsSchema> & { titles?: z.infer<typeof titleNamesSchema> };
export type CheckerCard = z.infer<typeof checkerCardSchema>;
export type Check = z.infer<typeof checkSchema>;
export type CheckVerdict = z.infer<typeof checkVerdictSchema>;
export type Verdict = z.infer<typeof verdictSchema>;
export type Interval = z.infer<typeof intervalSchema>;
export type Arm = z.infer<typeof armSchema>;
export type ReportTake = z.infer<typeof reportTakeSchema>;
export type Forecast = z.infer<typeof forecastSchema>;
/** A report as given: `verdicts` are filled in from the workspace. */
export type ReportInput = z.input<typeof reportSchema>;
export type Report = z.output<typeof reportSchema>;
