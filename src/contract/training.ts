import { z } from 'zod';
import { loraSchema, modelShapeSchema, optimizerSchema, trainJobSchema } from './job.ts';

/**
 * lora: 4e-3 was as good as 2e-3 and better than 8e-3 on one title; scratch: of fourteen recipes on two titles this was within chance of the
 * best, and 2e-3 behind it (docs/LOG.md); full is not tuned.
 */
export const RATES = { lora: 4e-3, full: 7e-4, scratch: 4e-3 } as const;
/** What trainers of Wan adapters use (ai-toolkit, finetrainers: 1e-4); nothing was tuned here. */
export const OPEN_BASE_RATE = 1e-4;
/** An adapter is small already; nothing was tuned. */
export const WEIGHT_DECAYS = { lora: 0, full: 0.02, scratch: 0.02 } as const;
/** Of an adapter and of its batches' worlds (ADR 0089); a time that a person waits for. */
export const RANK = 32;
export const PRIOR = 0.25;
export const SECONDS = 150;
/** Longer than any training; a wish must stay a number of steps. */
const YEAR = 366 * 24 * 3600;
/** Not tuned; a training of fewer steps only climbs. */
export const WARMUP_STEPS = 20;
/** New words move alone, from anywhere to a meaning, so they take larger steps than matrices; the factor is not tuned. */
export const WORD_RATE = 5;
/** The size of a model from scratch: that of the shipped base, so that both learn for the same cost a step. */
export const SCRATCH_SHAPE = { width: 192, depth: 6, heads: 3, words: 4096, captionWords: 24 } as const;

/** `group`: the heading that help lists it under, below what most trainings choose. */
const tuned = (description: string) => ({ group: 'Tuning:', description });

/** Bounds are the job's own. Those without a default have one that the method or the clips decide. */
const tuning = {
  weightDecay: optimizerSchema.shape.weightDecay
    .optional()
    .meta(
      tuned(
        `how much matrices shrink a step, times the rate (default: ${WEIGHT_DECAYS.lora} for lora, else ${WEIGHT_DECAYS.full})`,
      ),
    ),
  warmupSteps: optimizerSchema.shape.warmupSteps
    .optional()
    .meta(tuned(`steps over which the rate rises (default: ${WARMUP_STEPS})`)),
  decayFrom: optimizerSchema.shape.decayFrom
    .default(0.5)
    .meta(tuned('share of the steps after which the rate falls, to a twentieth at the end; 1: it stays')),
  clipNorm: optimizerSchema.shape.clipNorm
    .default(1)
    .meta(tuned("longest norm of a step's gradients: longer ones are shortened to it")),
  emaDecay: trainJobSchema.shape.emaDecay
    .default(0.98)
    .meta(tuned('of the moving average of weights, which becomes the model; 0: the weights themselves')),
  captionDropout: trainJobSchema.shape.captionDropout
    .default(0.1)
    .meta(tuned('share of clips that learn without their caption: guidance needs some')),
  shift: trainJobSchema.shape.shift
    .optional()
    .meta(
      tuned(
        'of the times that are learned, towards noise (default: by the number of tokens); takes are drawn at the default',
      ),
    ),
  precision: trainJobSchema.shape.precision
    .default('bf16')
    .meta(tuned('number format of matrix products; bf16 becomes fp32 where the hardware has none')),
  wordRate: loraSchema.shape.wordRate
    .optional()
    .meta(
      tuned(`lora, not on open bases: rate of new words, as a multiple of the rate (default: ${WORD_RATE})`),
    ),
  width: modelShapeSchema.shape.width
    .optional()
    .meta(tuned(`scratch: width of the model, which its heads divide (default: ${SCRATCH_SHAPE.width})`)),
  depth: modelShapeSchema.shape.depth
    .optional()
    .meta(tuned(`scratch: blocks of the model (default: ${SCRATCH_SHAPE.depth})`)),
  heads: modelShapeSchema.shape.heads
    .optional()
    .meta(tuned(`scratch: heads of each block (default: ${SCRATCH_SHAPE.heads})`)),
};

/**
 * How a model is trained: the options that the assess and the train stage share.
 */
export const trainingSchema = z.strictObject({
  method: z
    .enum(['lora', 'full', 'scratch'])
    .default('lora')
    .describe('lora: an adapter beside the base; full: all weights of the base; scratch: no base'),
  seconds: z
    .number()
    .positive()
    .max(YEAR)
    .optional()
    .describe(
      `training time wished for (default: ${SECONDS}); a preflight turns it into steps, the clock never stops a run`,
    ),
  steps: z.int().positive().optional().describe('exact number of steps, instead of --seconds'),
  batch: z.int().positive().max(4096).default(32).describe('clips a step'),
  processes: z
    .int()
    .positive()
    .max(64)
    .default(1)
    .describe('processes on this machine that share each step; the batch must divide by them'),
  rate: z.number().positive().max(1).optional().describe('learning rate; default by method'),
  rank: z.int().positive().max(1024).optional().describe(`lora: rank of the adapter (default: ${RANK})`),
  mirror: z
    .boolean()
    .default(true)
    .describe('learn each clip mirrored too, marked as such, with left and right exchanged in its caption'),
  prior: z
    .number()
    .min(0)
    .max(0.9)
    .optional()
    .describe(
      "lora on the shipped base: share of each batch that comes from the base's own worlds, so that it keeps what " +
        `it knew (default: ${PRIOR}); 0: none`,
    ),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1)
    .describe('same seed, machine and options: same bytes'),
  ...tuning,
});

export type Training = z.infer<typeof trainingSchema>;
