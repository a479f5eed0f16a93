import { sql } from 'drizzle-orm';
import { type Db, tables, texts } from '../db/index.ts';
import { type ClearedFor, clearedAs, drawingUse } from '../generate/index.ts';
import type { Context } from '../jobs/index.ts';
import { type Planned, refusedAfter, type Use, useSchema, usesFor } from '../rights/index.ts';
import { familyOf, listed, takesOf } from './reach.ts';
import { givenWays, onwardWays, type Way } from './reach-films.ts';
import { filesGiven, type Given, takesOfTakes } from './reach-given.ts';
import * as out from './reach-out.ts';
import { type Apart, snapshotsOf } from './reach-snapshots.ts';
import type { Touched } from './schema.ts';

/**
 * What rests on a row by a permission for takes, though nothing was trained by it (ADR 0095): takes by what drawing them asks, deliveries
 * by what they were decided for. `lost`: nothing else permits it any more; `kept`: something does.
 */
export interface ByUse {
  lost: Touched[];
  kept: Touched[];
}

/** By the id of a model or a take. */
type Ways = ReadonlyMap<string, Way>;

/** What a withdrawn permission is followed through: snapshots, by what learned from them, and files that takes were given. */
interface Through {
  context: Pick<Context, 'db'>;
  planned: Planned;
  apart: readonly Apart[];
  given: readonly Given[];
}

const none: ByUse = { lost: [], kept: [] };

/** @param touched what the withdrawal reaches by training, and is blocked anyway */
export async function reachedByUse(
  context: Pick<Context, 'db'>,
  planned: Planned,
  touched: readonly Touched[],
): Promise<ByUse> {
  const permits = (planned.resting.uses ?? []).filter((use) => use.startsWith('generate.'));
  if (permits.length === 0) return none;
  const { apart } = await snapshotsOf(context.db, planned.resting);
  const given = await filesGiven(context.db);
  if (apart.length + given.length === 0) return none;
  const known = new Set(touched.map(nameOf));
  const through = { context, planned, apart, given };
  const made = await takesMade(through);
  const handed = await deliveriesFor(through);
  const isNew = (item: Touched) => !known.has(nameOf(item));
  const lost = onceEach([...made.lost, ...handed.lost].filter(isNew));
  const names = new Set(lost.map(nameOf));
  const kept = onceEach([...made.kept, ...handed.kept].filter(isNew)).filter(
    (item) => !names.has(nameOf(item)),
  );
  return { lost, kept };
}

const nameOf = ({ kind, id }: Touched): string => `${kind} ${id}`;
const onceEach = (items: readonly Touched[]): Touched[] =>
  [...new Map(items.toReversed().map((item) => [nameOf(item), item])).values()].reverse();

/** Takes whose drawing rests on the row, with where they went. */
async function takesMade(through: Through): Promise<ByUse> {
  const { context, given } = through;
  const { db } = context;
  const takes = await takesDrawn(through);
  const gone = new Set(takes.filter(({ way }) => way.lost).map(({ id }) => id));
  const listedAs = (lost: boolean) =>
    takes
      .filter(({ id, way }) => way.lost === lost && (lost || !gone.has(id)))
      .map(({ id, way }): Touched => ({ kind: 'take', id, via: way.via }));
  const lost = onceEach(listedAs(true));
  const after = [...lost, ...(await takesOfTakes(db, given, lost))];
  const kept = listedAs(false);
  const ids = new Set(after.map(({ id }) => id));
  return {
    lost: [
      ...after,
      ...(await out.filesOf(db, after)),
      ...(await out.cutsOf(db, ids)),
      ...(await out.deliveriesOf(db, ids)),
    ],
    kept: [...kept, ...(await out.cutsOf(db, new Set(kept.map(({ id }) => id))))],
  };
}

/** A take for each way to it: by the models that drew it, and by the films that it was given. */
async function takesDrawn(through: Through): Promise<{ id: string; way: Way }[]> {
  const { context, planned, given } = through;
  const ways = await waysFor(through, drawingUse);
  const models = [...ways.keys()].map((id): Touched => ({ kind: 'model', id, via: '' }));
  const drawn = models.length === 0 ? [] : await takesOf(context.db, models);
  const shown = await givenWays(context, planned, given, drawingUse);
  return [
    ...drawn.map(({ id, via }) => ({ id, way: ways.get(via) as Way })),
    ...[...shown].map(([id, way]) => ({ id, way })),
  ];
}

/** Deliveries that were decided for a use which the row permits. */
async function deliveriesFor(through: Through): Promise<ByUse> {
  const [lost, kept]: [Touched[], Touched[]] = [[], []];
  for (const [use, handed] of Map.groupBy(await deliveriesIn(through.context.db), (one) => one.use)) {
    const waysOf = await waysOfTakes(through, use, new Set(handed.flatMap(({ takes }) => takes)));
    for (const { id, takes } of handed) {
      const found = takes.flatMap((take) => waysOf(take).map((way) => ({ ...way, take })));
      const first = found.find((way) => way.lost) ?? found[0];
      if (!first) continue;
      const via = `${first.via}, take ${first.take}, handed over for ${use}`;
      (first.lost ? lost : kept).push({ kind: 'delivery', id, via });
    }
  }
  return { lost, kept };
}

