import { z } from 'zod';
import { amountSchema, momentSchema } from '../rights/schema.ts';

/**
 * Statements: what each participant's film was used for in a period, and what is due where the studio names a pool. Exact
 * numbers are texts such as `17/12`: seconds of film, or seconds times a share.
 */

/** @param ties to whom units go that are left where remainders are equal */
const exposureSays = (ties: string): string[] => [
  'Counted is what was done, not what it led to: how much a clip shaped a model or a take is not measured here.',
  'Exposure of a clip: its seconds, times how often finished training runs of the period showed it, mirrored showings too. ' +
    'It follows from the steps, the batch and the seed that each run has recorded.',
  "training.owners is divided by exposure of each title, times the owner's share in the ledger that the dataset was decided by.",
  'training.performers is divided by exposure of the clips of shots in which that ledger confirms the person.',
  'references.owners is divided by the films of the catalogue that takes of the period were given as pictures or videos, ' +
    "each once a take, times the owner's share in the ledger in force then; references.performers by the people whom that " +
    'ledger confirms in the whole of such a film.',
  `Amounts are whole minor units; what is left by rounding down goes to the largest remainders, of equal ones to ${ties}.`,
  'What belongs to nobody known keeps its part of the pool: it is not divided among the others.',
];

const targetedSays =
  'For whom a dataset was frozen, and whom that ledger confirms in no shot shown of a title, has a line with what was shown of the title. ' +
  'It counts 0: by this rule nothing is due for being targeted, and what is agreed for a replica is not known here.';

/** By what rules a pool is divided, each by its words. Another rule is another version: old statements are recomputed by their own. */
export const STATEMENT_RULES = {
  'exposure-1': exposureSays('the id that comes first'),
  'exposure-2': exposureSays('the id that comes first, and to nobody known after all of them'),
  'exposure-3': [
    ...exposureSays('the id that comes first, and to nobody known after all of them'),
    targetedSays,
  ],
} as const;

export const ruleIdSchema = z.enum(Object.keys(STATEMENT_RULES) as RuleId[]);
export type RuleId = keyof typeof STATEMENT_RULES;

/** The rule of statements that no pool names one for. */
export const NEWEST_RULE: RuleId = 'exposure-3';

/** Whether statements by the rule name who is targeted and not seen: those of before must come out the same. */
export const namesTargeted = (rule: RuleId): boolean => rule !== 'exposure-1' && rule !== 'exposure-2';

const poolSidesSchema = z
  .strictObject({ owners: amountSchema.optional(), performers: amountSchema.optional() })
  .default({});

/** What the studio divides: Backlot invents no rates. */
export const poolSchema = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1).describe('such as the agreement that it follows'),
  rule: ruleIdSchema,
  training: poolSidesSchema,
  references: poolSidesSchema,
});

export const poolNameSchema = z.enum([
  'training.owners',
  'training.performers',
  'references.owners',
  'references.performers',
]);

