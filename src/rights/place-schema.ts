import { z } from 'zod';
import {
  evidence,
  fileNameSchema,
  idSchema,
  momentSchema,
  note,
  supersedes,
  withdrawn,
} from './field-schema.ts';
import { rangeSchema } from './range-schema.ts';

/** Who and what is seen, where, and somebody's word that all of it is listed. */

const ranges = z.array(rangeSchema).min(1);
const allOrRanges = z.union([z.literal('all'), ranges], { error: '"all" or a list of {in, out}' });

const place = {
  title: idSchema,
  file: fileNameSchema.describe('one of the files of the title, written as there'),
  shots: z
    .union([z.literal('all'), z.literal('none'), ranges], { error: '"all", "none" or a list of {in, out}' })
    .describe(
      'where it is seen: ranges of frames or timecodes, or the whole file; none: nowhere in it, in place of a row that was a mistake',
    ),
  status: z.enum(['confirmed', 'proposed']),
};

export const appearanceSchema = z.strictObject({ id: idSchema, party: idSchema, ...place, supersedes, note });

export const materialSchema = z.strictObject({
  id: idSchema,
  kind: z.enum(['music', 'artwork', 'brand', 'stock']),
  owner: idSchema.optional().describe('who may license it; none: not known'),
  ...place,
  supersedes,
  note,
});

/** Somebody's word that a list is complete, be it empty: without it the list may just not be written yet. */
const listing = {
  id: idSchema,
  file: fileNameSchema.optional().describe('only of this one of its files, written as there; none: of all'),
  shots: allOrRanges.optional().describe('only in these ranges of the file; none: in all of it'),
  by: idSchema.describe('who says so'),
  on: momentSchema.describe('since when it is said'),
  withdrawn,
  supersedes,
  evidence,
  note,
};

export const castSchema = z.strictObject({
  ...listing,
  title: idSchema.describe('of which all who are seen are listed in appearances, be it nobody'),
});

export const inventorySchema = z.strictObject({
  ...listing,
  title: idSchema.describe(
    'of which everything of others that is in it is listed in materials, be it nothing',
  ),
});

export type Range = z.infer<typeof rangeSchema>;
export type Appearance = z.infer<typeof appearanceSchema>;
export type Material = z.infer<typeof materialSchema>;
/** A row of `casts` or of `inventories`. */
export type Listing = z.infer<typeof castSchema>;
