import { z } from 'zod';

const range = { value: z.number(), low: z.number(), high: z.number() };

/** Null bounds: too few held-out scenes to say how sure the value is. */
const lossRange = { value: z.number(), low: z.number().nullable(), high: z.number().nullable() };

export const assessInputSchema = z.strictObject({
  dataset: z.string().describe('id of the frozen dataset to assess'),
  seconds: z
    .number()
    .min(5)
    .default(45)
    .describe('training time for all trials together, before the forecast is made'),
  base: z
    .string()
    .optional()
    .meta({ kind: 'path' })
    .describe('folder of the base model; default: the base that ships with Backlot'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1)
    .describe('draws the subsets'),
  sample: z
    .boolean()
    .default(false)
    .describe(
      "the films are the sample studio's: usable takes are forecast too, from studios like it, where they were counted",
    ),
});

export const verdictSchema = z.enum(['enough', 'not enough', 'cannot tell']);

/** One trial: a short training on a subset, measured on the held-out clips. */
export const trialSchema = z.object({ clips: z.int(), ...lossRange });

/** What a trial's held-out loss meant on sample studios, where takes could be counted. */
export const calibrationSchema = z.object({
  base: z.string().describe('sha256 of the base that the points were measured with'),
  steps: z.int().describe('steps of the short trial'),
  trainedSteps: z.int().describe('steps of the training whose takes were counted'),
  points: z.array(
    z.object({
      titles: z.array(z.string()).describe('titles of the sample studio, with as many clips each'),
      clips: z.int().describe('training clips of the studio'),
      gain: z.number().describe('share of the untrained held-out loss that the short trial removed'),
      briefs: z.int(),
      usable: z.int().describe('briefs with a usable take among four, after full training'),
    }),
  ),
});

export const forecastSchema = z.object({
  id: z.string(),
  snapshotId: z.string(),
  verdict: verdictSchema,
  words: z.string(),
  clips: z.int().describe('training clips'),
  untrainedLoss: z.number().describe('held-out loss of the base as it is'),
  scenes: z.int().describe('held-out scenes that the losses are measured on'),
  trials: z.array(trialSchema).describe('held-out loss with a 95 % interval over held-out scenes'),
  doubled: trialSchema.nullable().describe('predicted held-out loss with twice the clips'),
  usableAt4: z.object(range).nullable().describe('predicted share of briefs with a usable take among four'),
  plot: z.string().describe('SVG file'),
});

export type AssessInput = z.output<typeof assessInputSchema>;
export type Trial = z.infer<typeof trialSchema>;
export type Calibration = z.infer<typeof calibrationSchema>;
export type Forecast = z.infer<typeof forecastSchema>;
export type Range = { value: number; low: number; high: number };
export type LossRange = Omit<Trial, 'clips'>;