const fraction = z.string().regex(/^-?\d+(\/\d+)?$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const named = z.strictObject({ id: z.string(), name: z.string() });
const roleSchema = z.enum(['owner', 'performer']);
const shareOf = z.string().nullable().describe('share of the title; null for a performer');

/** One title in one training run, as far as it is the participant's. */
export const exposureLineSchema = z.strictObject({
  run: z.string(),
  ended: z.iso.datetime(),
  models: z.array(z.string()).describe('models that the run made; none: a trial whose model was not kept'),
  snapshot: z.string(),
  title: named,
  role: roleSchema,
  share: shareOf,
  basis: z
    .literal('targeted')
    .optional()
    .describe('the dataset was frozen for this performer, who is confirmed in none of these shots'),
  shots: z.int().min(0),
  clips: z.int().min(0).describe('that were shown at least once'),
  seen: z.int().min(0).describe('showings, all clips together'),
  seconds: fraction.describe('exposure'),
  counted: fraction.describe('exposure times the share: what the pool is divided by'),
});

export const referenceLineSchema = z.strictObject({
  take: z.string(),
  madeAt: z.iso.datetime(),
  given: z.string().describe('as what: first, last, video'),
  sha256,
  title: named,
  role: roleSchema,
  share: shareOf,
  counted: fraction,
});

export const amountLineSchema = z.strictObject({
  pool: poolNameSchema,
  amount: amountSchema.describe('of the whole pool'),
  counted: fraction.describe("the participant's"),
  of: fraction.describe("everybody's, known or not"),
  due: amountSchema,
});

const periodSchema = z.strictObject({
  from: z.iso.datetime(),
  until: z.iso.datetime().describe('the first instant after it'),
});

const common = {
  version: z.literal(1),
  rule: z.strictObject({ id: ruleIdSchema, says: z.array(z.string()) }),
  period: periodSchema,
  asOf: z.iso
    .datetime()
    .optional()
    .describe('when it was made: what was recorded later is not in it; earlier versions did not say'),
  pool: poolSchema.nullable().describe('null: no amounts were asked for'),
  notKnown: z.array(z.string()).describe('what could not be counted, and why'),
  notice: z.string(),
  digest: sha256.describe('of the canonical JSON of all the rest'),
};

export const participantStatementSchema = z.strictObject({
  ...common,
  kind: z.literal('participant'),
  participant: named,
  exposure: z.array(exposureLineSchema),
  references: z.array(referenceLineSchema),
  amounts: z.array(amountLineSchema),
});

export const trainingLineSchema = z.strictObject({
  run: z.string(),
  ended: z.iso.datetime(),
  models: z.array(z.string()),
  snapshot: z.string(),
  steps: z.int().min(1),
  batch: z.int().min(1),
  seconds: fraction.describe('exposure of all its clips of this snapshot'),
});

const undividedSchema = z.strictObject({ pool: poolNameSchema, amount: amountSchema, why: z.string() });

/** The studio's own: everybody in one. */
export const summaryStatementSchema = z.strictObject({
  ...common,
  kind: z.literal('summary'),
  trainings: z.array(trainingLineSchema),
  participants: z.array(
    z.strictObject({
      ...named.shape,
      amounts: z.array(amountLineSchema),
      targetedBy: z
        .array(z.string())
        .optional()
        .describe('trainings for which nothing is counted: targeted, not seen'),
      statement: sha256,
    }),
  ),
  undivided: z.array(undividedSchema).describe('parts of the pools that nobody known is owed'),
});

export const statementSchema = z.discriminatedUnion('kind', [
  participantStatementSchema,
  summaryStatementSchema,
]);

export const statementInputSchema = z.strictObject({
  from: momentSchema.describe('first day (UTC) or instant of the period'),
  until: momentSchema.optional().describe('last day (inclusive) or instant; default: now'),
  pool: z
    .string()
    .min(1)
    .optional()
    .meta({ kind: 'path' })
    .describe('YAML or JSON file with the amounts to divide; without it: no amounts'),
  to: z.string().min(1).meta({ kind: 'path' }).describe('folder for the statements, two files a participant'),
});

export const statementOutputSchema = z.strictObject({
  summary: summaryStatementSchema,
  notices: z.array(z.string()).describe('what the statements themselves do not say'),
  files: z.array(z.string()),
});

export const verifyStatementInputSchema = z.strictObject({
  file: z.string().min(1).meta({ kind: 'path' }).describe('JSON file of a statement of this workspace'),
});

export const verifyStatementOutputSchema = z.strictObject({
  file: z.string(),
  matches: z.boolean(),
  whole: z.boolean().describe('false: the file was changed after it was written'),
  digest: sha256.describe('that the file bears'),
  recomputed: sha256,
  differences: z.array(z.string()).describe('parts that differ from what the workspace says'),
  unbelieved: z
    .array(z.string())
    .describe(
      'where it differs: trainings of the period that are not counted as a key is not known here, with the key',
    ),
});

/** What is signed of a statement: its bytes, and what it is about. */
export const statementSealSchema = z.strictObject({
  version: z.literal(1),
  kind: z.enum(['participant', 'summary']),
  participant: z.string().nullable().describe('id; null in the summary'),
  period: periodSchema,
  sha256: sha256.describe('of the bytes of the JSON file'),
});

export const checkStatementInputSchema = z.strictObject({
  file: z
    .string()
    .min(1)
    .meta({ kind: 'path' })
    .describe('JSON file of a statement, with its .json.dsse beside it'),
  key: z
    .string()
    .min(1)
    .meta({ kind: 'path' })
    .describe("the studio's public key (PEM), had from the studio itself"),
});

export const checkStatementOutputSchema = z.strictObject({
  file: z.string(),
  genuine: z.boolean(),
  key: z.string().describe('id of the key that signed'),
  participant: z.string().nullable(),
  period: periodSchema,
  problems: z.array(z.string()),
});

export type Pool = z.infer<typeof poolSchema>;
export type PoolName = z.infer<typeof poolNameSchema>;
export type ExposureLine = z.infer<typeof exposureLineSchema>;
export type ReferenceLine = z.infer<typeof referenceLineSchema>;
export type AmountLine = z.infer<typeof amountLineSchema>;
export type ParticipantStatement = z.infer<typeof participantStatementSchema>;
export type SummaryStatement = z.infer<typeof summaryStatementSchema>;
export type Statement = z.infer<typeof statementSchema>;
export type StatementInput = z.output<typeof statementInputSchema>;
