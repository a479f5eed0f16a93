import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
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
    madeAt: now(),
  },
  (t) => [
    index('generate_takes_by_model').on(t.modelId),
    index('generate_takes_by_upscaler').on(t.upscalerId),
    // A take with one adapter is that adapter's (model_id); only briefs with several are looked into.
    index('generate_takes_by_several').on(t.id).where(sql`jsonb_array_length(brief -> 'adapters') > 1`),
    // Few takes are given films; a withdrawal looks into their briefs alone.
    index('generate_takes_by_given').on(t.id).where(sql`jsonb_array_length(brief -> 'references') > 0`),
  ],
);
