import { existsSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type Db, tables, texts } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { reportedTakes } from '../review/index.ts';
import { EXPORTING } from '../train/index.ts';
import { signingAct } from './manifest.ts';
import { listed } from './reach.ts';
import type { Touched } from './schema.ts';

/** What has left, as withdrawals follow it: signed files, exports, cuts, deliveries and backups. */

const { provenanceAudit } = tables;

/** What the audit log says of acts on some things, in its order. */
const actsOn = (db: Db, acts: string[], items: readonly Touched[]) => {
  const { what, subject, details, seq } = provenanceAudit;
  const on = sql`${subject} = any(${texts(items.map(({ id }) => id))})`;
  return db
    .select({ what, subject, details })
    .from(provenanceAudit)
    .where(and(inArray(what, acts), on))
    .orderBy(asc(seq));
};

/**
 * Signed files of the takes, and those that were made of them: what can have left the house. Each is found by its take; that the takes come
 * from a query of their own keeps the planner from reading every record where they are many.
 */
export async function filesOf(db: Db, takes: readonly Touched[]): Promise<Touched[]> {
  const ids = sql`any((select ids from given)::text[])`;
  const { rows } = await db.execute<{ files: [id: string, via: string, seq: number][] | null }>(sql`
    with given as materialized (select ${texts(takes.map(({ id }) => id))} as ids)
    select json_agg(json_build_array(file, take, seq)) as files from (
      select signed_path as file, take_id as take, 0 as seq from ${tables.provenanceRecords} where take_id = ${ids}
      union all select details ->> 'file', subject, seq from ${provenanceAudit}
        where what = ${signingAct} and subject = ${ids} and details ->> 'file' is not null) found`);
  // Sorted here: the database took 40 ms more for 7,000 of them in order.
  const found = (rows[0]?.files ?? []).sort(
    ([, one, before], [, other, after]) => before - after || (one < other ? -1 : 1),
  );
  const files = new Map(found.map(([file, take]) => [file, take]));
  return [...files].map(([id, via]) => ({ kind: 'file', id, via }));
}

/** What the audit log says of an export: a dataset's folder, or an adapter's file. */
const exportedSchema = z.union([
  z.looseObject({ folder: z.string() }).transform(({ folder }) => folder),
  z.looseObject({ file: z.string() }).transform(({ file }) => file),
]);

/** One that was begun and never ended has left clips, too; one that was taken away again has not. */
const BEGUN = 'dataset.export-begin';
const ABANDONED = 'dataset.export-abandon';
const exporting = [BEGUN, ABANDONED, 'dataset.export', EXPORTING];

/** Folders that the snapshots and files that the models were exported to, as the audit log remembers them. */
export async function exportsOf(db: Db, left: readonly Touched[]): Promise<Touched[]> {
  const found = new Map<string, Touched & { begun: boolean }>();
  for (const { what, subject, details } of await actsOn(db, exporting, left)) {
    const place = exportedSchema.safeParse(details).data;
    if (place === undefined) continue;
    const before = found.get(place);
    // What was whole there before may have been moved since.
    if (what === ABANDONED && before?.begun) found.delete(place);
    else if (what !== ABANDONED && (what !== BEGUN || before === undefined))
      found.set(place, { kind: 'export', id: place, via: subject, begun: what === BEGUN });
  }
  return [...found.values()].map(({ begun: _, ...item }) => item);
}

/** Snapshots that lie where they were frozen, and that is elsewhere: in a workspace which this one was copied from. */
export async function originalsOf(
  { db, paths }: Pick<Context, 'db' | 'paths'>,
  touched: readonly Touched[],
): Promise<Touched[]> {
  const { id, path } = tables.datasetSnapshots;
  const ids = touched.filter(({ kind }) => kind === 'snapshot').map((item) => item.id);
  const rows = await db
    .select({ id, path })
    .from(tables.datasetSnapshots)
    .where(inArray(id, ids))
    .orderBy(id);
  return rows
    .filter((row) => existsSync(row.path) && !isSame(row.path, join(paths.datasets, basename(row.path))))
    .map((row) => ({ kind: 'export', id: row.path, via: row.id }));
}

