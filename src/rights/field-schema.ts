import { z } from 'zod';
import { isTerritory } from './territories.ts';
import { outputKinds, trainers, uses } from './uses.ts';

/** Fields that rows of several sections have. Nothing has a default that permits: what is not written is not granted. */

export const useSchema = z.enum(uses, { error: `one of the uses ${uses.join(', ')}` });

export const idSchema = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u, {
  error: 'an id of at most 100 letters, digits, dots, hyphens and underscores',
});

export const territorySchema = z
  .string()
  .refine(isTerritory, { error: 'an ISO 3166 code of two capital letters (GB, not UK) or "world"' });

const dateSchema = z.iso.date();
const instantSchema = z.iso.datetime({ offset: true });

/** A day (UTC, the whole of it) or an instant with its zone. */
export const momentSchema = z
  .string()
  .refine((text) => dateSchema.safeParse(text).success || instantSchema.safeParse(text).success, {
    error: 'a day such as 2026-05-01, or an instant with its zone such as 2026-05-01T12:00:00Z',
  });

const shareWords = { error: 'a share such as "50%" or "1/3"' };

export const shareSchema = z
  .string(shareWords)
  .regex(/^(\d{1,9}\/[1-9]\d{0,8}|\d{1,3}(\.\d{1,6})?\s?%)$/, shareWords);

export const sha256 = /^[0-9a-f]{64}$/;

/** The base name of a master, or the sha256 of its bytes. Never a path: masters move. */
export const fileNameSchema = z
  .string()
  .min(1)
  .refine((name) => !/[/\\]/.test(name) && (!/^[0-9a-f]{64}$/i.test(name) || sha256.test(name)), {
    error: 'a base name such as "reel-1.mov" or a sha256 in small letters, not a path',
  });

/** The form alone: which currencies there are, and how many decimals each has, is looked at when a row is imported. */
export const moneySchema = z
  .string({ error: 'an amount such as "1200.50 EUR"' })
  .regex(/^\d{1,12}(\.\d{1,4})? [A-Z]{3}$/, {
    error: 'an amount and its currency, such as "1200.50 EUR"',
  });

export const allOr = <T extends z.ZodType>(item: T, what: string) =>
  z.union([z.literal('all'), z.array(item).min(1)], { error: `"all" or a list of ${what}` });

export const note = z.string().min(1).optional().describe('free text for people');
export const withdrawn = momentSchema.optional().describe('from then on the row permits nothing');
const territories = z.array(territorySchema).min(1).describe('["world"], or ISO 3166 codes');
export const from = momentSchema.optional().describe('first day or instant; none: has always been so');
export const until = momentSchema.optional().describe('last day (inclusive) or instant; none: no end');
export const on = momentSchema
  .optional()
  .describe(
    'when it was said, before which it permits nothing; none: the day on which its agreement was signed, else not known',
  );
export const supersedes = idSchema.optional().describe('the row of this section that this one replaces');
export const lifts = z
  .array(idSchema)
  .min(1)
  .optional()
  .describe(
    'given, on a day that it says: refusals of the same party, which stand, and of which this one permits what it says',
  );
export const page = z.int().min(1).optional().describe('page of the document');
export const evidence = z
  .strictObject({ agreement: idSchema, clause: idSchema.optional(), page })
  .optional()
  .describe('where it is written');

/** A word that means all where names are listed: as a name it would be that of nothing. */
export const saysAll = (name: string): boolean => /^\s*(all|any|every|alle|\*)(\s+models?)?\s*$/i.test(name);

/** Dimensions that a row may narrow; a list that is left out does not narrow. */
const models = z
  .array(z.string().min(1), { error: 'a list of names of models, and none at all for any model' })
  .min(1)
  .optional()
  .describe('names of models; none: any model');
export const outputKindSchema = z.enum(outputKinds);
const outputs = z.array(outputKindSchema).min(1).optional().describe('kinds of takes; none: any');
const trainerList = z.array(z.enum(trainers)).min(1).optional();
const permittedTrainers = trainerList.describe('who may train; none: in-house alone');
const concernedTrainers = trainerList.describe('who trains; none: whoever does');
export const permitted = { territories, from, until, models, trainers: permittedTrainers, outputs };
export const concerned = { territories, from, until, models, trainers: concernedTrainers, outputs };
