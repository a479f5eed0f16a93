import { z } from 'zod';

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
    .default(150)
    .describe('training time wished for; a preflight turns it into steps, the clock never stops a run'),
  steps: z.int().positive().optional().describe('exact number of steps, instead of --seconds'),
  batch: z.int().positive().max(4096).default(32).describe('clips a step'),
  processes: z
    .int()
    .positive()
    .max(64)
    .default(1)
    .describe('processes on this machine that share each step; the batch must divide by them'),
  rate: z.number().positive().max(1).optional().describe('learning rate; default by method'),
  rank: z.int().positive().max(1024).default(32).describe('lora: rank of the adapter'),
  mirror: z
    .boolean()
    .default(true)
    .describe('learn each clip mirrored too, marked as such, with left and right exchanged in its caption'),
  prior: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.25)
    .describe(
      "lora on the shipped base: share of each batch that comes from the base's own worlds, so that it keeps what " +
        'it knew; 0: none',
    ),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1)
    .describe('same seed, machine and options: same bytes'),
});

export type Training = z.infer<typeof trainingSchema>;

/**
 * lora: 4e-3 was as good as 2e-3 and better than 8e-3 on one title; scratch: of fourteen recipes on two titles this was within chance of the
 * best, and 2e-3 behind it (docs/LOG.md); full is not tuned.
 */
export const RATES = { lora: 4e-3, full: 7e-4, scratch: 4e-3 } as const;
/** What trainers of Wan adapters use (ai-toolkit, finetrainers: 1e-4); nothing was tuned here. */
export const OPEN_BASE_RATE = 1e-4;
