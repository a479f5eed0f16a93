import { z } from 'zod';
import { type RuleName, rules } from './rules.ts';
import { isTerritory } from './territories.ts';

/**
 * The ledger file (YAML or JSON) and what is asked of it. The schema holds a row's shape; what rows say to
 * each other (references, windows, shares, cycles) is checked by `findProblems`. Nothing has a default that
 * permits: what is not written is not granted.
 */

export const uses = [
  'index',
  'eval',
  'train.foundation',
  'train.style',
  'train.performer',
  'condition',
  'generate.previz',
  'generate.temp',
  'generate.final',
  'generate.ad',
  'generate.replica',
  'generate.synthetic_performer',
  'distil',
  'sublicense',
] as const;

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

const allOr = <T extends z.ZodType>(item: T, what: string) =>
  z.union([z.literal('all'), z.array(item).min(1)], { error: `"all" or a list of ${what}` });

const note = z.string().min(1).optional().describe('free text for people');
const withdrawn = momentSchema.optional().describe('from then on the row permits nothing');
const territories = z.array(territorySchema).min(1).describe('["world"], or ISO 3166 codes');
const from = momentSchema.optional().describe('first day or instant; none: has always been so');
const until = momentSchema.optional().describe('last day (inclusive) or instant; none: no end');

export const partySchema = z.strictObject({
  id: idSchema,
  kind: z.enum(['person', 'org', 'estate', 'guild', 'guardian']),
  name: z.string().min(1),
  ids: z
    .array(z.strictObject({ scheme: z.enum(['ISNI', 'HAND', 'EIDR', 'internal']), value: z.string().min(1) }))
    .optional(),
  representedBy: z.array(idSchema).optional().describe('parties who may answer for this one'),
  withdrawn,
  note,
});

export const titleSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1),
  files: z.array(fileNameSchema).min(1).describe('base names or sha256 of its files, in reel order'),
  shares: z
    .array(z.strictObject({ party: idSchema, share: shareSchema }))
    .describe('who owns the title; each owner must grant, and a part without owner is unknown'),
  withdrawn,
  note,
});

export const grantSchema = z.strictObject({
  id: idSchema,
  grantor: idSchema.describe('the owner who permits'),
  grantee: idSchema.optional(),
  titles: z.array(idSchema).min(1),
  uses: z.array(useSchema).min(1),
  territories,
  from,
  until,
  withdrawn,
  note,
});

export const restrictionSchema = z.strictObject({
  id: idSchema,
  imposedBy: idSchema.optional(),
  titles: allOr(idSchema, 'title ids'),
  uses: allOr(useSchema, 'uses'),
  territories,
  from,
  until,
  reason: z.string().min(1).describe('why, for people'),
});

export const consentSchema = z.strictObject({
  id: idSchema,
  party: idSchema.describe('who appears'),
  answer: z.enum(['given', 'refused']),
  givenBy: idSchema.optional().describe('who answered for the party; one of its representedBy'),
  titles: allOr(idSchema, 'title ids').describe('"all" only where the answer is refused'),
  uses: allOr(useSchema, 'uses').describe('"all" only where the answer is refused'),
  territories,
  from,
  until,
  described: z.string().min(1).optional().describe('what the party was told the use is'),
  withdrawn,
  note,
});

const timecode = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d[:;.]\d{2,3}$/;

const pointWords = 'a frame counted from 0, or a timecode such as 01:00:04:12';

export const pointSchema = z.union(
  [
    z.int({ error: pointWords }).min(0, { error: pointWords }),
    z.string().regex(timecode, { error: pointWords }),
  ],
  { error: pointWords },
);

/** `[in, out)`: `out` is the first frame or timecode after the range. */
export const rangeSchema = z.strictObject({ in: pointSchema, out: pointSchema });

export const appearanceSchema = z.strictObject({
  id: idSchema,
  party: idSchema,
  title: idSchema,
  file: fileNameSchema.describe('one of the files of the title, written as there'),
  shots: z
    .union([z.literal('all'), z.array(rangeSchema).min(1)], { error: '"all" or a list of {in, out}' })
    .describe('where the party is seen: ranges of frames or timecodes, or the whole file'),
  status: z.enum(['confirmed', 'proposed']),
  note,
});

export const ledgerSchema = z.strictObject({
  version: z.literal(1),
  parties: z.array(partySchema).default([]),
  titles: z.array(titleSchema).default([]),
  grants: z.array(grantSchema).default([]),
  restrictions: z.array(restrictionSchema).default([]),
  consents: z.array(consentSchema).default([]),
  appearances: z.array(appearanceSchema).default([]),
});

