import { and, asc, count, eq, gte, inArray, isNull, lt, min, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { BacklotError } from '../contract/index.ts';
import { type Db, tables, texts } from '../db/index.ts';
import { shotsOfPictures } from '../generate/index.ts';
import { signingAct } from './manifest.ts';
import { type ProvenanceRecord, recordSchema } from './schema.ts';

/**
 * The stage that looks back over all others: it reads their tables in one query each and writes only its own
 * (`provenance_records`; the audit log is in `audit.ts`).
 */

export type Take = typeof tables.generateTakes.$inferSelect;
export type Model = typeof tables.trainModels.$inferSelect;
export type SnapshotRow = typeof tables.datasetSnapshots.$inferSelect;
export type ClipRow = typeof tables.datasetClips.$inferSelect;
export type FileRow = typeof tables.catalogFiles.$inferSelect;
export type ShotRow = typeof tables.shotsShots.$inferSelect;

/** @throws BacklotError `no-such-take` */
export async function readTake(db: Db, id: string): Promise<Take> {
  const { generateTakes } = tables;
  const [take] = await db.select().from(generateTakes).where(eq(generateTakes.id, id));
  if (take) return take;
  throw new BacklotError('no-such-take', {
    expected: 'the id of a take of this workspace',
    where: 'provenance',
    found: id,
    remedy: 'List the takes in the report, or name another workspace with --workspace.',
  });
}

/** Takes whose unsigned video has these bytes, each with the path of its signed copy; null: it has none. */
export const takesOfVideo = (
  db: Db,
  sha256: string,
): Promise<{ id: string; signedPath: string | null }[]> => {
  const { generateTakes, provenanceRecords } = tables;
  return db
    .select({ id: generateTakes.id, signedPath: provenanceRecords.signedPath })
    .from(generateTakes)
    .leftJoin(provenanceRecords, eq(provenanceRecords.takeId, generateTakes.id))
    .where(eq(generateTakes.videoSha256, sha256))
    .orderBy(asc(generateTakes.id));
};

/** What the audit log says of signing files with these bytes as made of takes, in its order. */
export const signingsOf = (
  db: Db,
  sha256: string,
): Promise<{ take: string; at: string; details: unknown }[]> => {
  const { subject: take, at, details, what, seq } = tables.provenanceAudit;
  return db
    .select({ take, at, details })
    .from(tables.provenanceAudit)
    .where(and(eq(what, signingAct), sql`${details} ->> 'sha256' = ${sha256}`))
    .orderBy(asc(seq));
};

export async function readModel(db: Db, id: string): Promise<Model | null> {
  const [model] = await db.select().from(tables.trainModels).where(eq(tables.trainModels.id, id));
  return model ?? null;
}

/** base, adapter, full or scratch, by the model's id, of those of some ids that are models. */
export async function readModelKinds(db: Db, ids: Iterable<string>): Promise<Map<string, string>> {
  const { id, kind } = tables.trainModels;
  const rows = await db
    .select({ id, kind })
    .from(tables.trainModels)
    .where(sql`${id} = any(${texts(ids)})`);
  return new Map(rows.map((row) => [row.id, row.kind]));
}

/** Of some runs those that a model which was kept is of. */
export async function readRunsKept(db: Db, runs: readonly string[]): Promise<Set<string>> {
  const { runId } = tables.trainModels;
  const kept = db.selectDistinct({ runId }).from(tables.trainModels);
  const rows = await kept.where(sql`${runId} = any(${texts(runs)})`);
  return new Set(rows.flatMap((row) => row.runId ?? []));
}

export async function readSnapshot(db: Db, id: string): Promise<SnapshotRow | null> {
  const { datasetSnapshots } = tables;
  const [row] = await db.select().from(datasetSnapshots).where(eq(datasetSnapshots.id, id));
  return row ?? null;
}

/** @param before moment up to which they were frozen; undefined: all */
export const readSnapshots = (db: Db, before?: string): Promise<SnapshotRow[]> =>
  db.select().from(tables.datasetSnapshots).where(recordedBefore(tables.datasetSnapshots.frozenAt, before));

/** Models that a run made, the first kept first. @param before moment up to which they were kept; undefined: all */
export const readModelsOfRun = (db: Db, runId: string, before?: string): Promise<Model[]> =>
  db
    .select()
    .from(tables.trainModels)
    .where(and(eq(tables.trainModels.runId, runId), recordedBefore(tables.trainModels.madeAt, before)))
    .orderBy(asc(tables.trainModels.madeAt), asc(tables.trainModels.id));

/** Models that were kept within `[from, until)`. */
export const readModelsMade = (
  db: Db,
  { from, until }: { from: string; until: string },
): Promise<Model[]> => {
  const { madeAt, id } = tables.trainModels;
  const within = and(gte(madeAt, new Date(from)), lt(madeAt, new Date(until)));
  return db.select().from(tables.trainModels).where(within).orderBy(asc(id));
};

/** Each model's base and dataset, by its id. */
export async function readAncestry(db: Db): Promise<Map<string, Pick<Model, 'baseId' | 'snapshotId'>>> {
  const { id, baseId, snapshotId } = tables.trainModels;
  const rows = await db.select({ id, baseId, snapshotId }).from(tables.trainModels);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Models that learned from a snapshot. */
export const readModelsOf = (db: Db, snapshotId: string): Promise<Model[]> =>
  db.select().from(tables.trainModels).where(eq(tables.trainModels.snapshotId, snapshotId));

/** Takes that were made within `[from, until)` and were given files: few of all. */
export const readTakesGiven = (db: Db, period: Within): Promise<Take[]> => {
  const { brief, id } = tables.generateTakes;
  const given = and(madeIn(period), sql`jsonb_array_length(${brief} -> 'references') > 0`);
  return db.select().from(tables.generateTakes).where(given).orderBy(asc(id));
};

interface Within {
  from: string;
  until: string;
}

const madeIn = ({ from, until }: Within): SQL | undefined => {
  const { madeAt } = tables.generateTakes;
  return and(gte(madeAt, new Date(from)), lt(madeAt, new Date(until)));
};

/** Takes of `[from, until)` whose briefs named somebody when they were drawn. */
export const readReplicasMade = (db: Db, period: Within): Promise<Take[]> => {
  const { replicaOf, id } = tables.generateTakes;
  const named = and(madeIn(period), sql`jsonb_array_length(${replicaOf}) > 0`);
  return db.select().from(tables.generateTakes).where(named).orderBy(asc(id));
};

/** Takes of `[from, until)` of which it is not recorded whom their briefs named, by the run that drew them. */
export const readUnrecordedTakes = (db: Db, period: Within) => {
  const { replicaOf, runId, modelId, brief } = tables.generateTakes;
  const adapters = sql<unknown>`${brief} -> 'adapters'`;
  return db
    .select({
      runId,
      modelId,
      brief: sql<unknown>`jsonb_build_object('adapters', ${adapters})`,
      takes: count(),
    })
    .from(tables.generateTakes)
    .where(and(madeIn(period), isNull(replicaOf)))
    .groupBy(runId, modelId, adapters)
    .orderBy(asc(runId));
};

/** When a withdrawal first reached takes of `[from, until)`, by take; those that none had reached before a moment are not in it. */
export async function readTakesReached(db: Db, period: Within, before?: string): Promise<Map<string, Date>> {
  const { kind, id, blockedAt } = tables.provenanceBlocks;
  const made = db.select({ id: tables.generateTakes.id }).from(tables.generateTakes).where(madeIn(period));
  const rows = await db
    .select({ id, at: min(blockedAt) })
    .from(tables.provenanceBlocks)
    .where(and(eq(kind, 'take'), recordedBefore(blockedAt, before), inArray(id, made)))
    .groupBy(id);
  return new Map(rows.flatMap(({ id: take, at }) => (at ? [[take, at] as const] : [])));
}

/** The ledgers that were in force at some moments, by milliseconds since 1970; a moment at which none was is not in it. */
export async function readLedgerIdsAt(db: Db, moments: readonly Date[]): Promise<Map<number, string>> {
  const { id, seq, recordedAt } = tables.rightsLedgers;
  const asked = new Set(moments.map((moment) => moment.toISOString()));
  const { rows } = await db.execute<{ at: string; id: string }>(sql`
    select moment.at, newest.id from unnest(${texts(asked)}) moment(at)
    join lateral (select ${id} as id from ${tables.rightsLedgers}
      where ${recordedAt} <= moment.at::timestamptz order by ${seq} desc limit 1) newest on true`);
  return new Map(rows.map((row) => [Date.parse(row.at), row.id]));
}

export const readClips = (db: Db, snapshotId: string): Promise<ClipRow[]> =>
  db
    .select()
    .from(tables.datasetClips)
    .where(eq(tables.datasetClips.snapshotId, snapshotId))
    .orderBy(asc(tables.datasetClips.clipId));

/** Models that wrote captions of a snapshot's clips, as the clips have them. */
export async function readCaptionWriters(db: Db, snapshotId: string): Promise<string[]> {
  const { datasetClips: clips, datasetCaptions: captions } = tables;
  const same = and(
    eq(captions.shotId, clips.shotId),
    eq(captions.source, 'model'),
    sql`btrim(${captions.caption}) = btrim(${clips.caption})`,
  );
  const rows = await db
    .selectDistinct({ model: captions.model })
    .from(clips)
    .innerJoin(captions, same)
    .where(eq(clips.snapshotId, snapshotId))
    .orderBy(asc(captions.model));
  return rows.flatMap(({ model }) => model ?? []);
}

export const readTitles = (db: Db) => db.select().from(tables.catalogTitles);

/** @param before moment up to which they were catalogued; undefined: all */
export async function readFiles(db: Db, before?: string): Promise<FileRow[]> {
  const { reel, id, addedAt } = tables.catalogFiles;
  const files = db.select().from(tables.catalogFiles).where(recordedBefore(addedAt, before));
  return files.orderBy(asc(reel), asc(id));
}

/** Films of the catalogue that have these bytes, by sha256. */
export const filmsOf = (db: Db, hashes: readonly string[]): Promise<FileRow[]> =>
  db
    .select()
    .from(tables.catalogFiles)
    .where(sql`${tables.catalogFiles.sha256} = any(${texts(hashes)})`);

/** A film of the catalogue that a given file is, or of which it is a picture that Backlot cut out of a shot. */
export interface FilmShown {
  sha256: string;
  film: FileRow;
  shot: ShotRow | null;
}

/** The films that given files show, each by the sha256 of what was given. */
export async function filmsShown(db: Db, hashes: readonly string[]): Promise<FilmShown[]> {
  const whole = (await filmsOf(db, hashes)).map((film) => ({ sha256: film.sha256, film, shot: null }));
  const pictures = await shotsOfPictures(db, hashes);
  const { catalogFiles: film, shotsShots: shot } = tables;
  const rows = await db
    .select({ film, shot })
    .from(shot)
    .innerJoin(film, eq(film.id, shot.fileId))
    .where(inArray(shot.id, [...pictures.values()]));
  const byShot = new Map(rows.map((row) => [row.shot.id, row]));
  const pictured = [...pictures].flatMap(([sha256, id]) => {
    const row = byShot.get(id);
    return row ? [{ sha256, ...row }] : [];
  });
  return [...whole, ...pictured];
}

/** Where a shot lies in its film. */
export const spanOf = ({ inFrame, outFrame, inTimecode, outTimecode }: ShotRow) => ({
  ...{ in: inFrame, out: outFrame, inTimecode, outTimecode },
});

const recordedBefore = (column: PgColumn, moment: string | undefined): SQL | undefined =>
  moment === undefined ? undefined : lt(column, new Date(moment));

export async function readShots(db: Db, ids: string[]): Promise<ShotRow[]> {
  if (ids.length === 0) return [];
  return db.select().from(tables.shotsShots).where(inArray(tables.shotsShots.id, ids));
}

export async function readRecord(db: Pick<Db, 'select'>, takeId: string): Promise<ProvenanceRecord | null> {
  const { provenanceRecords } = tables;
  const [row] = await db.select().from(provenanceRecords).where(eq(provenanceRecords.takeId, takeId));
  return row ? recordSchema.parse(row.record) : null;
}

/** Within `db`'s transaction where it is one; a take signed again replaces its record. */
export async function writeRecord(db: Pick<Db, 'insert'>, record: ProvenanceRecord): Promise<void> {
  const { takeId, signedPath, signedSha256, state } = record;
  const row = { record, signedPath, signedSha256, state, signedAt: new Date(record.signedAt) };
  await db
    .insert(tables.provenanceRecords)
    .values({ takeId, ...row })
    .onConflictDoUpdate({ target: tables.provenanceRecords.takeId, set: row });
}
