import { z } from 'zod';
import { noticeSchema, plainWords, revokedSchema } from '../rights/schema.ts';
import { originSchema } from '../train/schema.ts';
import { touchedKindSchema, withdrawnItemSchema } from './withdrawn-schema.ts';

export {
  dutiesInputSchema,
  dutiesSchema,
  importInputSchema,
  importWords,
  notLegalAdvice,
  placeWords,
  registerInputSchema,
  revokeInputSchema,
} from '../rights/schema.ts';
export { originWords } from '../train/schema.ts';
export * from './audit-schema.ts';
export * from './credential-schema.ts';
export * from './delivery-schema.ts';
export * from './document-schema.ts';
export * from './find-schema.ts';
export * from './import-schema.ts';
export * from './statement-schema.ts';
export * from './withdrawn-schema.ts';

/** Nouns and options of provenance: lineage of a take, what a file proves, the audit log. */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const modelLineageSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: z.string().describe('base | adapter | full | scratch | upscaler'),
  sha256: z.string(),
  weight: z
    .number()
    .nullable()
    .describe('of an adapter; null: used whole, or given takes have it at different weights'),
  snapshotId: z.string().nullable(),
  runId: z.string().nullable(),
  origin: originSchema
    .optional()
    .describe('of a model from outside, what a person said of it: declared, not proved'),
});

export const titleLineageSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  clips: z.int().min(0).describe('training clips'),
  shots: z.array(z.string()).describe('shots behind them'),
  files: z.array(z.strictObject({ id: z.string(), name: z.string(), sha256: z.string() })),
});

export const snapshotLineageSchema = z.strictObject({
  id: z.string(),
  digest: z.string(),
  ledgerId: z.string().nullable(),
  asOf: z.string().nullable(),
  use: z.string().nullable(),
  territory: z.string().nullable(),
  trainer: z.string().optional().describe('who trained'),
  model: z.string().nullable().optional().describe('name of the model that it was cleared for; null: any'),
  performers: z.array(z.string()).optional().describe('parties that are targeted, sorted; none: nobody'),
  performer: z.string().nullable().optional().describe('the same as earlier versions wrote it, one at most'),
  ruleVersion: z.string().nullable(),
  heldoutClips: z.int().min(0),
  titles: z.array(titleLineageSchema),
  grants: z
    .array(z.string())
    .nullable()
    .describe('grants that the decisions of these shots rest on; null: not known here any more'),
  decisions: sha256.nullable().optional().describe('of all decisions behind it, as its seal signs them'),
});

/** What a person said of a take; notes stay with the review. */
export const judgedSchema = z.strictObject({
  person: z.string(),
  verdict: z.string(),
  givenAt: z.iso.datetime(),
});

export const partyLineageSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  title: z
    .string()
    .describe('id of the title through which the party is concerned; else the dataset or the brief'),
  role: z.enum(['owner', 'grantor', 'performer']),
  share: z.string().nullable(),
  row: z.string().describe('ledger row that says so'),
  basis: z
    .array(z.enum(['seen', 'targeted', 'named']))
    .optional()
    .describe(
      'of a performer: seen in the shots, targeted by the dataset, named by the brief; earlier versions told the seen alone',
    ),
  standing: z.string().describe('in words: granted, consent given, consent not recorded ...'),
});

const referenceSchema = z.strictObject({
  ...{ role: z.string(), name: z.string(), sha256: z.string() },
  film: z
    .strictObject({ file: z.string(), title: z.string().nullable(), shot: z.string().optional() })
    .optional()
    .describe(
      "where it is a film of the catalogue, or a picture of a shot of one: its name, and its title in the ledger of the take's day",
    ),
});

/** Where a take came from. `gaps` says in words what is not known; nothing is left out silently. */
export const lineageSchema = z.strictObject({
  version: z.literal(1),
  take: z.strictObject({
    id: z.string(),
    brief: z.string(),
    text: z.string(),
    removed: sha256.optional().describe('of the text, where it was a caption that a withdrawal has removed'),
    candidate: z.int().min(0),
    seed: z.int(),
    rawSha256: z.string(),
    videoSha256: z.string(),
    madeAt: z.string(),
    engine: z.string().nullable().optional().describe('version of the engine that made it: hash of its code'),
  }),
  judged: z.array(judgedSchema).optional().describe('by people, until then; the checker is no person'),
  runId: z.string(),
  references: z
    .array(referenceSchema)
    .default([])
    .describe('pictures and videos that the brief gave; whether they may be used is not decided here'),
  models: z
    .array(modelLineageSchema)
    .min(1)
    .describe('what made the pictures first, then what it was made from'),
  snapshots: z.array(snapshotLineageSchema),
  parties: z.array(partyLineageSchema),
  gaps: z.array(z.string()),
});

export const stateSchema = z.enum(['Trusted', 'Valid', 'Invalid']);

export const recordSchema = z.strictObject({
  takeId: z.string(),
  lineage: lineageSchema,
  recordDigest: sha256,
  signedPath: z.string(),
  signedSha256: sha256,
  state: stateSchema,
  signedAt: z.string(),
  signer: sha256
    .nullable()
    .default(null)
    .describe("fingerprint of the signer's certificate; null: the test identity, of an earlier version"),
});

export const showInputSchema = z.strictObject({ take: z.string().min(1).describe('id of a take') });
export const showOutputSchema = z.strictObject({
  lineage: lineageSchema,
  judged: z.array(judgedSchema).describe('by people, until now'),
  signed: recordSchema.omit({ takeId: true, lineage: true }).nullable(),
  withdrawn: z.array(withdrawnItemSchema).describe('the withdrawals that have blocked it, in their order'),
});