export type Use = z.infer<typeof useSchema>;
export type Party = z.infer<typeof partySchema>;
export type LedgerTitle = z.infer<typeof titleSchema>;
export type Grant = z.infer<typeof grantSchema>;
export type Restriction = z.infer<typeof restrictionSchema>;
export type Consent = z.infer<typeof consentSchema>;
export type Range = z.infer<typeof rangeSchema>;
export type Appearance = z.infer<typeof appearanceSchema>;
/** A ledger as read. */
export type Ledger = z.output<typeof ledgerSchema>;
/** A ledger as written: empty sections may be left out. */
export type LedgerFile = z.input<typeof ledgerSchema>;

const asked = {
  use: useSchema.default('train.style').describe('what the shots are to be used for'),
  territory: territorySchema.default('world').describe('ISO 3166 code, or world: everywhere at once'),
  asOf: momentSchema.optional().describe('day (UTC) or instant to decide for; default: today'),
};

export const askSchema = z.strictObject(asked);

export const outcomeSchema = z.enum(['ALLOW', 'EXCLUDE', 'REVIEW', 'NEEDS_ACTION']);

const ruleNames = rules.map(({ rule }) => rule) as [RuleName, ...RuleName[]];

/** Why a shot is not simply allowed. */
export const reasonSchema = z.strictObject({
  rule: z.enum(ruleNames),
  row: z.string().describe('<section>/<id> in the ledger; the section alone where no row exists'),
  message: z.string(),
});

export const decisionSchema = z.strictObject({
  outcome: outcomeSchema,
  reasons: z.array(reasonSchema).describe('all of them, the one that counts first; none where ALLOW'),
  grants: z.array(z.string()).describe('grants that cover what is asked, also where something forbids it'),
});

export const shotDecisionSchema = z.strictObject({
  shotId: z.string(),
  fileId: z.string(),
  ...decisionSchema.shape,
});

/** By what was decided. */
const basis = {
  ledger: z.string().nullable().describe('id of the ledger in force; null: none was imported'),
  ruleVersion: z.string(),
  use: useSchema,
  territory: z.string(),
  asOf: z.string(),
};

const counted = { shots: z.int().min(0), minutes: z.number().min(0) };

export const checkSchema = z.strictObject({
  ...basis,
  ...counted,
  outcomes: z.array(z.strictObject({ outcome: outcomeSchema, ...counted })),
  reasons: z
    .array(z.strictObject({ rule: z.enum(ruleNames), ...counted }))
    .describe('refused shots by the reason that counts: each shot once'),
  notices: z.array(z.string()).describe('files and appearances that found no counterpart'),
});

export const decisionsSchema = z.strictObject({ ...basis, decisions: z.array(shotDecisionSchema) });

export const explainInputSchema = z.strictObject({ shot: z.string().describe('id of a shot'), ...asked });

export const explanationSchema = z.strictObject({
  ...basis,
  shotId: z.string(),
  file: z.string(),
  title: z.string().nullable().describe('the ledger title that the file belongs to'),
  ...decisionSchema.shape,
  nearestMiss: z
    .strictObject({ grant: z.string(), misses: z.array(reasonSchema.omit({ row: true })) })
    .nullable()
    .describe('the grant that comes nearest where none covers what is asked'),
  words: z.string(),
});

export const importInputSchema = z.strictObject({
  path: z.string().meta({ kind: 'path' }).describe('ledger file, YAML or JSON'),
});

export const importedSchema = z.strictObject({
  ledger: z.string(),
  sha256: z.string(),
  source: z.string(),
  recordedBy: z.string(),
  unchanged: z.boolean().describe('true where this very file is in force already'),
  rows: z.record(z.string(), z.int().min(0)).describe('rows by section'),
});

export const revokeInputSchema = z.strictObject({
  party: idSchema.optional().describe('id of a party: all it granted and consented to'),
  grant: idSchema.optional().describe('id of a grant'),
  consent: idSchema.optional().describe('id of a consent'),
  title: idSchema.optional().describe('id of a title of the ledger'),
  territory: asked.territory.describe('where the changed decisions are looked at'),
  dryRun: z.boolean().default(false).describe('say what would change and record nothing'),
});

export const revokedSchema = z.strictObject({
  row: z.string(),
  withdrawn: z.string().describe('instant from which the row permits nothing'),
  ledger: z.string().nullable().describe('id of the new ledger; null in a dry run'),
  changes: z.array(
    z.strictObject({ shotId: z.string(), use: useSchema, before: outcomeSchema, after: outcomeSchema }),
  ),
  notice: z.string(),
});

export type Reason = z.infer<typeof reasonSchema>;
export type Decision = z.infer<typeof decisionSchema>;
export type ShotDecision = z.infer<typeof shotDecisionSchema>;
export type RightsCheck = z.infer<typeof checkSchema>;
export type Explanation = z.infer<typeof explanationSchema>;
export type Imported = z.infer<typeof importedSchema>;
export type Revoked = z.infer<typeof revokedSchema>;
export type RevokeInput = z.output<typeof revokeInputSchema>;
