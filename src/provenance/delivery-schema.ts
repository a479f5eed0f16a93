import { z } from 'zod';
import { noticeSchema, outputKindSchema, plainWords, useSchema } from '../rights/schema.ts';
import { keyOption, signerSchema } from './key-schema.ts';
import { withdrawnItemSchema } from './withdrawn-schema.ts';

/** Deliveries: takes that are handed over, with the five answers that a studio must give about them. */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const yesOrNo = z.enum(['yes', 'no']);

export const questionIdSchema = z.enum(['recreates', 'productionData', 'secured', 'purpose', 'replaces']);

export const answerSchema = z.strictObject({
  question: questionIdSchema,
  asks: z.string(),
  answer: z.union([yesOrNo, outputKindSchema]),
  basis: z
    .enum(['proved', 'said'])
    .describe('proved: by lineage, ledger and settings of the workspace; said: by the person named'),
  saidBy: z.string().nullable(),
  facts: z.array(z.string()).describe('what the workspace knows about it, with the rows and hashes'),
});

/** What the ledger was asked before takes were handed over; all of it was allowed. */
export const decidedSchema = z.strictObject({
  use: useSchema,
  which: z.string().describe('of which shots, where and for whom, in words'),
  territory: z.string(),
  ...{ trainer: z.string().optional(), model: z.string().optional() },
  performers: z.array(z.string()).optional().describe('parties whose replicas were asked about'),
  performer: z.string().optional().describe('the same as earlier versions wrote it, one at most'),
  shots: z.int().min(0),
  grants: z.array(z.string()).describe('that cover them'),
  ...{ ledger: z.string().nullable(), ruleVersion: z.string(), asOf: z.string() },
});

export const declarationSchema = z.strictObject({
  version: z.literal(1),
  takes: z
    .array(z.strictObject({ id: z.string(), file: z.string(), sha256, lineage: sha256 }))
    .min(1)
    .describe(
      'a line for each file and take that it is of, either of which may have several: its name in the delivery, sha256 of its bytes; lineage: digest of the record',
    ),
  answers: z.array(answerSchema).length(questionIdSchema.options.length),
  decided: z.array(decidedSchema).optional().describe('left out by earlier versions'),
  note: z.string().nullable(),
  deliveredBy: z.string(),
  deliveredAt: z.iso.datetime(),
  notice: z.string(),
});

const said = (what: string) => yesOrNo.optional().describe(what);

/** What must be said of takes before they leave. */
export const answeredSchema = z.strictObject({
  purpose: outputKindSchema.describe(
    'what the takes are for; the ledger must allow it of all that their models learned from and of films that they were given',
  ),
  recreates: said('do they recreate recognisable features of what others own?'),
  productionData: said(
    'were models trained on material of productions? proved where a dataset is known, or the shipped base alone made all',
  ),
  secured: said('is the tool kept from others, with what goes in and comes out?'),
  replaces: said('do they replace work of performers or of others whom an agreement covers?'),
  saidBy: plainWords.optional().describe('who gives the answers; default: who runs the command'),
  note: plainWords.optional().describe('what else should be said with the answers'),
});

export const deliverInputSchema = z.strictObject({
  takes: z.array(z.string().min(1)).min(1).describe('ids of the takes that are handed over'),
  to: z.string().min(1).meta({ kind: 'path' }).describe('new or empty folder for them and the declaration'),
  ...answeredSchema.shape,
});

export const deliveryRowSchema = z.strictObject({
  id: z.string(),
  path: z.string(),
  digest: sha256.describe('of the canonical JSON of the declaration'),
  declaration: declarationSchema,
});

export const deliveriesOutputSchema = z.strictObject({
  deliveries: z.array(
    deliveryRowSchema.extend({
      withdrawn: z.array(withdrawnItemSchema).describe('its takes that withdrawals have blocked since'),
    }),
  ),
  notice: noticeSchema,
});

export const verifyDeliveryInputSchema = z.strictObject({
  folder: z.string().min(1).meta({ kind: 'path' }).describe('folder of a delivery'),
  key: keyOption,
});

export const verifyDeliveryOutputSchema = z.strictObject({
  folder: z.string(),
  whole: z
    .boolean()
    .describe('the declaration is signed by a key that is believed, and every file is one that it names'),
  signedBy: signerSchema,
  declaration: declarationSchema,
  problems: z.array(z.string()),
  withdrawn: z
    .array(withdrawnItemSchema)
    .nullable()
    .describe('its takes that withdrawals have blocked since; null: no workspace was asked'),
});

export type ListedDelivery = z.infer<typeof deliveriesOutputSchema>['deliveries'][number];
export type VerifiedDelivery = z.infer<typeof verifyDeliveryOutputSchema>;
export type Decided = z.infer<typeof decidedSchema>;
export type QuestionId = z.infer<typeof questionIdSchema>;
export type Answer = z.infer<typeof answerSchema>;
export type Declaration = z.infer<typeof declarationSchema>;
export type Answered = z.output<typeof answeredSchema>;
export type DeliverInput = z.output<typeof deliverInputSchema>;
export type DeliveryRow = z.infer<typeof deliveryRowSchema>;
