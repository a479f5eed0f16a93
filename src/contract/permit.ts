import { z } from 'zod';

/**
 * What stands between a dataset and a model. A snapshot folder holds `seal.json`, a run directory `permit.json`: each
 * an envelope around one of the statements below, signed by a key that the reader trusts.
 */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const counts = z.record(z.string(), z.int().min(0));

/** What is signed, so that one statement can never pass as another. */
export const payloadTypeSchema = z.enum([
  'application/vnd.backlot.seal+json',
  'application/vnd.backlot.permit+json',
  'application/vnd.backlot.deletion+json',
  'application/vnd.backlot.audit+json',
  'application/vnd.backlot.declaration+json',
  'application/vnd.backlot.statement+json',
  'application/vnd.backlot.mark+json',
  'application/vnd.backlot.audit-head+json',
]);

/** DSSE (github.com/secure-systems-lab/dsse): the signature covers the payload's bytes and their type. */
export const envelopeSchema = z.strictObject({
  payloadType: payloadTypeSchema,
  payload: z.string().describe('base64 of the statement in JSON'),
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.string().describe('base64') })).min(1),
});

/** For whom, for which model and for whose likeness rights are decided; the rights stage says what the words mean. */
const forWhom = {
  trainer: z.string().describe('who trains'),
  model: z.string().nullable().describe('name of the model; null: any'),
  performers: z
    .array(z.string())
    .optional()
    .describe('parties that are targeted, sorted; none: nobody. Left out by earlier versions'),
  performer: z
    .string()
    .nullable()
    .optional()
    .describe('party that is targeted, as earlier versions wrote it, one at most; null: nobody'),
};

/**
 * By what right a snapshot's clips may be used, and when that was decided. Seals of earlier versions do not say for whom: in-house, any
 * model, nobody.
 */
export const sealSchema = z.strictObject({
  version: z.literal(1),
  snapshot: sha256.describe('digest of the manifest'),
  basis: z
    .enum(['ledger', 'rendered'])
    .describe('decided by a rights ledger, or rendered worlds that nobody else owns'),
  use: z.string(),
  territory: z.string(),
  asOf: z.string().describe('day or instant that was decided for'),
  ruleVersion: z.string().nullable().describe('null where no ledger decided'),
  ledger: z.string().nullable(),
  decisions: sha256.nullable().describe('of the decisions on all shots, refused ones too'),
  outcomes: counts.describe('shots by outcome'),
  reasons: counts.describe('shots that are not allowed, by rule'),
  decidedAt: z.iso.datetime(),
  record: sha256
    .optional()
    .describe('of the bytes of snapshot.json; left out by earlier versions and where there is none'),
  ...z.strictObject(forWhom).partial().shape,
});

/** One run may read these snapshots. It is bound to the very bytes of the run's job and of each seal. */
export const permitSchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  job: sha256.describe('of the bytes of job.json'),
  key: sha256.describe('public key of this run, 32 bytes: what the run leaves is marked with its other half'),
  snapshots: z.array(
    z.strictObject({
      snapshot: sha256,
      seal: sha256.describe('of the bytes of seal.json'),
      use: z
        .string()
        .describe(
          'what was decided for this job: a method may need another than the snapshot was frozen for',
        ),
      ...forWhom,
    }),
  ),
  decidedSince: z.iso.datetime().describe('no seal may be older'),
  issuedAt: z.iso.datetime(),
  expires: z.iso.datetime().describe('the run must have begun by then'),
});

/** Files that a run has left, by what its permit's key has marked. */
export const markSchema = z.strictObject({
  version: z.literal(1),
  files: z.record(z.string(), sha256).describe('sha256 by name'),
});

/** A mark with the permit that names its key: whoever trusts the permit's signer can tell whose the files are. */
export const markedSchema = z.strictObject({ permit: envelopeSchema, mark: envelopeSchema });

/** What stays where a snapshot was purged: that it was there, what was removed, for which withdrawal. */
export const deletionSchema = z.strictObject({
  version: z.literal(1),
  snapshot: sha256,
  withdrawal: z.string().describe('ledger row that was withdrawn; several with a comma between'),
  files: z.array(z.strictObject({ name: z.string(), bytes: z.int().min(0) })),
  deletedAt: z.iso.datetime(),
});

/** Something that a withdrawal removed: a file, or what rows of a table held. */
export const removedSchema = z.strictObject({
  what: z.enum([
    ...['cut-clip', 'encoded-clip', 'latents', 'first-frame', 'given-frames', 'index', 'report-picture'],
    ...['thumbnail', 'small-pictures', 'words-read', 'caption', 'signed-take'],
  ] as [string, ...string[]]),
  name: z.string().describe('path in the workspace, or the table and column'),
  bytes: z.int().min(0).nullable().describe('of a file'),
  rows: z.int().min(0).nullable().describe('of a table'),
  sha256: sha256.describe("of the file, or of all rows' keys and contents in order"),
});

/** What a withdrawal removed besides snapshots and trials, which keep their own records. */
export const removalsSchema = z.strictObject({
  version: z.literal(1),
  withdrawal: z.string().describe('ledger row that was withdrawn'),
  removed: z.array(removedSchema),
  deletedAt: z.iso.datetime().describe('of the newest of it'),
});

export type Removed = z.infer<typeof removedSchema>;
export type Removals = z.infer<typeof removalsSchema>;
export type Deletion = z.infer<typeof deletionSchema>;
export type PayloadType = z.infer<typeof payloadTypeSchema>;
export type Envelope = z.infer<typeof envelopeSchema>;
export type Seal = z.infer<typeof sealSchema>;
export type Permit = z.infer<typeof permitSchema>;
export type Mark = z.infer<typeof markSchema>;
export type PermittedSnapshot = Permit['snapshots'][number];
