import { and, eq, inArray, sql } from 'drizzle-orm';
import { type Db, tables, texts } from '../db/index.ts';
import type { Resting, Use } from '../rights/index.ts';
import { copies } from '../train/index.ts';
import { useFor } from '../trust/index.ts';
import type { Apart } from './reach-snapshots.ts';
import type { Touched } from './schema.ts';

/** One step of a withdrawal's way through the tables each, in one query each. */

/** A snapshot or model with the hash that jobs name it by. */
export interface Reached extends Touched {
  sha256: string;
}

const { trainModels } = tables;

/** Ids as rows: thousands of them are one parameter. */
export const listed = (ids: Iterable<string>) =>
  sql`(select jsonb_array_elements_text(${JSON.stringify([...ids])}::jsonb))`;

/** How a model of a kind is trained; how a trial was is not in its row. A base that was fitted here is a whole model. */
const methodsOf: Readonly<Record<string, readonly ('scratch' | 'full' | 'lora')[]>> = {
  ...{ scratch: ['scratch'], full: ['full'], adapter: ['lora'], trial: ['scratch', 'lora'] },
  base: ['scratch'],
};

/** The uses that a model of a kind needed of a snapshot. */
export const neededOf = (kind: string, frozenFor: string): string[] =>
  (methodsOf[kind] ?? []).map((method) => useFor({ kind: 'train', method }, frozenFor));

/** A model with the run that made it. */
export interface ReachedModel extends Reached {
  run: string | null;
}

/**
 * Models trained on the snapshots, those trained on snapshots apart that needed a use which the row can have permitted, and every model that starts
 * from one of those, or was imported from a file that one of them was exported as.
 */
export async function modelsOf(
  db: Db,
  { snapshots, apart }: { snapshots: readonly Touched[]; apart: readonly Apart[] },
): Promise<ReachedModel[]> {
  const { all, heirs } = await familyOf(db);
  const found = new Map<string, ReachedModel>();
  const add = (model: Model, via: string): void => {
    if (found.has(model.id)) return;
    found.set(model.id, { kind: 'model', id: model.id, via, sha256: model.sha256, run: model.run });
    for (const heir of heirs.get(model.id) ?? []) add(heir, model.id);
  };
  const trained = Map.groupBy(all, ({ snapshotId }) => snapshotId);
  for (const snapshot of snapshots)
    for (const model of trained.get(snapshot.id) ?? []) add(model, snapshot.id);
  for (const { id: snapshot, via, use, permitted } of apart)
    for (const model of trained.get(snapshot) ?? [])
      if (neededOf(model.kind, use).some((one) => permitted.includes(one))) add(model, via);
  return [...found.values()];
}

type Row = [string, string, string | null, string | null, string, string | null];
type Model = Awaited<ReturnType<typeof modelsIn>>[number];

/** Every model, all in one row: it takes longer to read rows than what is in them. */
async function modelsIn(db: Pick<Db, 'execute'>) {
  const { rows } = await db.execute<{ all: Row[] | null }>(sql`
    select json_agg(json_build_array(id, kind, base_id, snapshot_id, sha256, run_id)) as all from ${trainModels}`);
  return (rows[0]?.all ?? []).map(([id, kind, baseId, snapshotId, sha256, run]) => {
    return { id, kind, baseId, snapshotId, sha256, run };
  });
}

/** All models, and by a model's id those that start from it or are copies of it. */
export async function familyOf(db: Pick<Db, 'execute'>) {
  const all = await modelsIn(db);
  return { all, heirs: heirsIn(all, await copiesIn(db)) };
}

interface Copy {
  copy: string;
  original: string;
}

/** By a model's id, those that start from it, and those that were imported from a file that it was exported as. */
function heirsIn(all: readonly Model[], imported: readonly Copy[]): Map<string | null, Model[]> {
  const heirs = Map.groupBy(all, ({ baseId }) => baseId);
  const byId = new Map(all.map((model) => [model.id, model]));
  for (const { copy, original } of imported)
    heirs.set(original, [...(heirs.get(original) ?? []), byId.get(copy) ?? []].flat());
  return heirs;
}

async function copiesIn(db: Pick<Db, 'execute'>): Promise<Copy[]> {
  const { rows } = await db.execute<Copy & Record<string, unknown>>(
    sql`select distinct copy, original from ${copies} c order by copy`,
  );
  return rows;
}

