import { z } from 'zod';
import { rangeSchema } from './range-schema.ts';
import { isTerritory } from './territories.ts';
import { outputKinds, trainers, uses } from './uses.ts';

/**
 * The ledger file (YAML or JSON). The schema holds a row's shape; what rows say to
 * each other (references, windows, shares, cycles) is checked by `findProblems`. Nothing has a default that
 * permits: what is not written is not granted.
 */

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

const sha256 = /^[0-9a-f]{64}$/;

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

const allOr = <T extends z.ZodType>(item: T, what: string) =>
  z.union([z.literal('all'), z.array(item).min(1)], { error: `"all" or a list of ${what}` });

const note = z.string().min(1).optional().describe('free text for people');
const withdrawn = momentSchema.optional().describe('from then on the row permits nothing');
const territories = z.array(territorySchema).min(1).describe('["world"], or ISO 3166 codes');
const from = momentSchema.optional().describe('first day or instant; none: has always been so');
const until = momentSchema.optional().describe('last day (inclusive) or instant; none: no end');
const on = momentSchema
  .optional()
  .describe(
    'when it was said, before which it permits nothing; none: the day on which its agreement was signed, else not known',
  );
const supersedes = idSchema.optional().describe('the row of this section that this one replaces');
const page = z.int().min(1).optional().describe('page of the document');
const evidence = z
  .strictObject({ agreement: idSchema, clause: idSchema.optional(), page })
  .optional()
  .describe('where it is written');

/** Dimensions that a row may narrow; a list that is left out does not narrow. */
const models = z.array(z.string().min(1)).min(1).optional().describe('names of models; none: any model');
export const outputKindSchema = z.enum(outputKinds);
const outputs = z.array(outputKindSchema).min(1).optional().describe('kinds of takes; none: any');
const trainerList = z.array(z.enum(trainers)).min(1).optional();
const permittedTrainers = trainerList.describe('who may train; none: in-house alone');
const concernedTrainers = trainerList.describe('who trains; none: whoever does');
const permitted = { territories, from, until, models, trainers: permittedTrainers, outputs };
const concerned = { territories, from, until, models, trainers: concernedTrainers, outputs };

const partyKinds = z.enum(['person', 'org', 'estate', 'guild', 'guardian']);
const identifiers = <T extends string>(schemes: readonly [T, ...T[]]) =>
  z.array(z.strictObject({ scheme: z.enum(schemes), value: z.string().min(1) })).optional();

const representativeSchema = z.strictObject({ party: idSchema, from, until, evidence });

export const partySchema = z.strictObject({
  id: idSchema,
  kind: partyKinds,
  name: z.string().min(1),
  aliases: z.array(z.string().min(1)).optional().describe('other names: stage names, as credited'),
  ids: identifiers(['ISNI', 'HAND', 'EIDR', 'internal']),
  representedBy: z
    .array(z.union([idSchema, representativeSchema], { error: 'an id, or {party, from, until}' }))
    .optional()
    .describe('parties who may answer for this one, each with the time in which it may'),
  withdrawn,
  note,
});

const transferSchema = z.strictObject({
  from: idSchema,
  to: idSchema,
  share: shareSchema,
  on: momentSchema.optional(),
  evidence,
});

export const titleSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1),
  ids: identifiers(['EIDR', 'ISAN', 'internal']),
  files: z.array(fileNameSchema).min(1).describe('base names or sha256 of its files, in reel order'),
  shares: z
    .array(z.strictObject({ party: idSchema, share: shareSchema }))
    .describe('who owns the title; each owner must grant, and a part without owner is unknown'),
  chain: z
    .array(transferSchema)
    .optional()
    .describe(
      'chain of title: how the shares came to their owners; who holds none of it at a time permits nothing then',
    ),
  withdrawn,
  note,
});

export const agreementSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1),
  kind: z.enum(['contract', 'rider', 'consent', 'release', 'guild', 'licence', 'opinion', 'letter']),
  parties: z.array(idSchema).min(1),
  sha256: z.string().regex(sha256, { error: 'the sha256 of the document, 64 small hexadecimal digits' }),
  signed: momentSchema.optional().describe('when: nothing counts before; none: that it was is assumed'),
  clauses: z.array(z.strictObject({ id: idSchema, page, text: z.string().min(1).optional() })).optional(),
  supersedes,
  note,
});

export const grantSchema = z.strictObject({
  id: idSchema,
  grantor: idSchema.describe('the owner who permits'),
  grantee: idSchema.optional().describe('who is permitted; none: the house'),
  titles: z.array(idSchema).min(1),
  materials: z.array(idSchema).min(1).optional().describe('a licence for this material in the titles only'),
  uses: z.array(useSchema).min(1).describe('each with the uses that it includes'),
  ...permitted,
  exclusive: z.boolean().optional().describe('true: the grantor permits the same to nobody else'),
  withdrawn,
  supersedes,
  evidence,
  note,
});

export const restrictionSchema = z.strictObject({
  id: idSchema,
  imposedBy: idSchema.optional().describe('whose approval frees; nobody is named: no approval counts'),
  titles: allOr(idSchema, 'title ids'),
  uses: allOr(useSchema, 'uses'),
  ...concerned,
  unless: z.literal('approved').optional().describe('approved: free where an approval covers it'),
  reason: z.string().min(1).describe('why, for people'),
  supersedes,
  evidence,
});

