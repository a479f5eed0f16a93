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
} from 'drizzle-orm/pg-core';
import { bytes, now } from './columns.ts';

// What films hold: catalog and shots.

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
    // Of few films other names of the same bytes are known, and each question about rights asks which.
    index('catalog_files_renamed').on(t.id).where(sql`jsonb_typeof(${t.facts} -> 'names') = 'array'`),
    // Few films say something about training on them, and each question about rights asks which.
    index('catalog_files_marked')
      .on(t.id)
      .where(sql`jsonb_typeof(${t.facts} -> 'marks') = 'array' and ${t.facts} -> 'marks' <> '[]'`),
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

/** Films whose shots could not be found, as long as their bytes are the same: they are not tried again. */
export const shotsFailures = pgTable('shots_failures', {
  fileId: text().primaryKey(),
  /** Of the bytes that lay at the file's path when it failed. */
  sha256: text().notNull(),
  code: text().notNull(),
  reason: text().notNull(),
  failedAt: now(),
});

export const shotsShots = pgTable(
  'shots_shots',
  {
    id: text().primaryKey(),
    fileId: text().notNull(),
    number: integer().notNull(),
    inFrame: integer().notNull(),
    outFrame: integer().notNull(),
    inTimecode: text().notNull(),
    outTimecode: text().notNull(),
    thumbnail: text(),
    facts: jsonb().notNull(),
  },
  (t) => [index('shots_shots_file').on(t.fileId)],
);

export const shotsTransitions = pgTable(
  'shots_transitions',
  {
    fileId: text().notNull(),
    startFrame: integer().notNull(),
    endFrame: integer().notNull(),
    type: text().notNull(),
    /** How sure the detector was, 0..1; null where an earlier version found it. */
    confidence: doublePrecision(),
  },
  (t) => [primaryKey({ columns: [t.fileId, t.startFrame] })],
);

/** Small pictures of each shot, by which copies of it are known again. */
export const shotsPrints = pgTable(
  'shots_prints',
  {
    shotId: text().primaryKey(),
    fileId: text().notNull(),
    /** Which quarter second of the film the first picture shows. */
    first: integer().notNull(),
    /** `Print` of the shots stage: 24 x 14 bytes of luma a quarter second. */
    grids: bytes().notNull(),
    /** By which way of comparing it was compared with all others; null where it was not. */
    compared: text(),
  },
  (t) => [index('shots_prints_file').on(t.fileId)],
);

/** Pairs of shots that show the same, as last compared. */
export const shotsCopies = pgTable(
  'shots_copies',
  {
    a: text().notNull(),
    b: text().notNull(),
    /** `Copy` of the shots stage. */
    facts: jsonb().notNull(),
  },
  (t) => [primaryKey({ columns: [t.a, t.b] })],
);

/** Which prints were compared last: one row. */
export const shotsComparisons = pgTable('shots_comparisons', {
  mark: text().primaryKey(),
  comparedAt: now(),
});

/** Which shots a person wants to stay, of copies. Rows are only added; the newest that names a shot holds. */
export const shotsChoices = pgTable('shots_choices', {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  /** Ids of the shots that stay. */
  shots: jsonb().notNull(),
  who: text().notNull(),
  chosenAt: now(),
});
