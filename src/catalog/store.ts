import { and, asc, desc, eq, max, ne, or, sql } from 'drizzle-orm';
import { idOf, slugOf } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { type Looked, Refusal } from './refusal.ts';
import {
  type CatalogFile,
  catalogFileSchema,
  type FilmFacts,
  type Mark,
  type Refused,
  refusalCodeSchema,
  refusedSchema,
  type Sidecar,
  sidecarSchema,
} from './schema.ts';
import { namedTitle, ownTitle, type TitleRow } from './titles.ts';

const { catalogFiles, catalogRefusals, catalogSidecars, catalogTitles } = tables;

type Tx = Db | Parameters<Parameters<Db['transaction']>[0]>[0];

/** Where a file goes: a named title and reel (null: the next one), or a title of its own named `name`. */
export type Placement = { title: string; reel: number | null } | { ownName: string };

export type NewFile = Omit<CatalogFile, 'titleId' | 'titleName' | 'unmapped' | 'reel'>;

/** Puts a film into the catalogue, its title with it, and takes back an earlier refusal: all or nothing. */
export async function insertFilm(db: Db, file: NewFile, placement: Placement): Promise<CatalogFile> {
  await db.transaction(async (tx) => {
    const { titleId, reel } = await place(tx, file.sha256, placement);
    await tx.insert(catalogFiles).values({ ...file, titleId, reel });
    const sameFile = or(eq(catalogRefusals.path, file.path), eq(catalogRefusals.sha256, file.sha256));
    await tx.delete(catalogRefusals).where(sameFile);
  });
  return (await getFile(db, file.id)) as CatalogFile;
}

/** Moves a film to another title; its old title goes where nobody named it and nothing is left in it. */
export async function replaceFilm(db: Db, file: CatalogFile, placement: Placement): Promise<CatalogFile> {
  await db.transaction(async (tx) => {
    const { titleId, reel } = await place(tx, file.sha256, placement, file);
    await tx.update(catalogFiles).set({ titleId, reel }).where(eq(catalogFiles.id, file.id));
    if (titleId !== file.titleId && file.unmapped) await dropIfEmpty(tx, file.titleId);
  });
  return (await getFile(db, file.id)) as CatalogFile;
}

async function place(tx: Tx, sha256: string, placement: Placement, now?: CatalogFile) {
  const named = 'title' in placement;
  const name = named ? placement.title : placement.ownName;
  const title = named
    ? namedTitle(name, await findTitle(tx, idOf('ttl', slugOf(name))))
    : ownTitle(name, sha256);
  await upsertTitle(tx, title);
  const asked = named ? placement.reel : null;
  const kept = now?.titleId === title.id ? now.reel : null;
  return { titleId: title.id, reel: asked ?? kept ?? (await nextReel(tx, title.id)) };
}

async function findTitle(tx: Tx, id: string): Promise<TitleRow | null> {
  const [row] = await tx.select().from(catalogTitles).where(eq(catalogTitles.id, id));
  return row ?? null;
}

/** A title that someone names is no longer one that nobody mapped. */
async function upsertTitle(tx: Tx, title: TitleRow): Promise<void> {
  const set = { unmapped: title.unmapped };
  await tx.insert(catalogTitles).values(title).onConflictDoUpdate({ target: catalogTitles.id, set });
}

async function nextReel(tx: Tx, titleId: string): Promise<number> {
  const [row] = await tx
    .select({ last: max(catalogFiles.reel) })
    .from(catalogFiles)
    .where(eq(catalogFiles.titleId, titleId));
  return (row?.last ?? 0) + 1;
}

async function dropIfEmpty(tx: Tx, titleId: string): Promise<void> {
  const left = await tx.select().from(catalogFiles).where(eq(catalogFiles.titleId, titleId)).limit(1);
  if (left.length === 0) await tx.delete(catalogTitles).where(eq(catalogTitles.id, titleId));
}

/** The same pictures at another rate. */
export async function setRate(
  db: Db,
  { id, facts }: CatalogFile,
  fps: string,
  now: FilmFacts,
): Promise<void> {
  await db
    .update(catalogFiles)
    .set({ fps, facts: { ...now, marks: facts.marks, names: facts.names, namedAt: facts.namedAt } })
    .where(eq(catalogFiles.id, id));
}