export const consentSchema = z.strictObject({
  id: idSchema,
  party: idSchema.describe('who appears'),
  answer: z.enum(['given', 'refused']),
  givenBy: idSchema.optional().describe('who answered for the party; one of its representedBy, then'),
  on,
  titles: allOr(idSchema, 'title ids').describe('"all" only where the answer is refused'),
  uses: allOr(useSchema, 'uses').describe('"all" only where the answer is refused'),
  ...permitted,
  described: z.string().min(1).optional().describe('what the party was told the use is'),
  separatelySigned: z.boolean().optional().describe('true: signed or initialled apart from other terms'),
  advisedBy: z.enum(['counsel', 'union', 'none']).optional().describe('who advised the party'),
  withdrawn,
  supersedes,
  evidence,
  note,
});

const place = {
  title: idSchema,
  file: fileNameSchema.describe('one of the files of the title, written as there'),
  shots: z
    .union([z.literal('all'), z.array(rangeSchema).min(1)], { error: '"all" or a list of {in, out}' })
    .describe('where it is seen: ranges of frames or timecodes, or the whole file'),
  status: z.enum(['confirmed', 'proposed']),
};

export const appearanceSchema = z.strictObject({ id: idSchema, party: idSchema, ...place, supersedes, note });

/** Somebody's word that all who are seen are listed in appearances, be it nobody: without it a list may just not be written yet. */
export const castSchema = z.strictObject({
  id: idSchema,
  title: idSchema.describe('of which all who are seen are listed in appearances'),
  file: fileNameSchema.optional().describe('only of this one of its files, written as there; none: of all'),
  shots: place.shots.optional().describe('only in these ranges of the file; none: in all of it'),
  by: idSchema.describe('who says so'),
  on: momentSchema.describe('since when it is said'),
  withdrawn,
  supersedes,
  evidence,
  note,
});

/** What the studio says once for the whole ledger; one thing a row. */
export const policySchema = z
  .strictObject({
    id: idSchema,
    cast: z.literal('stated').optional().describe('stated: without a row in casts a shot waits for a person'),
    house: idSchema
      .optional()
      .describe('who runs this workspace: a grant whose grantee is somebody else permits nothing here'),
    supersedes,
    evidence,
    note,
  })
  .refine(({ cast, house }) => (cast === undefined) !== (house === undefined), {
    error: 'either cast or house, one a row',
  });

export const materialSchema = z.strictObject({
  id: idSchema,
  kind: z.enum(['music', 'artwork', 'brand', 'stock']),
  owner: idSchema.optional().describe('who may license it; none: not known'),
  ...place,
  supersedes,
  note,
});

export const obligationSchema = z.strictObject({
  id: idSchema,
  kind: z.enum(['notify', 'consult', 'bargain', 'pay']),
  to: idSchema.describe('who is owed it'),
  titles: allOr(idSchema, 'title ids'),
  uses: allOr(useSchema, 'uses'),
  ...concerned,
  due: momentSchema.optional().describe('pay: holds nothing up before; none: with the statement'),
  amount: moneySchema.optional(),
  done: momentSchema.optional().describe('when it was fulfilled'),
  fulfilled: evidence.describe('where it is written that it was fulfilled'),
  supersedes,
  evidence,
  note,
});

export const approvalSchema = z.strictObject({
  id: idSchema,
  restriction: idSchema.describe('the restriction that asks for it'),
  by: idSchema.describe('who approves: who imposed the restriction, or one who represents it'),
  on,
  titles: z.array(idSchema).min(1),
  uses: z.array(useSchema).min(1),
  ...permitted,
  withdrawn,
  supersedes,
  evidence,
  note,
});

export const ledgerSchema = z.strictObject({
  version: z.literal(1),
  parties: z.array(partySchema).default([]),
  titles: z.array(titleSchema).default([]),
  agreements: z.array(agreementSchema).default([]),
  grants: z.array(grantSchema).default([]),
  restrictions: z.array(restrictionSchema).default([]),
  consents: z.array(consentSchema).default([]),
  appearances: z.array(appearanceSchema).default([]),
  casts: z.array(castSchema).default([]),
  materials: z.array(materialSchema).default([]),
  obligations: z.array(obligationSchema).default([]),
  approvals: z.array(approvalSchema).default([]),
  policies: z.array(policySchema).default([]),
});

export type { Use } from './uses.ts';
export type Party = z.infer<typeof partySchema>;
export type LedgerTitle = z.infer<typeof titleSchema>;
export type Grant = z.infer<typeof grantSchema>;
export type Restriction = z.infer<typeof restrictionSchema>;
export type Consent = z.infer<typeof consentSchema>;
export type Range = z.infer<typeof rangeSchema>;
export type Appearance = z.infer<typeof appearanceSchema>;
export type Cast = z.infer<typeof castSchema>;
export type Policy = z.infer<typeof policySchema>;
export type Material = z.infer<typeof materialSchema>;
export type Obligation = z.infer<typeof obligationSchema>;
export type Approval = z.infer<typeof approvalSchema>;
/** A ledger as read. */
export type Ledger = z.output<typeof ledgerSchema>;
/** A ledger as written: empty sections may be left out. */
export type LedgerFile = z.input<typeof ledgerSchema>;
