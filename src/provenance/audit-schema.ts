import { z } from 'zod';
import { noticeSchema, plainWords } from '../rights/schema.ts';
import { keyOption, signerSchema } from './key-schema.ts';

/** The audit log: its rows, and what is said of them. */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const auditRowSchema = z.strictObject({
  seq: z.int().min(1),
  at: z.iso.datetime(),
  who: z.string(),
  what: z.string(),
  subject: z.string(),
  details: z.record(z.string(), z.json()),
  origin: z.string().nullable().describe('name of the machine; null in old rows'),
  previousHash: sha256,
  hash: sha256,
});

const brokenSchema = z.strictObject({ seq: z.int(), reason: z.string() });

/** How far a log had come when that was last signed, outside the workspace. */
const auditKeptSchema = z.object({
  root: z.string().describe('folder of the workspace'),
  rows: z.int().min(1),
  at: z.iso.datetime(),
  file: z.string(),
});

const againstKept = {
  kept: auditKeptSchema.nullable().describe('what the log was measured by; null: no head of it is kept here'),
  earlier: z
    .array(
      auditKeptSchema.extend({
        acknowledged: z.int().min(1).nullable().describe('row of this log by which a person acknowledged it'),
      }),
    )
    .describe(
      'other logs that lay in this folder, by what was kept of them: with one that nobody acknowledged the log is broken',
    ),
};

export const auditInputSchema = z.strictObject({
  last: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(20)
    .describe('how many of the newest rows to list'),
});
export const auditOutputSchema = z.strictObject({
  rows: z.int().min(0),
  intact: z.boolean(),
  broken: brokenSchema.nullable().describe('the first row that does not fit'),
  head: sha256.describe(
    'hash of the newest row: kept elsewhere, it also proves that no row was cut off the end',
  ),
  listed: z.array(auditRowSchema),
  ...againstKept,
});

export const auditExportInputSchema = z.strictObject({
  to: z.string().min(1).meta({ kind: 'path' }).describe('folder for the rows and their signature'),
});
export const auditExportOutputSchema = z.strictObject({
  file: z.string(),
  seal: z.string().describe('signed: how many rows, the newest one, the sha256 of the file'),
  key: z
    .string()
    .describe(
      "the public key, for who is sent them; whether it is the studio's they must know from the studio",
    ),
  rows: z.int().min(0),
  head: sha256,
  notice: noticeSchema,
});

/** What is signed of an exported audit log. */
export const auditSealSchema = z.strictObject({
  version: z.literal(1),
  rows: z.int().min(0),
  head: sha256,
  sha256: sha256.describe('of the bytes of the file'),
  notice: noticeSchema.optional().describe('left out by earlier versions'),
});

export const acknowledgeInputSchema = z.strictObject({
  reason: plainWords.describe('how a new workspace came into the place of an old one'),
  by: plainWords.optional().describe('who says so; default: who runs the command'),
});
export const acknowledgedSchema = z.strictObject({
  row: z.int().min(1).describe('of this log, that says so'),
  replaced: z
    .array(auditKeptSchema)
    .describe('what was kept of the logs that lay here before, and stays kept'),
});

export const auditVerifyInputSchema = z.strictObject({
  file: z
    .string()
    .min(1)
    .optional()
    .meta({ kind: 'path' })
    .describe("an exported log; without it: the workspace's own"),
  log: z
    .boolean()
    .default(false)
    .describe(
      "also compare the workspace's log with the exported one: finds rows cut off or all written anew",
    ),
  key: keyOption,
});
export const auditVerifyOutputSchema = z.strictObject({
  of: z.string().describe('the file, or the workspace'),
  rows: z.int().min(0),
  intact: z.boolean(),
  broken: brokenSchema.nullable(),
  head: sha256,
  signedBy: signerSchema.nullable().describe('null: the log itself is not signed'),
  compared: z.int().min(0).nullable().describe("rows that were compared with the workspace's log"),
  ...againstKept,
});

export type AuditRow = z.infer<typeof auditRowSchema>;
export type AuditVerified = z.infer<typeof auditVerifyOutputSchema>;
export type AuditKept = z.infer<typeof auditKeptSchema>;
export type AuditReport = z.infer<typeof auditOutputSchema>;
