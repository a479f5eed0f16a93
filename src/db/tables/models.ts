import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';
import { now } from './columns.ts';

// What is learned and made: dataset, assess, train and generate.

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

/** Whether pictures of a title may be sent to an endpoint. Rows are only added; the newest of both holds. */
export const datasetDisclosures = pgTable('dataset_disclosures', {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  titleId: text().notNull(),
  endpoint: text().notNull(),
  /** Who runs it: in-house | vendor | third-party, as rights are asked for. */
  operator: text().notNull(),
  /** Where it works: ISO 3166 code, or world. */
  territory: text().notNull(),
  allowed: boolean().notNull(),
  who: text().notNull(),
  at: now(),
});

/** Each time that a picture was sent to an endpoint, retries too. A row is there before its picture leaves, and tells then what came of it. */
export const datasetSendings = pgTable(
  'dataset_sendings',
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    shotId: text().notNull(),
    disclosureId: integer()
      .notNull()
      .references(() => datasetDisclosures.id),
    model: text().notNull(),
    /** sha256 of the picture's bytes. */
    picture: text().notNull(),
    who: text().notNull(),
    sentAt: now(),
    /** Null: no answer came, or the process ended before. */
    answeredAt: timestamp({ withTimezone: true, mode: 'date' }),
    /** Why no caption came of it; null: one did, or nothing is known. */
    failure: text(),
    /** Tokens that the endpoint counted; null: it did not say. */
    tokensIn: integer(),
    tokensOut: integer(),
  },
  (t) => [index('dataset_sendings_by_shot').on(t.shotId)],
);

/** What was written of a shot by people and models. Rows are only added; the newest of a shot and source holds. */
export const datasetCaptions = pgTable(
  'dataset_captions',
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    shotId: text().notNull(),
    fileId: text().notNull(),
    /** person | model */
    source: text().notNull(),
    /** Empty where a withdrawal took it away. */
    caption: text().notNull(),
    who: text().notNull(),
    /** The model that wrote it, or null. */
    model: text(),
    /** The sending that it answers, or null. */
    sendingId: integer().references(() => datasetSendings.id),
    writtenAt: now(),
  },
  (t) => [index('dataset_captions_by_shot').on(t.shotId), index('dataset_captions_by_file').on(t.fileId)],
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
  /** base | adapter | full | scratch | trial (of a forecast) | upscaler */
  kind: text().notNull(),
  path: text().notNull(),
  sha256: text().notNull(),
  baseId: text(),
  snapshotId: text(),
  runId: text(),
  record: jsonb().notNull(),
  madeAt: now(),
});

/** What people say of what a model from outside learned from. Rows are only added; the newest of a model holds. */
export const trainOrigins = pgTable(
  'train_origins',
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    modelId: text().notNull(),
    /** Of the model's folder: the very weights that are meant. */
    sha256: text().notNull(),
    maker: text().notNull(),
    licence: text().notNull(),
    learnedFrom: text().notNull(),
    who: text().notNull(),
    at: now(),
  },
  (t) => [index('train_origins_by_model').on(t.modelId)],
);

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
    /** The model that made the video's frames from the raw ones; null: they are only scaled. */
    upscalerId: text(),
    videoPath: text().notNull(),
    videoSha256: text().notNull(),
    /** Parties of the ledger whom the brief named when it was drawn. Null, as are its length and rate: a version drew it that did not record them. */
    replicaOf: jsonb().$type<string[]>(),
    frames: integer(),
    /** Rational, `12/1`. */
    fps: text(),
    madeAt: now(),
  },
  (t) => [
    index('generate_takes_by_model').on(t.modelId),
    index('generate_takes_by_upscaler').on(t.upscalerId),
    // A take with one adapter is that adapter's (model_id); only briefs with several are looked into.
    index('generate_takes_by_several').on(t.id).where(sql`jsonb_array_length(brief -> 'adapters') > 1`),
    // Few takes are given films; a withdrawal looks into their briefs alone.
    index('generate_takes_by_given').on(t.id).where(sql`jsonb_array_length(brief -> 'references') > 0`),
    // Takes whose words `run` made of a shot's caption; a withdrawal of the shot takes them away.
    index('generate_takes_by_caption').on(t.id).where(sql`brief ? 'caption'`),
    // Which take was given to another is known by its file.
    index('generate_takes_by_file').on(t.videoSha256),
  ],
);
