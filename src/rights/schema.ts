import { z } from 'zod';
import { idSchema, momentSchema, saysAll, territorySchema, useSchema } from './field-schema.ts';
import { besideIt, noticeSchema } from './record-schema.ts';
import { type RuleName, rules } from './rules.ts';
import { outputKinds, trainers } from './uses.ts';

export { askedWords } from './asked-words.ts';
export * from './credits-schema.ts';
export * from './duty-schema.ts';
export * from './field-schema.ts';
export { importWords } from './import-words.ts';
export * from './ledger-schema.ts';
export * from './money.ts';
export * from './place-schema.ts';
export { placeWords } from './place-words.ts';
export { plainWords } from './plain-words.ts';
export * from './record-schema.ts';

/** What is asked of the ledger and what it answers. */

const asked = {
  use: useSchema.default('train.style').describe('what the shots are to be used for'),
  model: z
    .string()
    .min(1)
    .refine((name) => !saysAll(name), { error: 'the name of one model; leave it out for any' })
    .optional()
    .describe('name of the model; default: any model'),
  trainer: z.enum(trainers).default('in-house').describe('who trains'),
  output: z
    .enum(outputKinds)
    .optional()
    .describe('what takes are for, where the use does not name it (generate.final does); default: any'),
  performers: z
    .array(idSchema)
    .overwrite((ids) => [...new Set(ids)].sort())
    .optional()
    .describe(
      'party that the training or the take targets, once for each: makes it a replica, to which each must agree',
    )
    .meta({ each: 'performer' }),
  territory: territorySchema.default('world').describe('ISO 3166 code, or world: everywhere at once'),
  asOf: momentSchema.optional().describe('day (UTC) or instant to decide for; default: today'),
  ruleVersion: z
    .string()
    .min(1)
    .optional()
    .describe('version of the rules that must decide, as answers name it; other rules refuse to answer'),
};

export const askSchema = z.strictObject(asked);

export const outcomeSchema = z.enum(['ALLOW', 'EXCLUDE', 'REVIEW', 'NEEDS_ACTION']);

const ruleNames = rules.map(({ rule }) => rule) as [RuleName, ...RuleName[]];

/** Why a shot is not simply allowed. */
export const reasonSchema = z.strictObject({
  rule: z.enum(ruleNames),
  row: z
    .string()
    .describe('<section>/<id> in the ledger; the section alone where no row exists; shots/<id>: that shot'),
  message: z.string(),
});

/** What an answer rests on though no row of the ledger says it. */
export const assumptionSchema = z.strictObject({
  assumption: z.enum(['cast_not_stated', 'house_not_stated', 'materials_not_stated', 'signing_not_dated']),
  row: z.string(),
  message: z.string(),
});

/** One dimension in which a row does not reach what is asked. */
export const missSchema = z.strictObject({
  dimension: z.enum([
    'withdrawn',
    'use',
    'territory',
    'model',
    'trainer',
    'output',
    'grantee',
    'from',
    'until',
    'title',
    'giver',
    'form',
  ]),
  rule: z.enum(ruleNames),
  message: z.string().describe('by how much, in words'),
  days: z
    .int()
    .min(0)
    .nullable()
    .describe('distance of a window, or since a consent was withdrawn, in whole days; null elsewhere'),
});

const nearestMissSchema = z.strictObject({ grant: z.string(), misses: z.array(missSchema) });

const nearestConsentSchema = z.strictObject({
  party: z.string(),
  row: z.string().describe('what names the party: appearances/<id>, or parties/<id> where it is targeted'),
  use: useSchema,
  consent: z.string(),
  misses: z.array(missSchema),
});

export const decisionSchema = z.strictObject({
  outcome: outcomeSchema,
  reasons: z.array(reasonSchema).describe('all of them, the one that counts first; none where ALLOW'),
  grants: z.array(z.string()).describe('grants that cover what is asked, also where something forbids it'),
  obligations: z.array(z.string()).describe('duties that come with the use, fulfilled or not'),
  assumptions: z.array(assumptionSchema).describe('what it rests on though no row says it'),
  nearestMiss: nearestMissSchema
    .nullable()
    .describe('the grant that comes nearest where an owner has none that covers'),
  nearestConsents: z
    .array(nearestConsentSchema)
    .describe(
      'of each who has not consented and not refused, the consent that comes nearest, if there is one',
    ),
});

export const shotDecisionSchema = z.strictObject({
  shotId: z.string(),
  fileId: z.string(),
  ...decisionSchema.shape,
});

/** Said once in every answer about rights. */
export const notLegalAdvice = 'This is not legal advice.';

const notice = noticeSchema;

/** By what was decided. */
const basis = {
  notice,
  ledger: z.string().nullable().describe('id of the ledger in force; null: none was imported'),
  ruleVersion: z.string().describe('of the rules that decided: revision, and what their table hashes to'),
  use: useSchema,
  model: z.string().nullable(),
  trainer: z.enum(trainers),
  output: z.enum(outputKinds).nullable(),
  performers: z.array(z.string()).describe('parties that are targeted, sorted; none: nobody is named'),
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
  assumptions: z
    .array(z.strictObject({ assumption: assumptionSchema.shape.assumption, ...counted }))
    .describe('allowed shots that rest on what no row says'),
  notices: z.array(z.string()).describe('files and appearances that found no counterpart'),
});

