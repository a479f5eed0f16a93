import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { now } from './columns.ts';

// Who may do what: rights.

/** One for each time that rows were recorded. Append-only (the database refuses more): the newest is in force. */
export const rightsLedgers = pgTable('rights_ledgers', {
  id: text().primaryKey(),
  seq: integer().generatedAlwaysAsIdentity(),
  sha256: text().notNull(),
  source: text().notNull(),
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
    /**
     * `<ledger>/<section>/<key>`: a ledger records a key once. What one says of a row that it takes out of force at once is recorded
     * before that, with `/replaced` behind.
     */
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
    index('rights_rows_given_by').on(sql`(content ->> 'givenBy')`),
    index('rights_rows_titles').using('gin', sql`(content -> 'titles')`),
    index('rights_rows_files').using('gin', sql`(content -> 'files')`),
  ],
);

/** What people said of names read in credits: rows are only added, the newest of a title and name holds. */
export const rightsCredits = pgTable('rights_credits', {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  /** Id of a title of the ledger. */
  title: text().notNull(),
  /** In small letters, without accents and dots. */
  name: text().notNull(),
  /** Party of the ledger; null: nobody whose appearance counts. */
  party: text(),
  who: text().notNull(),
  answeredAt: now(),
});

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
      columns: [
        t.shotId,
        t.use,
        t.territory,
        t.ledgerId,
        t.asOf,
        t.model,
        t.trainer,
        t.output,
        t.ruleVersion,
      ],
    }),
    index('rights_decisions_newest').on(t.ledgerId, t.use, t.decidedAt),
  ],
);
