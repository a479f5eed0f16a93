import { z } from 'zod';
import { positive } from './job-parts.ts';

/** What jobs that learn and jobs that draw are told of the model, the optimizer, an adapter and the sampling. */

export const modelShapeSchema = z.strictObject({
  width: positive.max(8192),
  depth: positive.max(128),
  heads: positive.max(128),
  words: positive.max(65536).describe('rows of the hashed word table'),
  captionWords: positive.max(256).describe('words of a caption that are read'),
});

export const optimizerSchema = z.strictObject({
  name: z.enum(['muon', 'adamw']).describe('muon: matrices by Muon, all else by AdamW'),
  rate: z.number().positive().max(1),
  weightDecay: z.number().min(0).max(1),
  warmupSteps: z.int().min(0).max(1_000_000),
  decayFrom: z
    .number()
    .min(0)
    .max(1)
    .describe('share of the steps after which the rate falls to a twentieth'),
  clipNorm: z.number().positive().max(1_000_000),
});

export const loraSchema = z.strictObject({
  rank: positive.max(1024),
  alpha: z.number().positive(),
  words: z.boolean().describe('also learn the rows of those words in the captions that the base never saw'),
  wordRate: z.number().positive().max(1000).describe('their learning rate, as a multiple of the rate'),
});

export const samplingSchema = z.strictObject({
  steps: positive.max(1000),
  guidance: z.number().min(1).max(20),
  shift: z.number().min(1).max(20),
});
