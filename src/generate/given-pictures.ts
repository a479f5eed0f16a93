import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { type Db, texts } from '../db/index.ts';
import { type Context, fileHash } from '../jobs/index.ts';
import { firstFrames } from './given-file.ts';

/** Which shot a given picture was cut from: those that Backlot itself has cut out of films are material of these (ADR 0166). */

/** What takes have recorded of a file that they were given: its shot, or in earlier versions the name of a clip's first frame. */
export interface PictureRecord {
  sha256: string;
  shot: string | null;
  frame: string | null;
}

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
 * the workspace. One that was saved anew has other bytes and is not known.
 * @param given sha256 by path
 */
export async function shotsInFiles(
  { db, paths }: Pick<Context, 'db' | 'paths'>,
  given: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const recorded = await shotsOfPictures(db, [...given.values()]);
  const unknown = [...given].filter(([, sha256]) => !recorded.has(sha256));
  const frames = await sameBytes(firstFrames(paths), unknown);
  const thumbnails = await sameBytes(paths.thumbnails, unknown);
  const cut = await shotsOfRecords(
    db,
    [...frames].map(([sha256, frame]) => ({ sha256, shot: null, frame })),
  );
  const stills = [...thumbnails].map(([sha256, name]) => [sha256, name.replace(/\.jpg$/, '')] as const);
  return new Map([...recorded, ...stills, ...cut]);
}

/** The names of files in a folder that are the same as given ones, by sha256. Only those of one size are read: a library has a million. */
async function sameBytes(
  folder: string,
  given: readonly (readonly [path: string, sha256: string])[],
): Promise<Map<string, string>> {
  const sizes = new Set(await Promise.all(given.map(([path]) => sizeOf(path))));
  sizes.delete(-1);
  const wanted = new Set(given.map(([, sha256]) => sha256));
  const found = new Map<string, string>();
  if (sizes.size === 0) return found;
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if (!sizes.has(await sizeOf(path))) continue;
    const sha256 = await fileHash(path).catch(() => '');
    if (wanted.has(sha256)) found.set(sha256, name);
  }
  return found;
}

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => ({ size: -1 }))).size;
