import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sql } from 'drizzle-orm';
import { shotsOfExported } from '../dataset/index.ts';
import { type Db, texts } from '../db/index.ts';
import { type Context, fileHash } from '../jobs/index.ts';
import { firstFrames } from './given-file.ts';

/** Which shot a given picture, or video of an export, was cut from: those that Backlot itself has cut out of films are material of these (ADR 0166). */

/** What takes have recorded of a file that they were given: its shot, or in earlier versions the name of a clip's first frame. */
export interface PictureRecord {
  sha256: string;
  shot: string | null;
  frame: string | null;
}

/** The shots of given pictures and videos, by sha256. */
export type Pictures = ReadonlyMap<string, string>;

/** `shot` and `frame` of a reference `r` of a brief, as `PictureRecord` has them. */
export const pictureColumns = sql`r ->> 'shot' as shot,
  case when r ->> 'path' like '%/first-frames/%' then substring(r ->> 'path' from '/first-frames/(.*)$') end as frame`;

/** The shots of pictures, by sha256; those of which no shot is known are left out. */
export async function shotsOfRecords(
  db: Db,
  records: readonly PictureRecord[],
): Promise<Map<string, string>> {
  const shots = await shotsOfFrames(
    db,
    records.flatMap(({ shot, frame }) => (shot === null && frame !== null ? [frame] : [])),
  );
  return new Map(
    records.flatMap(({ sha256, shot, frame }) => {
      const of = shot ?? shots.get(frame ?? '');
      return of === undefined ? [] : [[sha256, of] as const];
    }),
  );
}

/** The shots of first frames, each named by 12 digits of its clip. */
async function shotsOfFrames(db: Db, frames: readonly string[]): Promise<Map<string, string>> {
  if (frames.length === 0) return new Map();
  const { rows } = await db.execute<{ frame: string; shot: string }>(sql`
    select left(clip_id, 12) || '.png' as frame, min(shot_id) as shot from dataset_clips
    where left(clip_id, 12) || '.png' = any(${texts(frames)}) group by 1`);
  return new Map(rows.map(({ frame, shot }) => [frame, shot]));
}

/** The same of files that takes were given, by what these have recorded. */
export async function shotsOfPictures(db: Db, files: readonly string[]): Promise<Map<string, string>> {
  if (files.length === 0) return new Map();
  const { rows } = await db.execute<PictureRecord & Record<string, unknown>>(sql`
    select distinct r ->> 'sha256' as sha256, ${pictureColumns}
    from generate_takes, lateral jsonb_array_elements(brief -> 'references') r
    where jsonb_array_length(brief -> 'references') > 0 and r ->> 'sha256' = any(${texts(files)})`);
  return shotsOfRecords(db, rows);
}

/**
 * The same of files that are to be given, wherever they were copied to: by what takes have recorded, and by the bytes of the pictures in
 * the workspace, and those of videos that were exported. One that was saved anew has other bytes and is not known.
 * @param given sha256 by path
 */
export async function shotsInFiles(
  { db, paths }: Pick<Context, 'db' | 'paths'>,
  given: ReadonlyMap<string, string>,
): Promise<Pictures> {
  const recorded = await shotsOfPictures(db, [...given.values()]);
  const unknown = [...given].filter(([, sha256]) => !recorded.has(sha256));
  const frames = await sameBytes(firstFrames(paths), PNG, unknown);
  const thumbnails = await sameBytes(paths.thumbnails, JPEG, unknown);
  const cut = await shotsOfRecords(
    db,
    [...frames].map(([sha256, frame]) => ({ sha256, shot: null, frame })),
  );
  const stills = [...thumbnails].map(([sha256, name]) => [sha256, basename(name, JPEG.ending)] as const);
  const exported = await shotsOfExported(
    paths,
    unknown.map(([, sha256]) => sha256),
  );
  return new Map([...recorded, ...stills, ...cut, ...exported]);
}

/** A kind of picture: how its name ends in the workspace, and how its bytes begin under any name. */
interface Kind {
  ending: string;
  begins: Buffer;
}

const PNG: Kind = { ending: '.png', begins: Buffer.from([0x89, 0x50, 0x4e, 0x47]) };
const JPEG: Kind = { ending: '.jpg', begins: Buffer.from([0xff, 0xd8]) };

/** Files whose sizes are asked for together. */
const AT_ONCE = 1000;

/** The names of files in a folder that are the same as given ones of a kind, by sha256. Only those of one size are read: a library has a million. */
async function sameBytes(
  folder: string,
  kind: Kind,
  given: readonly (readonly [path: string, sha256: string])[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const own = (await Promise.all(given.map((one) => ofKind(kind, one)))).flat();
  if (own.length === 0) return found;
  const sizes = new Set(own.map(({ bytes }) => bytes));
  const wanted = new Set(own.map(({ sha256 }) => sha256));
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(kind.ending));
  for (let at = 0; at < names.length; at += AT_ONCE)
    for (const name of await ofSizes(folder, names.slice(at, at + AT_ONCE), sizes)) {
      const sha256 = await fileHash(join(folder, name)).catch(() => '');
      if (wanted.has(sha256)) found.set(sha256, name);
    }
  return found;
}

/** A given file and its length, where it is of the kind and there. */
async function ofKind({ begins }: Kind, [path, sha256]: readonly [path: string, sha256: string]) {
  const file = await open(path).catch(() => null);
  if (file === null) return [];
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(begins.length), 0, begins.length, 0);
    return buffer.subarray(0, bytesRead).equals(begins) ? [{ sha256, bytes: (await file.stat()).size }] : [];
  } finally {
    await file.close();
  }
}

async function ofSizes(folder: string, names: readonly string[], sizes: ReadonlySet<number>) {
  const bytes = await Promise.all(names.map((name) => sizeOf(join(folder, name))));
  return names.filter((_, i) => sizes.has(bytes[i] ?? -1));
}

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => ({ size: -1 }))).size;
