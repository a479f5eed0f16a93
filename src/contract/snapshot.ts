import { z } from 'zod';

/** Where a clip's words come from, in the order in which one is taken before the others. */
export const captionSourceSchema = z.enum(['person', 'shot_list', 'sidecar', 'model', 'subtitles', 'facts']);

/**
 * One line of a snapshot's `manifest.jsonl`: keys sorted, no spaces, one clip a line, lines sorted by id.
 * The sha256 of the manifest's bytes is the dataset's digest.
 */
export const clipLineSchema = z.strictObject({
  id: z.string().describe('sha256 of the clip bytes: uint8, frames x height x width x RGB'),
  shard: z.string(),
  offset: z.int().min(0),
  bytes: z.int().positive(),
  frames: z.int().positive(),
  height: z.int().positive(),
  width: z.int().positive(),
  fps: z.string().describe('rational, frames a second'),
  caption: z.string(),
  captionSource: captionSourceSchema,
  title: z.string(),
  shot: z.string(),
  scene: z.string(),
  split: z.enum(['train', 'heldout']),
});

/** One line of `takes.jsonl`, written by a generate run: raw uint8 frames x height x width x RGB beside it. */
export const takeLineSchema = z.strictObject({
  id: z.string(),
  brief: z.string(),
  candidate: z.int().min(0),
  seed: z.int(),
  path: z.string().describe('relative to the takes.jsonl'),
  sha256: z.string(),
  frames: z.int().positive(),
  height: z.int().positive(),
  width: z.int().positive(),
  fps: z.string(),
});

/** One line of `checks.jsonl`, written by a check run: what the checker reads in a take. */
export const checkLineSchema = z.strictObject({
  id: z.string(),
  characters: z.array(z.strictObject({ name: z.string(), probability: z.number() })),
  set: z.strictObject({ name: z.string(), probability: z.number() }),
  action: z.strictObject({ name: z.string(), probability: z.number() }),
  camera: z.strictObject({ name: z.string(), probability: z.number() }),
  time: z.strictObject({ name: z.string(), probability: z.number() }),
  look: z
    .record(z.string(), z.strictObject({ name: z.string(), probability: z.number() }))
    .default({})
    .describe(
      'what a checker of worlds says besides: colour, texture, what is held, the palette of the place',
    ),
  likely: z
    .record(z.string(), z.record(z.string(), z.number()))
    .describe('how likely each name is, by attribute; names under .01 are left out'),
  figure: z
    .number()
    .describe('how far somebody stands out from the place in the frame where it is least, grey levels'),
  bodies: z
    .record(z.string(), z.number())
    .describe(
      'how much of a body in their own colours stands out, 0 to 1: of each likely person whose colours are known',
    ),
  bodyShares: z
    .record(z.string(), z.number())
    .default({})
    .describe(
      'the same, over what true clips of that person at the time of day that is seen have at the median',
    ),
  sharpness: z.number().describe('mean gradient magnitude, grey levels a pixel'),
  seams: z.number().describe('mean step across block edges over the mean step elsewhere; about 1 in film'),
  flicker: z.number().describe('mean absolute second difference over time, grey levels'),
  motion: z.number().describe('mean absolute frame difference, grey levels'),
  nearestClip: z.string().nullable(),
  copyDistance: z
    .number()
    .nullable()
    .describe(
      'to the nearest training clip, from where things stand: 0 the same, 1.41 unrelated, 2 opposite',
    ),
});

export type ClipLine = z.infer<typeof clipLineSchema>;
export type TakeLine = z.infer<typeof takeLineSchema>;
export type CheckLine = z.infer<typeof checkLineSchema>;
