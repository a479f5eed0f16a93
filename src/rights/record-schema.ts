import { z } from 'zod';
import { plainWords } from './plain-words.ts';

/** How rows come into the ledger, and how one is shown. */

export const noticeSchema = z.string().describe('what the answer is not');
const notice = noticeSchema;

/** What a withdrawal does beside its row. */
export const besideIt = {
  withIt: z
    .array(z.strictObject({ row: z.string(), withdrawn: z.string() }))
    .describe('rows that a party said for others: withdrawn with it now, each from when on'),
};

/** A withdrawal that has reached something. */
export const reachedBySchema = z.strictObject({
  row: z.string().describe('ledger row that was withdrawn'),
  at: z.iso.datetime().describe('when the thing was blocked for that'),
});
export type ReachedBy = z.infer<typeof reachedBySchema>;

export const rowInputSchema = z.strictObject({
  row: z
    .string()
    .regex(/^[a-z]+\/[^/]+$/, { error: 'a row as reasons name it, such as grants/g1' })
    .describe('<section>/<id>, as reasons name rows'),
});

/** A row of the ledger with its history, and the document in which it is written. */
export const rowSchema = z.strictObject({
  notice,
  row: z.string(),
  inForce: z.boolean(),
  versions: z
    .array(
      z.strictObject({
        id: z.string().describe('id of the recorded row'),
        ledger: z.string().describe('id of the ledger that recorded it'),
        source: z.string().describe('the file it was read from, or the withdrawal'),
        recordedAt: z.string(),
        recordedBy: z.string(),
        supersedes: z.string().nullable().describe('id of the recorded row that it replaces'),
        content: z.record(z.string(), z.unknown()).nullable().describe('null: taken out of force'),
      }),
    )
    .describe('the newest first'),
  replacedBy: z.array(z.string()).describe('rows in force that say they replace it'),
  liftedBy: z
    .array(z.string())
    .describe('of a refusal: consents in force that lift it, each for what it permits by itself'),
  documents: z
    .array(
      z.strictObject({
        for: z.string().describe('field of the row that is written there'),
        agreement: z.string(),
        name: z.string().nullable().describe('null: not in force any more'),
        sha256: z.string().nullable().describe('of the document'),
        clause: z.string().nullable(),
        text: z.string().nullable().describe('of the clause'),
        page: z.int().nullable(),
      }),
    )
    .describe('where it is written'),
});

export const correctInputSchema = z.strictObject({
  appearance: z.string().min(1).describe('id of a confirmed appearance that is a mistake'),
  reason: plainWords.describe('what shows that it is one'),
  by: plainWords.optional().describe('who says so; default: who runs the command'),
});
export const correctedSchema = z.strictObject({
  notice,
  row: z.string(),
  status: z.literal('proposed').describe('its shots wait for a person'),
  ledger: z.string().describe('id of the ledger in force afterwards'),
});

export const importInputSchema = z.strictObject({
  path: z.string().meta({ kind: 'path' }).describe('ledger file, YAML or JSON'),
});

export const ledgerInputSchema = z.strictObject({
  to: z.string().meta({ kind: 'path' }).describe('new file for the ledger in force, YAML'),
});

export const writtenLedgerSchema = z.strictObject({
  notice,
  ledger: z.string().describe('id of the ledger in force'),
  path: z.string(),
  bytes: z.int().min(0),
  rows: z
    .record(z.string(), z.int().min(0))
    .describe('rows by section, with those that rows in force name in supersedes'),
  problems: z
    .array(z.string())
    .describe('what an import of the file would refuse, as it was recorded before that was looked at'),
});

const registerSections = z.enum([
  'parties',
  'agreements',
  'grants',
  'restrictions',
  'consents',
  'obligations',
  'approvals',
]);

/** Which column of a contract register holds which field of a section. */
export const mappingSchema = z.strictObject({
  version: z.literal(1),
  confirmed: z.boolean().describe('true once a person has read it'),
  section: registerSections,
  columns: z.record(z.string(), z.string()).describe('heading by field'),
  values: z.record(z.string(), z.unknown()).describe('what every row has, by field'),
});

export const mapInputSchema = z.strictObject({
  path: z.string().meta({ kind: 'path' }).describe('contract register, CSV with headings'),
  section: registerSections
    .optional()
    .describe('what its rows are; default: what most of its headings speak of'),
  to: z.string().meta({ kind: 'path' }).describe('new file for the proposed mapping'),
});

export const proposedMappingSchema = z.strictObject({
  notice,
  ...mappingSchema.shape,
  path: z.string(),
  guessed: z.boolean().describe('true where the headings, and nobody, said what the rows are'),
  ignored: z.array(z.string()).describe('columns that no field takes'),
  missing: z.array(z.string()).describe('fields that a row needs and no column holds'),
});

export const registerInputSchema = z.strictObject({
  path: z.string().meta({ kind: 'path' }).describe('contract register, CSV with headings'),
  mapping: z.string().meta({ kind: 'path' }).describe('the mapping that `rights map` proposed, confirmed'),
  replace: z
    .boolean()
    .default(false)
    .describe(
      'rows of ids that are in force take the place of those rows; what the register has no column for stays. Without it a row that would change one is refused',
    ),
});

const changedRowSchema = z.strictObject({
  row: z.string().describe('<section>/<id> of the new row'),
  fields: z.array(
    z.strictObject({
      field: z.string(),
      before: z.unknown().describe('in the row that it replaces; null: nothing'),
      after: z.unknown().describe('null: erased'),
    }),
  ),
});

export const importedSchema = z.strictObject({
  notice,
  ledger: z.string(),
  sha256: z.string(),
  source: z.string(),
  recordedBy: z.string(),
  unchanged: z.boolean().describe('true where this very file is in force already'),
  rows: z.record(z.string(), z.int().min(0)).describe('rows by section'),
  changes: z
    .strictObject({ added: z.int().min(0), changed: z.int().min(0), removed: z.int().min(0) })
    .describe('rows recorded, against the rows in force before'),
  changedRows: z
    .array(changedRowSchema)
    .describe('what changed in rows that were in force, field by field: the first 10,000'),
  leftOut: z
    .strictObject({
      count: z.int().min(0),
      rows: z.array(
        z.strictObject({
          row: z.string().describe('<section>/<id>'),
          by: z.string().describe('<section>/<id> of the row that says it replaces it'),
          inForce: z.boolean().describe('that row was in force before; false: it is in the same file'),
        }),
      ),
    })
    .describe(
      'rows of the file that others replace: none of them is in force, and what they say anew is recorded; the first 10,000',
    ),
  warnings: z
    .array(z.string())
    .describe(
      'what a person has to look at: rows beside the file, films that are of another title or of none, places that films do not have',
    ),
});

export type Mapping = z.infer<typeof mappingSchema>;
export type ProposedMapping = z.infer<typeof proposedMappingSchema>;
export type RegisterSection = Mapping['section'];
export type LedgerRow = z.infer<typeof rowSchema>;
export type Imported = z.infer<typeof importedSchema>;
export type ChangedRow = z.infer<typeof changedRowSchema>;
export type LeftOut = Imported['leftOut'];
export type FieldChange = ChangedRow['fields'][number];
export type WrittenLedger = z.infer<typeof writtenLedgerSchema>;
export type Corrected = z.infer<typeof correctedSchema>;
