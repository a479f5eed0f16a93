import { z } from 'zod';
import { reachedBySchema } from '../rights/schema.ts';

/** Takes that are known again in a file without its signature. */

export const findInputSchema = z.strictObject({
  file: z
    .string()
    .min(1)
    .meta({ kind: 'path' })
    .describe('path of a video or picture: a copy that may be of a take'),
});

const share = z.number().describe('share of a side of the take');

export const foundTakeSchema = z.strictObject({
  take: z.string(),
  brief: z.string(),
  text: z.string(),
  seed: z.int(),
  madeAt: z.iso.datetime(),
  distance: z
    .number()
    .min(0)
    .describe('grey levels (of 255) by which the two differ where they differ most; at most the threshold'),
  from: z.number().describe("second of the file at which the take's part begins"),
  seconds: z.number().describe('of it'),
  moment: z.number().nullable().describe('of a picture, the second of the take that it is nearest to'),
  cropped: z.strictObject({ left: share, right: share, top: share, bottom: share }),
  recordDigest: z.string().nullable().describe('of its record; null where it was never signed'),
  signedSha256: z.string().nullable(),
  withdrawn: z.array(reachedBySchema).describe('the withdrawals that have reached it, in their order'),
});

export const findOutputSchema = z.strictObject({
  file: z.string(),
  sha256: z.string(),
  still: z.boolean().describe('a single picture: takes of one brief may show nearly the same'),
  seconds: z.number().describe('0 of a single picture'),
  compared: z.int().min(0).describe('fingerprints that the file was compared with'),
  unprinted: z
    .array(z.strictObject({ take: z.string(), reason: z.string() }))
    .describe('takes that could not be compared'),
  threshold: z.number().describe('grey levels'),
  matches: z.array(foundTakeSchema).describe('the nearest first'),
  nearest: z
    .strictObject({ take: z.string(), distance: z.number() })
    .nullable()
    .describe('where nothing matches: what came nearest'),
  measured: z
    .strictObject({
      pairs: z.int(),
      falseMatches: z.int(),
      rateBelow: z.number().describe('upper end of the 95 % interval of false matches a pair'),
      copies: z.int(),
      found: z.int(),
      alike: z
        .strictObject({ pairs: z.int(), within: z.int(), takes: z.int() })
        .nullable()
        .describe(
          'of pictures: pairs with other takes of one brief, which `pairs` leaves out, and how many were taken for one',
        ),
    })
    .describe('what `bench fingerprint` measured at this threshold, on rendered clips of the sample studio'),
  words: z.array(z.string()),
});

export type FoundTake = z.infer<typeof foundTakeSchema>;
export type Found = z.infer<typeof findOutputSchema>;
