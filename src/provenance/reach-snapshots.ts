import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { targetsOf } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { type Resting, restsSince, useSchema, usesFor, usesSince } from '../rights/index.ts';
import { listed, type Reached } from './reach.ts';

/** A snapshot with the use that it was frozen for, which is none that the row can have permitted. */
export interface Apart extends Reached {
  use: string;
  /** Uses that the row can have permitted since it was frozen. */
  permitted: readonly string[];
  /** What was recorded when it was frozen. */
  record: unknown;
}

const { datasetSnapshots, rightsLedgers } = tables;

const targetsSchema = z.looseObject({
  performers: z.array(z.string()).optional(),
  performer: z.string().nullish(),
});
const usedForSchema = z.looseObject({
  options: targetsSchema.extend({ use: useSchema.optional() }).optional(),
});

/**
 * Snapshots that hold one of the shots, or were frozen to train on one of the people. Those that were frozen for a use which the row
 * cannot have permitted are kept apart: a model may have been made of them under another use.
 */
export async function snapshotsOf(
  db: Db,
  resting: Resting,
): Promise<{ snapshots: Reached[]; apart: Apart[] }> {
  const ways = Map.groupBy(
    [...(await heldBy(db, resting)), ...(await targetedBy(db, resting))],
    ({ id }) => id,
  );
  const [snapshots, apart]: [Reached[], Apart[]] = [[], []];
  for (const { recording, ...row } of await frozen(db, ways.keys())) {
    const way = ways.get(row.id)?.find(({ by }) => restsSince(resting, by, recording));
    if (!way) continue;
    const { use, ...said } = usedForSchema.safeParse(row.record).data?.options ?? {};
    const item: Reached = { kind: 'snapshot', id: row.id, via: way.via, sha256: row.digest };
    const needed = use === undefined ? [] : usesFor(use, targetsOf(said));
    const uses = usesSince(resting, recording);
    if (uses === null || use === undefined || needed.some((one) => uses.includes(one))) snapshots.push(item);
    else apart.push({ ...item, use, permitted: uses, record: row.record });
  }
  return { snapshots, apart };
}

/** Snapshots with the number of the recording by which each was cleared; 0 where it is not known. */
function frozen(db: Db, ids: Iterable<string>) {
  const { id, digest, record } = datasetSnapshots;
  const recording = sql<number>`coalesce(${rightsLedgers.seq}, 0)`;
  return db
    .select({ id, digest, record, recording })
    .from(datasetSnapshots)
    .leftJoin(rightsLedgers, sql`${rightsLedgers.id} = ${record} #>> '{rights,ledger}'`)
    .where(sql`${id} in ${listed(ids)}`)
    .orderBy(id);
}

/** How a snapshot rests on a row: by a shot, or by somebody. */
interface Way {
  id: string;
  by: string;
  via: string;
}

/** Snapshots that hold one of the shots: by the first of those that rest on the row still, and by each of the others. */
async function heldBy(db: Db, { shots, ended }: Resting): Promise<Way[]> {
  const ways = ({ id, shot }: { id: string; shot: string }) => ({
    ...{ id, by: shot, via: `${shots.get(shot)}, shot ${shot}` },
  });
  const now = [...shots.keys()].filter((shot) => !ended.has(shot));
  const { rows } = await db.execute<{ id: string; shot: string }>(sql`
    select snapshot_id as id, min(shot_id) as shot from dataset_clips
    where shot_id in ${listed(now)} group by snapshot_id`);
  if (now.length === shots.size) return rows.map(ways);
  const before = [...shots.keys()].filter((shot) => ended.has(shot));
  const past = await db.execute<{ id: string; shot: string }>(sql`
    select distinct snapshot_id as id, shot_id as shot from dataset_clips where shot_id in ${listed(before)} order by 1, 2`);
  return [...rows, ...past.rows].map(ways);
}

/**
 * Snapshots whose training targets one of the people, seen in it or not. Few datasets are for somebody, and a withdrawal may concern
 * thousands: whom of them each targets is looked up here and not in SQL, which would compare all with all.
 */
async function targetedBy(db: Db, { people }: Resting): Promise<Way[]> {
  if (people.size === 0) return [];
  const { rows } = await db.execute<{ id: string; options: unknown }>(sql`
    select id, record -> 'options' as options from ${datasetSnapshots}
    where (record -> 'options') ?| array['performers', 'performer']`);
  return rows.flatMap(({ id, options }) =>
    targetsOf(targetsSchema.parse(options))
      .filter((performer) => people.has(performer))
      .map((performer) => ({ id, by: performer, via: `${people.get(performer)}, performer ${performer}` })),
  );
}