/** The ways to each of some takes by a use: by their models, and by films that they were given, or takes that they go on from. */
async function waysOfTakes(
  through: Through,
  use: Use,
  takes: ReadonlySet<string>,
): Promise<(take: string) => Way[]> {
  const { context, planned, given } = through;
  const ways = await waysFor(through, use);
  const models = ways.size === 0 ? new Map<string, string[]>() : await modelsOfTakes(context.db, takes);
  const shown = await onwardWays(context, given, await givenWays(context, planned, given, use));
  return (take) => [
    ...(models.get(take) ?? []).flatMap((model) => ways.get(model) ?? []),
    ...(shown.has(take) ? [shown.get(take) as Way] : []),
  ];
}

/** Models that learned from a snapshot whose use for takes rests on the row, and those made from them, each with its way. */
async function waysFor({ context, planned, apart }: Through, use: Use): Promise<Ways> {
  const resting = apart.filter(({ record, permitted }) =>
    usesFor(use, clearedAs(record).performers).some((one) => permitted.includes(one)),
  );
  const gone = await lostAmong(context, planned, resting, use);
  const { all, heirs } = await familyOf(context.db);
  const byId = all.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const trained = Map.groupBy(byId, ({ snapshotId }) => snapshotId);
  const ways = new Map<string, Way>();
  const add = (model: string, way: Way): void => {
    if (ways.has(model)) return;
    ways.set(model, way);
    for (const heir of heirs.get(model) ?? []) add(heir.id, { ...way, via: `${way.via}, model ${heir.id}` });
  };
  // What is lost first: a model that learned from two snapshots is lost with either.
  const order = resting.toSorted((a, b) => Number(gone.has(b.id)) - Number(gone.has(a.id)));
  for (const snapshot of order)
    for (const model of trained.get(snapshot.id) ?? [])
      add(model.id, {
        via: `${snapshot.via}, snapshot ${snapshot.id}, model ${model.id}`,
        lost: gone.has(snapshot.id),
      });
  return ways;
}

/** Of these snapshots those of which the ledger would not allow the use any more, for whom and where they were cleared. */
async function lostAmong(
  context: Pick<Context, 'db'>,
  planned: Planned,
  snapshots: readonly Apart[],
  use: Use,
): Promise<Set<string>> {
  const { shots, people } = planned.resting;
  const found = new Set<string>();
  for (const [key, alike] of Map.groupBy(snapshots, ({ record }) => JSON.stringify(clearedAs(record)))) {
    const asked: ClearedFor = JSON.parse(key);
    const named = (asked.performers ?? []).some((performer) => people.has(performer));
    const clips = await clipsOf(context.db, alike, named ? null : shots.keys());
    const refused = await refusedAfter(context, planned, [...new Set(clips.map(({ shot }) => shot))], {
      ...asked,
      use,
    });
    for (const { id, shot } of clips) if (refused.has(shot)) found.add(id);
  }
  return found;
}

/** Training clips of the snapshots. @param shots only those of these; null: all */
export async function clipsOf(
  db: Db,
  snapshots: readonly Pick<Apart, 'id'>[],
  shots: Iterable<string> | null,
): Promise<{ id: string; shot: string }[]> {
  const among = shots === null ? sql`true` : sql`shot_id in ${listed(shots)}`;
  const { rows } = await db.execute<{ id: string; shot: string }>(sql`
    select distinct snapshot_id as id, shot_id as shot from dataset_clips
    where snapshot_id in ${listed(snapshots.map(({ id }) => id))} and split = 'train' and ${among}`);
  return rows;
}

/** Every delivery with its takes and the use that it was decided for: its purpose, as its declaration says. */
async function deliveriesIn(db: Db): Promise<{ id: string; use: Use; takes: string[] }[]> {
  const { rows } = await db.execute<{ id: string; purpose: string | null; takes: string[] }>(sql`
    select id, jsonb_path_query_first(declaration, '$.answers[*] ? (@.question == "purpose").answer') #>> '{}' as purpose,
      jsonb_path_query_array(declaration, '$.takes[*].id') as takes from ${tables.provenanceDeliveries} order by id`);
  return rows.flatMap(({ purpose, ...row }) => {
    const use = useSchema.safeParse(`generate.${purpose}`).data;
    return use === undefined ? [] : [{ ...row, use }];
  });
}

/** The model and adapters of each take. */
async function modelsOfTakes(db: Db, takes: ReadonlySet<string>): Promise<Map<string, string[]>> {
  const { rows } = await db.execute<{ id: string; model: string; adapters: string[] }>(sql`
    select id, model_id as model, jsonb_path_query_array(brief, '$.adapters[*].id') as adapters
    from generate_takes where id = any(${texts(takes)})`);
  return new Map(rows.map(({ id, model, adapters }) => [id, [...new Set([...adapters, model])]]));
}
