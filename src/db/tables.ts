import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';

/** Every table, prefixed with the stage that owns it. Only that stage's `store.ts` reads or writes it, but for the audit log. */

const now = () => timestamp({ withTimezone: true, mode: 'date' }).notNull().defaultNow();

export const catalogTitles = pgTable('catalog_titles', {
  id: text().primaryKey(),
  name: text().notNull(),
  /** True where nobody said to which title the file belongs. */
  unmapped: boolean().notNull(),
  addedAt: now(),
});

export const catalogFiles = pgTable(
  'catalog_files',
  {
    id: text().primaryKey(),
    titleId: text()
      .notNull()
      .references(() => catalogTitles.id),
    reel: integer().notNull(),
    path: text().notNull(),
    sha256: text().notNull().unique(),
    bytes: bigint({ mode: 'number' }).notNull(),
    frames: integer().notNull(),
    /** Rational, frames a second. */
    fps: text().notNull(),
    /** `FilmFacts` of the catalog stage. */
    facts: jsonb().notNull(),
    addedAt: now(),
  },
  (t) => [
    /** Base name in one form of Unicode: how a ledger names a file. */
    index('catalog_files_name').on(sql`normalize(regexp_replace(${t.path}, '^.*/', ''), NFC)`),
  ],
);

export const catalogSidecars = pgTable('catalog_sidecars', {
  id: text().primaryKey(),
  fileId: text()
    .notNull()
    .references(() => catalogFiles.id),
  kind: text().notNull(),
  path: text().notNull(),
  sha256: text().notNull(),
  addedAt: now(),
});

export const catalogRefusals = pgTable('catalog_refusals', {
  path: text().primaryKey(),
  sha256: text(),
  code: text().notNull(),
  reason: text().notNull(),
  refusedAt: now(),
});

/** One row for each file whose shots are found: what makes a second pass unnecessary. */
export const shotsPasses = pgTable('shots_passes', {
  fileId: text().primaryKey(),
  detector: text().notNull(),
  /** Per-file picture facts: active picture (bars removed) and so on. */
  facts: jsonb().notNull(),
  foundAt: now(),
});

export const shotsShots = pgTable('shots_shots', {
  id: text().primaryKey(),
  fileId: text().notNull(),
  number: integer().notNull(),
  inFrame: integer().notNull(),
  outFrame: integer().notNull(),
  inTimecode: text().notNull(),
  outTimecode: text().notNull(),
  thumbnail: text(),
  facts: jsonb().notNull(),
});

export const shotsTransitions = pgTable(
  'shots_transitions',
  {
    fileId: text().notNull(),
    startFrame: integer().notNull(),
    endFrame: integer().notNull(),
    type: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.fileId, t.startFrame] })],
);

/** One for each time that rows were recorded. Append-only (the database refuses more): the newest is in force. */
export const rightsLedgers = pgTable('rights_ledgers', {
  id: text().primaryKey(),
  seq: integer().generatedAlwaysAsIdentity(),
  sha256: text().notNull(),
  source: text().notNull(),
  /** The rows in force then, in one piece, for who names a ledger by its id. */
  document: jsonb().notNull(),
  recordedAt: now(),
  recordedBy: text().notNull(),
});

/**
 * The rows of the ledger. Append-only (the database refuses more): of one section and key the newest row is in
 * force, and one without content takes the key out of force.
 */
export const rightsRows = pgTable(
  'rights_rows',
  {
    seq: bigint({ mode: 'number' }).generatedAlwaysAsIdentity(),
    /** `<ledger>/<section>/<key>`: a ledger records a key once. */
    id: text().primaryKey(),
    ledger: text()
      .notNull()
      .references(() => rightsLedgers.id),
    section: text().notNull(),
    key: text().notNull(),
    /** The row that this one replaces: the one before it of the same key, or of the key that it names. */
    supersedes: text(),
    /** A row of the section, in the form of the rights stage's `ledgerSchema`. */
    content: jsonb(),
    recordedAt: now(),
    recordedBy: text().notNull(),
  },
  (t) => [
    index('rights_rows_key').on(t.section, t.key, t.seq),
    index('rights_rows_title').on(sql`(content ->> 'title')`),
    index('rights_rows_party').on(sql`(content ->> 'party')`),
    index('rights_rows_titles').using('gin', sql`(content -> 'titles')`),
    index('rights_rows_files').using('gin', sql`(content -> 'files')`),
  ],
);

export const rightsDecisions = pgTable(
  'rights_decisions',
  {
    shotId: text().notNull(),
    use: text().notNull(),
    territory: text().notNull(),
    ledgerId: text().notNull(),
    asOf: text().notNull(),
    /** Empty: asked for any model. */
    model: text().notNull().default(''),
    trainer: text().notNull().default('in-house'),
    /** Empty: asked for any kind of take. */
    output: text().notNull().default(''),
    ruleVersion: text().notNull(),
    outcome: text().notNull(),
    reasons: jsonb().notNull(),
    grants: jsonb().notNull(),
    obligations: jsonb().notNull().default([]),
    decidedAt: now(),
  },
  (t) => [
    primaryKey({
      name: 'rights_decisions_asked',
      columns: [t.shotId, t.use, t.territory, t.ledgerId, t.asOf, t.model, t.trainer, t.output],
    }),
  ],
);