/** One of several that have the same hash: the same clips frozen for others, the same weights made of them. */
export interface Sharer {
  id: string;
  path: string;
}

/** Of reached snapshots and models those whose hash others have too, by that hash, with all that have it. */
export async function sharersOf(db: Db, reached: readonly Reached[]): Promise<Map<string, Sharer[]>> {
  const hashes = listed(new Set(reached.map(({ sha256 }) => sha256)));
  const { rows } = await db.execute<Record<keyof Sharer | 'sha256', string>>(sql`
    with all_of as (select id, digest as sha256, path from dataset_snapshots where digest in ${hashes}
      union all select id, sha256, path from train_models where sha256 in ${hashes})
    select * from all_of where sha256 in (select sha256 from all_of group by sha256 having count(*) > 1) order by id`);
  return Map.groupBy(rows, ({ sha256 }) => sha256);
}

/** Forecasts that were measured on the snapshots. */
export async function forecastsOf(db: Db, snapshots: readonly Touched[]): Promise<Touched[]> {
  const { id, snapshotId } = tables.assessForecasts;
  const here = sql`${snapshotId} in ${listed(snapshots.map((snapshot) => snapshot.id))}`;
  const rows = await db.select({ id, via: snapshotId }).from(tables.assessForecasts).where(here).orderBy(id);
  return rows.map((row) => ({ kind: 'forecast', ...row }));
}

/**
 * Takes of the models: those that bear a model's id, those it made crisp, and those whose brief mixes several adapters. A take is
 * listed for each that has reached it. They come in one row for each model: tens of thousands of rows take longer to read than to find.
 */
export async function takesOf(db: Db, models: readonly Touched[]): Promise<Touched[]> {
  const ids = sql`any(${texts(models.map(({ id }) => id))})`;
  const { rows } = await db.execute<{ via: string; takes: string[] }>(sql`
    select model_id as via, json_agg(id) as takes from generate_takes where model_id = ${ids} group by model_id
    union all
    select upscaler_id, json_agg(id) from generate_takes where upscaler_id = ${ids} group by upscaler_id
    union all
    select a ->> 'id', json_agg(distinct t.id) from generate_takes t, lateral jsonb_array_elements(brief -> 'adapters') a
    where jsonb_array_length(brief -> 'adapters') > 1 and a ->> 'id' = ${ids} group by a ->> 'id'`);
  return rows.flatMap(({ via, takes }) => takes.map((id): Touched => ({ kind: 'take', id, via })));
}

/** Files beside films that say what is seen or said: subtitles, shot lists, notes. */
const speaking = ['srt', 'vtt', 'ass', 'ssa', 'ttml', 'dfxp', 'scc', 'stl', 'csv', 'json'] as const;

/** Files beside the films that may speak of the shots: which of them they name is not looked for. */
export async function sidecarsOf(db: Db, films: Resting['films']): Promise<Touched[]> {
  if (films.size === 0) return [];
  const { catalogSidecars: beside, catalogFiles: film } = tables;
  const rows = await db
    .select({ id: beside.path, sha256: film.sha256 })
    .from(beside)
    .innerJoin(film, eq(film.id, beside.fileId))
    .where(and(inArray(beside.kind, [...speaking]), sql`${film.sha256} in ${listed(films.keys())}`))
    .orderBy(beside.path);
  return rows.map(({ id, sha256 }) => ({
    ...{ kind: 'sidecar', id, via: `${films.get(sha256)}, film ${sha256}` },
  }));
}

/** Endpoints that were sent pictures of the shots: a third party's, which may learn from them, rest on another use. */
export async function endpointsOf(db: Db, { shots, uses }: Resting): Promise<Touched[]> {
  const permits = (use: Use) => uses === null || uses.includes(use);
  const { rows } = await db.execute<{ endpoint: string; shot: string }>(sql`
    select d.endpoint, min(s.shot_id) as shot from ${tables.datasetSendings} s
    join ${tables.datasetDisclosures} d on d.id = s.disclosure_id
    where s.shot_id in ${listed(shots.keys())}
      and case d.operator when 'third-party' then ${permits('train.foundation')}::boolean else ${permits('index')}::boolean end
    group by d.endpoint order by d.endpoint`);
  return rows.map(({ endpoint, shot }) => ({
    ...{ kind: 'endpoint', id: endpoint },
    via: `${shots.get(shot)}, shot ${shot}`,
  }));
}