export const decisionsSchema = z.strictObject({ ...basis, decisions: z.array(shotDecisionSchema) });

export const signatureListSchema = z.strictObject({
  ...basis,
  digest: z.string().describe('hash over the question, the rules and the decision on every shot'),
  signatures: z
    .array(
      z.strictObject({
        title: z.string().nullable().describe('title of the ledger; null: unknown'),
        people: z.array(z.string()).describe('parties seen or proposed'),
        materials: z.array(z.string()).describe('things of others in the picture'),
        ...counted,
        example: z.string().describe('id of one of its shots'),
        outcome: outcomeSchema,
        reasons: z.array(reasonSchema.omit({ message: true })),
        grants: z.array(z.string()),
        obligations: z.array(z.string()),
        assumptions: z.array(assumptionSchema.omit({ message: true })),
      }),
    )
    .describe('those with the most shots first'),
});

const questionSchema = z.strictObject({
  id: z.string(),
  row: z.string().describe('<section>/<id> of the row that it is about'),
  says: z.string(),
});

export const markingInputSchema = z.strictObject({
  title: idSchema.describe('id of a title in the ledger'),
  asOf: momentSchema.optional().describe('day (UTC) or instant to decide for; default: today'),
});

/** What copies of a title should say about mining and training, in the words of two standards. */
export const markingSchema = z.strictObject({
  title: z.string(),
  ledger: z.string().nullable(),
  ruleVersion: z.string(),
  asOf: z.string(),
  shots: z.int().min(0).describe('that were decided'),
  cawg: z.strictObject({
    label: z.literal('cawg.training-mining'),
    data: z.strictObject({
      entries: z.record(
        z.string(),
        z.strictObject({
          use: z.enum(['notAllowed', 'constrained']),
          constraint_info: z.string().optional(),
        }),
      ),
    }),
  }),
  iptc: z.strictObject({ 'plus:DataMining': z.string(), 'plus:OtherConstraints': z.string().nullable() }),
  notice: z.string(),
});

export const unlockSchema = z.strictObject({
  ...basis,
  allowed: z.strictObject(counted),
  barred: z
    .strictObject(counted)
    .describe('refused, forbidden, withdrawn or permitted to somebody else alone: no answer frees it'),
  answers: z
    .array(
      z.strictObject({
        questions: z.array(questionSchema).describe('all of which have to be answered with yes'),
        ...counted,
        coverage: z.array(
          z.strictObject({
            title: z.string(),
            set: z.string().nullable().describe('as the shot list says'),
            time: z.string().nullable().describe('of day, as the shot list says'),
            light: z.string().nullable().describe('as measured, where nobody said the time'),
            before: z.int().min(0).describe('shots that may be used now'),
            after: z.int().min(0),
          }),
        ),
      }),
    )
    .describe('by the minutes that each question frees, the most first'),
});

export const explainInputSchema = z.strictObject({ shot: z.string().describe('id of a shot'), ...asked });

export const explanationSchema = z.strictObject({
  ...basis,
  shotId: z.string(),
  file: z.string(),
  title: z.string().nullable().describe('the ledger title that the file belongs to'),
  ...decisionSchema.shape,
  covered: z
    .array(
      z.strictObject({
        use: useSchema,
        performer: z.string().nullable(),
        grants: decisionSchema.shape.grants,
      }),
    )
    .describe('the same grants by what is asked: the use, and the replica of each performer who is named'),
  words: z.string(),
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
  ...besideIt,
  replacedBy: z.array(z.string()).describe('rows in force in its place, which still permit'),
  ledger: z.string().nullable().describe('id of the new ledger; null in a dry run'),
  changes: z.array(
    z.strictObject({ shotId: z.string(), use: useSchema, before: outcomeSchema, after: outcomeSchema }),
  ),
});

export type Assumption = z.infer<typeof assumptionSchema>;
export type Marking = z.infer<typeof markingSchema>;
export type NearestConsent = z.infer<typeof nearestConsentSchema>;
export type Miss = z.infer<typeof missSchema>;
export type Reason = z.infer<typeof reasonSchema>;
export type Decision = z.infer<typeof decisionSchema>;
export type ShotDecision = z.infer<typeof shotDecisionSchema>;
export type RightsCheck = z.infer<typeof checkSchema>;
export type Explanation = z.infer<typeof explanationSchema>;
export type Question = z.infer<typeof questionSchema>;
export type Unlock = z.infer<typeof unlockSchema>;
export type SignatureList = z.infer<typeof signatureListSchema>;
export type Revoked = z.infer<typeof revokedSchema>;
export type RevokeInput = z.output<typeof revokeInputSchema>;