/** The same folder may be reached by several paths. */
const isSame = (a: string, b: string): boolean => existsSync(b) && realpathSync(a) === realpathSync(b);

/** Reports of this workspace that hold copies of the takes, each by its page. */
export async function reportsOf(
  context: Pick<Context, 'paths'>,
  takes: readonly Touched[],
): Promise<Touched[]> {
  const reports = await reportedTakes(context);
  if (reports.length === 0) return [];
  const reached = new Set(takes.flatMap(({ kind, id }) => (kind === 'take' ? [id] : [])));
  return reports.flatMap(({ page, takes: held }): Touched[] => {
    const via = held.find((take) => reached.has(take));
    return via === undefined ? [] : [{ kind: 'report', id: page, via }];
  });
}

/** What is made of several takes each, all of it in one row: a row takes longer to read than what is in it. */
type Compiled = { all: [id: string, takes: string[]][] | null };

/** Each that holds one of the takes, reached by the first of those. */
function holdersOf(kind: 'cut' | 'delivery', rows: readonly Compiled[], takes: Ids): Touched[] {
  return (rows[0]?.all ?? []).flatMap(([id, held]): Touched[] => {
    const via = held.find((take) => takes.has(take));
    return via === undefined ? [] : [{ kind, id, via }];
  });
}

/** Of takes. */
type Ids = Pick<ReadonlySet<string>, 'has'>;

/** Cuts that hold one of the takes, as the audit log remembers them. */
export async function cutsOf(db: Db, takes: Ids): Promise<Touched[]> {
  const { rows } = await db.execute<Compiled>(sql`
    select json_agg(json_build_array(subject, details -> 'takes') order by seq) as all
    from ${provenanceAudit} where what = 'provenance.cut' and jsonb_typeof(details -> 'takes') = 'array'`);
  return [...new Map(holdersOf('cut', rows, takes).map((cut) => [cut.id, cut])).values()];
}

/** Deliveries that hold one of the takes. */
export async function deliveriesOf(db: Db, takes: Ids): Promise<Touched[]> {
  const { rows } = await db.execute<Compiled>(sql`
    select json_agg(json_build_array(id, jsonb_path_query_array(declaration, '$.takes[*].id')) order by id) as all
    from ${tables.provenanceDeliveries}`);
  return holdersOf('delivery', rows, takes);
}

/**
 * Backups, as the audit log remembers them, from when the database held what a withdrawal takes out of it: captions of snapshots, and, of
 * films that are found no more, words and small pictures. One written after the withdrawal is listed when that is given again.
 * @param films what is found no more, by sha256 with the row that says so
 */
export async function backupsOf(
  db: Db,
  touched: readonly Touched[],
  films: ReadonlyMap<string, string>,
): Promise<Touched[]> {
  const { what, subject, at, seq } = provenanceAudit;
  const written = await db
    .select({ id: subject, at })
    .from(provenanceAudit)
    .where(eq(what, 'workspace.backup'))
    .orderBy(asc(seq));
  if (written.length === 0) return [];
  const held = await firstHeld(db, touched, films);
  const found = written.flatMap(({ id, at }): [string, Touched][] =>
    held && held.since <= new Date(at) ? [[id, { kind: 'backup', id, via: held.via }]] : [],
  );
  return [...new Map(found).values()];
}

/** What the database held first of snapshots and films, and from when. */
async function firstHeld(db: Db, touched: readonly Touched[], films: ReadonlyMap<string, string>) {
  const { datasetSnapshots: snapshots, catalogFiles: files } = tables;
  const ids = touched.filter(({ kind }) => kind === 'snapshot').map(({ id }) => id);
  const frozen = await db
    .select({ via: snapshots.id, since: snapshots.frozenAt })
    .from(snapshots)
    .where(sql`${snapshots.id} in ${listed(ids)}`);
  const added = await db
    .select({ sha256: files.sha256, since: files.addedAt })
    .from(files)
    .where(sql`${files.sha256} in ${listed(films.keys())}`);
  const seen = added.map(({ sha256, since }) => ({ via: `${films.get(sha256)}, film ${sha256}`, since }));
  return [...seen, ...frozen].sort((a, b) => a.since.getTime() - b.since.getTime())[0];
}