export const datasetSnapshots = pgTable('dataset_snapshots', {
  id: text().primaryKey(),
  digest: text().notNull(),
  path: text().notNull(),
  /** Counts by split and by reason of refusal, rule version, as-of, ledger. */
  record: jsonb().notNull(),
  frozenAt: now(),
});

export const datasetClips = pgTable(
  'dataset_clips',
  {
    snapshotId: text().notNull(),
    clipId: text().notNull(),
    shotId: text().notNull(),
    titleId: text().notNull(),
    split: text().notNull(),
    caption: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.snapshotId, t.clipId] }), index('dataset_clips_by_shot').on(t.shotId)],
);

export const assessForecasts = pgTable('assess_forecasts', {
  id: text().primaryKey(),
  snapshotId: text().notNull(),
  document: jsonb().notNull(),
  madeAt: now(),
});

export const trainModels = pgTable('train_models', {
  id: text().primaryKey(),
  name: text().notNull(),
  /** base | adapter | full | scratch */
  kind: text().notNull(),
  path: text().notNull(),
  sha256: text().notNull(),
  baseId: text(),
  snapshotId: text(),
  runId: text(),
  record: jsonb().notNull(),
  madeAt: now(),
});

export const generateTakes = pgTable(
  'generate_takes',
  {
    id: text().primaryKey(),
    briefId: text().notNull(),
    brief: jsonb().notNull(),
    modelId: text().notNull(),
    runId: text().notNull(),
    candidate: integer().notNull(),
    seed: bigint({ mode: 'number' }).notNull(),
    /** Raw uint8 frames x height x width x RGB. */
    rawPath: text().notNull(),
    rawSha256: text().notNull(),
    videoPath: text().notNull(),
    videoSha256: text().notNull(),
    madeAt: now(),
  },
  (t) => [
    index('generate_takes_by_model').on(t.modelId),
    // A take with one adapter is that adapter's (model_id); only briefs with several are looked into.
    index('generate_takes_by_several').on(t.id).where(sql`jsonb_array_length(brief -> 'adapters') > 1`),
  ],
);

/** The automatic checker's reading of a take; people's verdicts stand apart. */
export const reviewChecks = pgTable('review_checks', {
  takeId: text().primaryKey(),
  /** sha256 of the checker, or null where nothing could judge. */
  checkerSha256: text(),
  verdict: text().notNull(),
  reasons: jsonb().notNull(),
  reading: jsonb(),
  checkedAt: now(),
});

export const reviewVerdicts = pgTable('review_verdicts', {
  id: text().primaryKey(),
  takeId: text().notNull(),
  person: text().notNull(),
  verdict: text().notNull(),
  frame: integer(),
  note: text().notNull(),
  givenAt: now(),
});

export const provenanceRecords = pgTable('provenance_records', {
  takeId: text().primaryKey(),
  record: jsonb().notNull(),
  signedPath: text().notNull(),
  signedSha256: text().notNull(),
  state: text().notNull(),
  signedAt: now(),
});

/** What a withdrawal has touched and may no longer be used; `via` names what reached it. */
export const provenanceBlocks = pgTable(
  'provenance_blocks',
  {
    kind: text().notNull(),
    id: text().notNull(),
    /** Ledger row that was withdrawn. */
    withdrawal: text().notNull(),
    via: text().notNull(),
    blockedAt: now(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.id] })],
);

/** What people must decide after a withdrawal, by when. */
export const provenanceTasks = pgTable('provenance_tasks', {
  id: text().primaryKey(),
  withdrawal: text().notNull(),
  subject: text().notNull(),
  what: text().notNull(),
  due: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
  openedAt: now(),
});

/**
 * Hash-chained: each row's hash covers the row before it. Provenance reads it; every stage adds to it through
 * `appendAudit` of jobs, in the transaction that writes what the row speaks of.
 */
export const provenanceAudit = pgTable('provenance_audit', {
  seq: integer().primaryKey(),
  at: text().notNull(),
  who: text().notNull(),
  what: text().notNull(),
  subject: text().notNull(),
  details: jsonb().notNull(),
  previousHash: text().notNull(),
  hash: text().notNull(),
});

/** What `run` and `demo` have cost, by what was asked: a report that is written again shows the work's time. */
export const runWork = pgTable('run_work', {
  /** sha256 of the input. */
  wish: text().primaryKey(),
  seconds: doublePrecision().notNull(),
  /** Digest of what was made; null while the work is not finished. */
  made: text(),
  changedAt: now(),
});