export async function setPath(db: Db, fileId: string, path: string): Promise<void> {
  await db.update(catalogFiles).set({ path }).where(eq(catalogFiles.id, fileId));
}

/** What is said about training on a film, by it or beside it: adds up, as who said it first has not taken it back. */
export async function addMarks(db: Db, { id, facts }: CatalogFile, marks: readonly Mark[]): Promise<void> {
  const all = [...(facts.marks ?? []), ...marks];
  const each = [...new Map(all.map((mark) => [JSON.stringify(mark), mark])).values()];
  const isNew = facts.marks === null || each.length > facts.marks.length;
  if (!isNew) return;
  await db
    .update(catalogFiles)
    .set({ facts: { ...facts, marks: each } })
    .where(eq(catalogFiles.id, id));
}

const fileColumns = {
  id: catalogFiles.id,
  titleId: catalogFiles.titleId,
  titleName: catalogTitles.name,
  unmapped: catalogTitles.unmapped,
  reel: catalogFiles.reel,
  path: catalogFiles.path,
  sha256: catalogFiles.sha256,
  bytes: catalogFiles.bytes,
  frames: catalogFiles.frames,
  fps: catalogFiles.fps,
  facts: catalogFiles.facts,
};

export const selectFiles = (db: Db) =>
  db
    .select(fileColumns)
    .from(catalogFiles)
    .innerJoin(catalogTitles, eq(catalogTitles.id, catalogFiles.titleId));

/** All films, by title's name and then in reel order. */
export async function listFiles(db: Db): Promise<CatalogFile[]> {
  const order = [
    asc(catalogTitles.name),
    asc(catalogTitles.id),
    asc(catalogFiles.reel),
    asc(catalogFiles.path),
  ];
  const rows = await selectFiles(db).orderBy(...order);
  return rows.map((row) => catalogFileSchema.parse(row));
}

export async function getFile(db: Db, id: string): Promise<CatalogFile | null> {
  const [row] = await selectFiles(db).where(eq(catalogFiles.id, id));
  return row ? catalogFileSchema.parse(row) : null;
}

/** When a film was added; null where it is not there. */
export async function addedAt(db: Db, id: string): Promise<Date | null> {
  const { addedAt: at } = catalogFiles;
  const [row] = await db.select({ at }).from(catalogFiles).where(eq(catalogFiles.id, id));
  return row?.at ?? null;
}

export const isMarked = sql`jsonb_typeof(${catalogFiles.facts} -> 'marks') = 'array' and ${catalogFiles.facts} -> 'marks' <> '[]'`;

/** Films that say something about training on them. */
export async function filesMarked(db: Db): Promise<CatalogFile[]> {
  return (await selectFiles(db).where(isMarked)).map((row) => catalogFileSchema.parse(row));
}

export async function findFileByHash(db: Db, sha256: string): Promise<CatalogFile | null> {
  const [row] = await selectFiles(db).where(eq(catalogFiles.sha256, sha256));
  return row ? catalogFileSchema.parse(row) : null;
}

/** The film at a path: the one that was added last, where the file was replaced. */
export async function findFileByPath(db: Db, path: string): Promise<CatalogFile | null> {
  const query = selectFiles(db).where(eq(catalogFiles.path, path));
  const [row] = await query.orderBy(desc(catalogFiles.addedAt)).limit(1);
  return row ? catalogFileSchema.parse(row) : null;
}

/** Paths of all films. */
export async function listPaths(db: Db): Promise<string[]> {
  const rows = await db.selectDistinct({ path: catalogFiles.path }).from(catalogFiles);
  return rows.map(({ path }) => path);
}

/** All titles, by name. */
export async function listTitles(db: Db): Promise<TitleRow[]> {
  const { id, name, unmapped } = catalogTitles;
  return db.select({ id, name, unmapped }).from(catalogTitles).orderBy(asc(name), asc(id));
}

/** The sidecars of a film, by path. */
export async function listSidecars(db: Db, fileId: string): Promise<Sidecar[]> {
  const { id, kind, path } = catalogSidecars;
  const query = db.select({ id, kind, path }).from(catalogSidecars);
  const rows = await query.where(eq(catalogSidecars.fileId, fileId)).orderBy(asc(path));
  return rows.map((row) => sidecarSchema.parse(row));
}

