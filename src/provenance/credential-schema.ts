import { z } from 'zod';
import { reachedBySchema } from '../rights/schema.ts';
import { answeredSchema, deliveryRowSchema } from './delivery-schema.ts';
import { findOutputSchema } from './find-schema.ts';

/** Content credentials: what is signed, and what a signed file proves. */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What travels inside the signed file: enough to find the record and to check it, no names of people. */
export const embeddedLineageSchema = z.strictObject({
  version: z.literal(1),
  take: z.string(),
  brief: z.string(),
  text: z.string(),
  candidate: z.int(),
  seed: z.int(),
  rawSha256: z.string(),
  engine: z.string().nullable().optional().describe('version of the engine: hash of its code'),
  judged: z.int().optional().describe('verdicts of people until it was signed'),
  references: z
    .array(z.strictObject({ role: z.string(), sha256: z.string() }))
    .default([])
    .describe('pictures and videos that the brief gave'),
  models: z.array(
    z.strictObject({
      ...{ name: z.string(), kind: z.string(), sha256: z.string() },
      weight: z.number().optional().describe('of an adapter'),
      declared: z
        .strictObject({ learnedFrom: z.string(), licence: z.string() })
        .optional()
        .describe('of a model from outside, what a person said of it; not proved'),
    }),
  ),
  snapshots: z.array(
    z.strictObject({
      id: z.string(),
      digest: z.string(),
      ledger: z.string().nullable(),
      decisions: z.string().nullable().optional().describe('digest of the rights decisions'),
      titles: z.array(z.string()),
      shots: z.int(),
      grants: z.int().nullable(),
    }),
  ),
  recordDigest: sha256.describe('sha256 of the canonical JSON of the whole lineage record'),
});

export const verifyInputSchema = z.strictObject({
  file: z
    .string()
    .min(1)
    .meta({ kind: 'path' })
    .describe('a video or picture, signed itself or with a manifest (.c2pa) of the same name beside it'),
});
export const verifyOutputSchema = z.strictObject({
  file: z.string(),
  sha256,
  state: z
    .enum(['trusted', 'valid-unknown-signer', 'invalid', 'unsigned', 'unread'])
    .describe(
      'what C2PA says of signature and hashes (see `unhashed`); unread: of a kind in which no signature is read, or damaged, so that it may have one or not',
    ),
  signedBy: z.string().nullable(),
  trusted: z
    .boolean()
    .describe('the file is as it was signed, also where C2PA does not look, and the signer is trusted here'),
  signerTrusted: z
    .boolean()
    .describe('the signature is one of a signer trusted here, even where the file was altered after it'),
  altered: z
    .boolean()
    .nullable()
    .describe('also by boxes that C2PA does not hash; null where there is no signature to tell by'),
  unhashed: z
    .strictObject({
      boxes: z.array(
        z.strictObject({
          box: z.string().describe('ftyp, free, skip, mfra, or a further uuid of C2PA'),
          offset: z.int().describe('bytes before it'),
          bytes: z.int(),
          asSigned: z
            .boolean()
            .nullable()
            .describe(
              'whether it was so when it was signed, by its signature or by bytes known here; null: not known',
            ),
        }),
      ),
      gone: z
        .array(z.strictObject({ box: z.string(), bytes: z.int() }))
        .describe('which there were when it was signed, and are not or not so any more'),
    })
    .nullable()
    .describe(
      'of an MP4 or QuickTime file whose own signature holds: the boxes that C2PA does not hash, but for the manifest',
    ),
  madeBy: z.string().nullable().describe('program that made the claim'),
  sidecar: z.string().nullable().describe('where the manifest lies; null: in the file, or nowhere'),
  trainedModel: z
    .boolean()
    .nullable()
    .describe('the claim says that a trained model made the picture, or a part of it'),
  madeOf: z
    .array(z.strictObject({ title: z.string(), relationship: z.string() }))
    .describe('what it was made of: parentOf (the whole), componentOf (a part), inputTo (given to a model)'),
  lineages: z.array(embeddedLineageSchema).describe('of each take that it is or was made of'),
  failures: z.array(z.strictObject({ code: z.string(), explanation: z.string() })),
  withdrawn: z
    .array(z.strictObject({ take: z.string(), ...reachedBySchema.shape }))
    .nullable()
    .describe(
      'the takes that the file is, or says it is, with each withdrawal that has reached them; null: no workspace was asked',
    ),
  found: findOutputSchema
    .nullable()
    .describe(
      'of a video without a signature that holds, where there is a workspace: the takes that it is a copy of',
    ),
  words: z.array(z.string()),
});

const signShape = z.strictObject({
  files: z
    .array(z.string().min(1).meta({ kind: 'path' }))
    .min(1)
    .describe('stills, masters and others that were made of the takes'),
  takes: z
    .array(z.string().min(1))
    .min(1)
    .overwrite((ids) => [...new Set(ids)])
    .describe(
      'id of a take that they were made of, once for each; a file that is or shows another is refused',
    )
    .meta({ each: 'take' }),
  to: z.string().min(1).meta({ kind: 'path' }).describe('new or empty folder for them and the declaration'),
  derivation: z
    .enum(['converted', 'composite'])
    .default('converted')
    .describe(
      'converted: the take itself in another form; composite: it is one part of the picture, as of several takes each is',
    ),
  ...answeredSchema.shape,
});

export const signInputSchema = signShape.refine(
  ({ takes, derivation }) => takes.length === 1 || derivation === 'composite',
  { path: ['derivation'], message: 'expected composite, as no file is several takes in another form' },
);

export const signOutputSchema = z.strictObject({
  takes: z.array(z.string()),
  files: z.array(
    z.strictObject({
      file: z.string(),
      sidecar: z.string().nullable().describe('null: the manifest is in the file'),
      sha256: sha256.describe("of the file's bytes"),
    }),
  ),
  delivery: deliveryRowSchema,
});

export type EmbeddedLineage = z.infer<typeof embeddedLineageSchema>;
export type Verification = z.infer<typeof verifyOutputSchema>;
export type SignInput = z.output<typeof signInputSchema>;
export type Signed = z.infer<typeof signOutputSchema>;
