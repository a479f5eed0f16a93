import {
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';
import { bytes, now } from './columns.ts';

// What is judged and proved: review, provenance, and what the main job cost.

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

export const provenanceRecords = pgTable(
  'provenance_records',
  {
    takeId: text().primaryKey(),
    record: jsonb().notNull(),
    signedPath: text().notNull(),
    signedSha256: text().notNull(),
    state: text().notNull(),
    signedAt: now(),
  },
  (table) => [index('provenance_records_signed').on(table.signedSha256)],
);

/** By what a take is known again without its signature. Kept where a take is withdrawn: copies of it may still turn up. */
export const provenancePrints = pgTable('provenance_prints', {
  takeId: text().primaryKey(),
  /** `PRINT_VERSION` of the provenance stage: others are made anew. */
  version: integer().notNull(),
  /** moments x CELLS, uint8; null where the take has none. */
  cells: bytes(),
  /** Why there is none. */
  reason: text(),
  madeAt: now(),
});

/** What withdrawals have touched and may no longer be used, a row for each thing and withdrawal; `via` names what reached it. */
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
  (t) => [primaryKey({ columns: [t.kind, t.id, t.withdrawal] })],
);

/** What people must decide after a withdrawal, by when. */
export const provenanceTasks = pgTable('provenance_tasks', {
  id: text().primaryKey(),
  withdrawal: text().notNull(),
  subject: text().notNull(),
  what: text().notNull(),
  due: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
  openedAt: now(),
  /** Null while it is open; then `doneBy` and `evidence` are not. */
  doneAt: timestamp({ withTimezone: true, mode: 'date' }),
  doneBy: text(),
  evidence: text(),
});

/**
 * Hash-chained: each row's hash covers the row before it. Provenance reads it; every stage adds to it through
 * `appendAudit` of jobs, in the transaction that writes what the row speaks of.
 */
export const provenanceAudit = pgTable(
  'provenance_audit',
  {
    seq: integer().primaryKey(),
    at: text().notNull(),
    who: text().notNull(),
    what: text().notNull(),
    subject: text().notNull(),
    details: jsonb().notNull(),
    /** Name of the machine; null in rows of versions that did not keep it. */
    origin: text(),
    previousHash: text().notNull(),
    hash: text().notNull(),
  },
  // Withdrawals look for acts of a kind: of signing files, of cuts, of exports.
  (t) => [index('provenance_audit_by_act').on(t.what, t.subject)],
);

/**
 * Videos that briefs gave and that are known neither as a take's nor as a film's by their bytes, each compared once with the takes'
 * fingerprints.
 */
export const provenanceGiven = pgTable('provenance_given', {
  sha256: text().primaryKey(),
  /** `PRINT_VERSION` that it was compared by: with another it is compared anew. */
  version: integer().notNull(),
  /** The takes that it is a copy of. */
  takes: jsonb().$type<string[]>().notNull(),
  /** Why it could not be compared; null: it was. */
  reason: text(),
  comparedAt: now(),
});

/** Takes that were handed over, with the five answers about them. */
export const provenanceDeliveries = pgTable('provenance_deliveries', {
  id: text().primaryKey(),
  path: text().notNull(),
  /** `Declaration` of the provenance stage. */
  declaration: jsonb().notNull(),
  digest: text().notNull(),
  deliveredAt: now(),
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
