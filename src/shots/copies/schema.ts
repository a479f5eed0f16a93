import { z } from 'zod';

const frame = z.int().min(0);

/** In which ways a copy differs from the other; none: it was encoded anew, or shows a part in time. */
export const copyKinds = ['mirrored', 'cropped', 'regraded', 'retimed'] as const;
const kinds = z.array(z.enum(copyKinds)).describe('how they differ; empty: at most encoded anew or trimmed');

const similarity = z.number().min(-1).max(1).describe('mean correlation of their small pictures, at most 1');

const stretch = z.strictObject({ shot: z.string(), in: frame, out: frame });

/** Why a shot stays before a copy of it where nobody chose, in words. */
export const reasonsToStay = [
  'longer',
  'whole picture',
  'larger picture',
  'progressive',
  'one shot',
  'as most copies show it',
  'more bits',
  'first of equals',
] as const;

/** Two shots that show the same, and where: frames `in` to before `out` of their films, to a quarter second. */
export const copySchema = z.strictObject({
  a: stretch,
  b: stretch,
  kinds,
  similarity,
  speed: z.number().positive().describe('seconds of b for one of a: 0.96 where b runs 4 % faster'),
});

export const duplicatesInputSchema = z.strictObject({});

const member = z.strictObject({
  shot: z.string(),
  file: z.string().describe('path of the film file'),
  title: z.string(),
  inTimecode: z.string(),
  outTimecode: z.string(),
  frames: frame,
  copyOf: z.string().nullable().describe('the shot for which it is left out of datasets; null: it stays'),
  by: z.enum(['person', 'rule']).nullable().describe('who decided that it is left out; rule: see `why`'),
  why: z
    .enum(reasonsToStay)
    .nullable()
    .describe(
      'by rule: what `copyOf` has before it; the first that differs of length (a tenth), parts of the picture cut away, size (a tenth; an interlaced picture counts half), progressive or telecined or interlaced, being one shot where the other is two in another film, mirrored or regraded or retimed against most copies, size, bits a second, content hash',
    ),
  shows: z
    .strictObject({ in: frame, out: frame, ofIn: frame, ofOut: frame })
    .nullable()
    .describe('frames of it that show the same as frames `ofIn` to before `ofOut` of `copyOf`'),
  offsetSeconds: z.number().nullable().describe('how much later in its film than in that of `copyOf`'),
  kinds,
  similarity: similarity.nullable(),
});

export const duplicatesSchema = z.strictObject({
  groups: z.array(z.array(member)).describe('shots that are copies of each other, those that stay first'),
  shots: frame.describe('shots compared'),
  tooShort: frame.describe('shots under three quarters of a second: copies of them cannot be found'),
  tooFlat: frame.describe(
    'longer ones that are nearly black or of one colour: copies cannot be found either',
  ),
  filesNotCompared: z
    .array(z.string())
    .describe('films read by an earlier version: shots detect reads them again'),
});

export const keepInputSchema = z.strictObject({
  shots: z
    .array(z.string().min(1))
    .min(1)
    .describe('ids of shots that stay; several copies of each other: all of them stay, they differ enough'),
});

export const keptSchema = z.strictObject({
  shots: z.array(z.string()),
  leftOut: z.array(z.string()).describe('copies of them that datasets leave out from now on'),
});

/** Which shots a person wants to stay. */
export interface Choice {
  shots: string[];
  who: string;
  at: string;
}

export type Copy = z.infer<typeof copySchema>;
export type Why = (typeof reasonsToStay)[number];
export type CopyKind = (typeof copyKinds)[number];
export type Duplicates = z.infer<typeof duplicatesSchema>;
export type Kept = z.infer<typeof keptSchema>;