export const cutInputSchema = z.strictObject({
  takes: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'ids of takes, in the order of the cut (default: those whose newest verdict of a person is usable)',
    ),
  to: z
    .string()
    .min(1)
    .meta({ kind: 'path' })
    .describe('file to write, by its ending: .otio, .edl (CMX 3600) or .xml (Final Cut Pro 7); a new one'),
});
const openSchema = z.strictObject({ take: z.string(), why: z.string() });
export type Open = z.infer<typeof openSchema>;
export const cutOutputSchema = z.strictObject({
  to: z.string(),
  takes: z.array(z.string()),
  frames: z.int().min(0).describe('of all clips together, each at its own rate'),
  open: z
    .array(openSchema)
    .describe(
      'takes of it that could not be drawn today, as the ledger is now: handing them over asks again',
    ),
  notice: noticeSchema,
});
export type CutInput = z.output<typeof cutInputSchema>;
export type CutOutput = z.output<typeof cutOutputSchema>;

export const touchedSchema = z.strictObject({
  kind: touchedKindSchema,
  id: z.string(),
  via: z.string().describe('id of the item that reached it, or the ledger row and shot'),
});

/** How long people have to settle what a withdrawal has opened; contracts that say less are kept by hand. */
export const TASK_DAYS = 30;

export const taskSchema = z.strictObject({
  id: z.string(),
  withdrawal: z.string(),
  subject: z.string(),
  what: z.string(),
  due: z.iso.datetime(),
  done: z
    .strictObject({ at: z.iso.datetime(), by: z.string(), evidence: z.string() })
    .nullable()
    .describe('null: it is open'),
});

export const uncomparedSchema = z.strictObject({
  file: z.string(),
  why: z.string(),
  takes: z.array(z.string()).describe('that were given it'),
});

export const withdrawalSchema = revokedSchema.extend({
  touched: z.array(touchedSchema),
  counts: z.record(touchedKindSchema, z.int().min(0)),
  alike: z
    .array(touchedSchema)
    .describe(
      'reached through shots that show what withdrawn ones show, as pictures compare: for people to look at, not blocked',
    ),
  permitted: z
    .array(touchedSchema)
    .describe(
      'takes, cuts and deliveries that rest on the row by the use of takes, which something else still permits: for people to look at, not blocked',
    ),
  uncompared: z
    .array(uncomparedSchema)
    .describe(
      'videos that other takes were given and of which nobody can say whether they are copies of reached ones',
    ),
  impactSeconds: z
    .number()
    .min(0)
    .describe('that it took to list them; comparing given videos, each once, comes before'),
  purged: z.array(z.string()).describe('snapshots whose clips, captions and shards were removed'),
  trials: z.array(z.string()).describe('trials of forecasts whose weights and checkpoints were removed'),
  thumbnails: z.int().min(0).describe('shots whose thumbnail was removed'),
  worded: z
    .array(z.string())
    .describe('takes whose words were captions of it: words and signed files go, the takes stay'),
  cancelled: z.array(z.string()).describe('runs that were asked to stop'),
  atWork: z.array(z.string()).describe('commands that were at work: what they record is decided anew'),
  record: z
    .string()
    .nullable()
    .describe('signed record of all else that was removed; null: a dry run, or nothing was there'),
  tasks: z.array(taskSchema).describe('what people must decide, and by when'),
  notice: z.string(),
});

export const tasksInputSchema = z.strictObject({
  all: z.boolean().default(false).describe('also those that are settled'),
});
export const settleInputSchema = z.strictObject({
  task: z.string().min(1).describe('id of an open task'),
  evidence: plainWords.describe('what was done and where that can be seen'),
  by: plainWords.optional().describe('who settled it; default: who runs the command'),
});
export const settledSchema = taskSchema.extend({ notice: noticeSchema });
export const tasksOutputSchema = z.strictObject({ tasks: z.array(taskSchema), notice: noticeSchema });

export const retireInputSchema = z.strictObject({
  model: z
    .string()
    .min(1)
    .describe('id of a model; those that were trained from it, or are copies of it, are retired with it'),
  reason: plainWords.describe('why, as whoever wants to use it will read'),
  by: plainWords.optional().describe('who decided it; default: who runs the command'),
  dryRun: z.boolean().default(false).describe('only list what would be out of use: there is no way back'),
});
export const retiredSchema = z.strictObject({
  retired: z.boolean().describe('false: a dry run'),
  models: z.array(
    z.strictObject({
      id: z.string(),
      via: z.string().nullable().describe('model it was trained from, or is a copy of; null: it was named'),
    }),
  ),
  settled: z.array(z.string()).describe('tasks of withdrawals that asked for it'),
  notice: noticeSchema,
});

export type Retired = z.infer<typeof retiredSchema>;
export type Touched = z.infer<typeof touchedSchema>;
export type Task = z.infer<typeof taskSchema>;
export type Uncompared = z.infer<typeof uncomparedSchema>;
export type Withdrawal = z.infer<typeof withdrawalSchema>;
export type Lineage = z.infer<typeof lineageSchema>;
export type ModelLineage = z.infer<typeof modelLineageSchema>;
export type SnapshotLineage = z.infer<typeof snapshotLineageSchema>;
export type PartyLineage = z.infer<typeof partyLineageSchema>;
export type ProvenanceRecord = z.infer<typeof recordSchema>;