/** By film, what changes when its title, its reel, its rate or a sidecar does. */
export async function filmMarks(db: Db): Promise<Map<string, string>> {
  const { rows } = await db.execute<{ id: string; mark: string }>(
    sql`select id, mark from (${markedFilms}) m`,
  );
  return new Map(rows.map(({ id, mark }) => [id, mark]));
}

/** Changes when any film's mark does: one row, however large the catalogue. */
export async function catalogMark(db: Db): Promise<string> {
  const all = sql`select coalesce(md5(string_agg(id || mark, ',' order by id)), '') as mark from (${markedFilms}) m`;
  return (await db.execute<{ mark: string }>(all)).rows[0]?.mark ?? '';
}

const markedFilms = sql`select f.id, md5(concat_ws('|', t.id, t.name, f.reel, f.fps, s.all_of_them)) as mark
  from ${catalogFiles} f join ${catalogTitles} t on t.id = f.title_id
  left join (select file_id, string_agg(kind || sha256, ',' order by path) as all_of_them
    from ${catalogSidecars} group by file_id) s on s.file_id = f.id`;

export interface NewSidecar extends Sidecar {
  fileId: string;
  sha256: string;
}

/** Attaches a sidecar; what lay at its path before is replaced. False where exactly this one was attached already. */
export async function attachSidecar(db: Db, sidecar: NewSidecar): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [known] = await tx.select().from(catalogSidecars).where(eq(catalogSidecars.id, sidecar.id));
    await tx
      .delete(catalogSidecars)
      .where(and(eq(catalogSidecars.path, sidecar.path), ne(catalogSidecars.id, sidecar.id)));
    const set = { path: sidecar.path };
    await tx.insert(catalogSidecars).values(sidecar).onConflictDoUpdate({ target: catalogSidecars.id, set });
    await tx.delete(catalogRefusals).where(eq(catalogRefusals.path, sidecar.path));
    return known === undefined;
  });
}

/** Takes a sidecar off its film. @returns the hash of what it was */
export async function detachSidecar(db: Db, id: string): Promise<string> {
  const own = db.delete(catalogSidecars).where(eq(catalogSidecars.id, id));
  return (await own.returning())[0]?.sha256 ?? '';
}

/** @param looked which bytes were refused and when, where their content alone decided */
export async function recordRefusal(db: Db, refusal: Refused, looked: Looked | null): Promise<void> {
  const { file, code, reason } = refusal;
  const row = {
    path: file,
    code,
    reason,
    sha256: looked?.sha256 ?? null,
    refusedAt: looked?.at ?? new Date(),
  };
  await db.insert(catalogRefusals).values(row).onConflictDoUpdate({ target: catalogRefusals.path, set: row });
}

/** What lies at a path now is in the catalogue, or the path leads nowhere any more. */
export const dropRefusal = async (db: Db, path: string): Promise<void> => {
  await db.delete(catalogRefusals).where(eq(catalogRefusals.path, path));
};

/** The paths at which the same bytes were refused. */
export async function refusedPaths(db: Db, sha256: string): Promise<string[]> {
  const { path } = catalogRefusals;
  const rows = await db.select({ path }).from(catalogRefusals).where(eq(catalogRefusals.sha256, sha256));
  return rows.map((row) => row.path);
}

/** Why bytes were refused before, wherever they lay; null where they were not. */
export async function refusalOf(db: Db, sha256: string): Promise<Refusal | null> {
  const [row] = await db.select().from(catalogRefusals).where(eq(catalogRefusals.sha256, sha256)).limit(1);
  if (!row) return null;
  return new Refusal(refusalCodeSchema.parse(row.code), row.reason, {
    sha256,
    at: row.refusedAt,
    before: true,
  });
}

/** Files that were refused and not taken since, by path. */
export async function listRefusals(db: Db): Promise<Refused[]> {
  const rows = await db.select().from(catalogRefusals).orderBy(asc(catalogRefusals.path));
  return rows.map(({ path, code, reason }) => refusedSchema.parse({ file: path, code, reason }));
}
