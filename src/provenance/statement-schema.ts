import { z } from 'zod';
import { amountSchema, momentSchema } from '../rights/schema.ts';
import { ruleIdSchema } from './statement-rules.ts';

/**
 * Statements: what each participant's film was used for in a period, and what is due where the studio names a pool. Exact
 * numbers are texts such as `17/12`: seconds of film, or seconds times a share.
 */

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
  // Without a default: pools of before have no such part, and statements hold them as they are.
  replicas: z.strictObject({ performers: amountSchema }).optional(),
});

export const poolNameSchema = z.enum([
  'training.owners',
  'training.performers',
  'references.owners',
  'references.performers',
  'replicas.performers',
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

/** One take that is a replica of the participant. */
export const replicaLineSchema = z.strictObject({
  take: z.string(),
  madeAt: z.iso.datetime(),
  run: z.string(),
  models: z.array(z.string()).describe('that it was drawn by'),
  seconds: fraction.describe('how long it is: what the pool is divided by'),
  withdrawn: z.iso
    .datetime()
    .nullable()
    .describe('when a withdrawal first reached the take; null: none had when the statement was made'),
});

const replicaSums = {
  takes: z.int().min(0),
  withdrawn: z.int().min(0).describe('of these, takes that a withdrawal has reached since'),
  seconds: fraction,
};

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
  replicas: z
    .strictObject({ ...replicaSums, each: z.array(replicaLineSchema) })
    .optional()
    .describe('takes whose briefs named the participant; absent: a rule of before, which counts none'),
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
      replicas: z.strictObject(replicaSums).optional().describe('absent: none, or none counted by the rule'),
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
export type ReplicaLine = z.infer<typeof replicaLineSchema>;
export type AmountLine = z.infer<typeof amountLineSchema>;
export type ParticipantStatement = z.infer<typeof participantStatementSchema>;
export type SummaryStatement = z.infer<typeof summaryStatementSchema>;
export type Statement = z.infer<typeof statementSchema>;
export type StatementInput = z.output<typeof statementInputSchema>;
