import { z } from 'zod';
import {
  allOr,
  concerned,
  evidence,
  fileNameSchema,
  from,
  idSchema,
  lifts,
  momentSchema,
  moneySchema,
  note,
  on,
  page,
  permitted,
  sha256,
  shareSchema,
  supersedes,
  until,
  useSchema,
  withdrawn,
} from './field-schema.ts';
import { appearanceSchema, castSchema, inventorySchema, materialSchema } from './place-schema.ts';

/**
 * The ledger file (YAML or JSON). The schema holds a row's shape; what rows say to
 * each other (references, windows, shares, cycles) is checked by `findProblems`. Nothing has a default that
 * permits: what is not written is not granted.
 */

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
  files: z
    .array(fileNameSchema)
    .describe(
      'base names or sha256 of its files, in reel order; none: a withdrawn title whose films are others’ by now',
    ),
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
  supersedes,
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
  lifts,
  supersedes,
  evidence,
  note,
});

/** What the studio says once for the whole ledger; one thing a row. */
export const policySchema = z
  .strictObject({
    id: idSchema,
    cast: z
      .enum(['stated', 'assumed'])
      .optional()
      .describe('stated: without a row in casts a shot waits for a person; assumed: it does not any more'),
    materials: z.enum(['stated', 'assumed']).optional().describe('the same without a row in inventories'),
    house: idSchema
      .optional()
      .describe('who runs this workspace: a grant whose grantee is somebody else permits nothing here'),
    supersedes,
    evidence,
    note,
  })
  .refine((row) => [row.cast, row.materials, row.house].filter((said) => said !== undefined).length === 1, {
    error: 'cast, materials or house, one a row',
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
  inventories: z.array(inventorySchema).default([]),
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
export type Policy = z.infer<typeof policySchema>;
export type Obligation = z.infer<typeof obligationSchema>;
export type Approval = z.infer<typeof approvalSchema>;
/** A ledger as read. */
export type Ledger = z.output<typeof ledgerSchema>;
/** A ledger as written: empty sections may be left out. */
export type LedgerFile = z.input<typeof ledgerSchema>;
