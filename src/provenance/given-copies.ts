import { existsSync } from 'node:fs';
import { type Context, fileHash } from '../jobs/index.ts';
import { takesShownBy } from './find.ts';
import {
  type Compared,
  type GivenVideo,
  madeBefore,
  notCompared,
  reasonsOf,
  videosOpen,
  writeCompared,
} from './given-store.ts';
import { keepPrints } from './print/keep.ts';
import { isUnreadable } from './print/read.ts';
import type { Uncompared } from './schema.ts';

/**
 * Compares videos that briefs give, and those that takes were given, with the fingerprints of takes: what is drawn from a copy of a
 * take is drawn from the take, whatever encoded it again (ADR 0144). Each is compared once; takes' own files and films of the catalogue
 * are known by their bytes and are not. Pictures have no fingerprint.
 * @param paths videos of briefs that are to be drawn; one that is not there is told of where it is read
 * @returns those that could not be compared and that takes were given, with why
 */
export async function compareGiven(context: Context, paths: readonly string[] = []): Promise<Uncompared[]> {
  const before = await videosOpen(context.db);
  const own = await hashed(paths);
  const others = before.filter(({ sha256 }) => !own.some((video) => video.sha256 === sha256));
  const gone = await compareAll(context, await notCompared(context.db, [...own, ...others]));
  const hashes = before.map(({ sha256 }) => sha256);
  const reasons = await reasonsOf(context.db, hashes);
  return before.flatMap(({ sha256, path, takes }) => {
    const why = gone.get(sha256) ?? reasons.get(sha256);
    return why === undefined ? [] : [{ file: path, why, takes }];
  });
}

async function hashed(paths: readonly string[]): Promise<GivenVideo[]> {
  const found = new Map<string, GivenVideo>();
  for (const path of new Set(paths)) {
    const sha256 = await fileHash(path).catch(() => null);
    if (sha256 !== null) found.set(sha256, { path, sha256, takes: [] });
  }
  return [...found.values()];
}

/** @returns why some could not be compared today, by sha256: another day they may lie there again */
async function compareAll(context: Context, videos: readonly GivenVideo[]): Promise<Map<string, string>> {
  const [here, gone] = [[] as GivenVideo[], new Map<string, string>()];
  for (const video of videos)
    if (existsSync(video.path) && (await fileHash(video.path).catch(() => null)) === video.sha256)
      here.push(video);
    else gone.set(video.sha256, 'no file of these bytes lies there any more');
  if (here.length > 0) await keepPrints(context);
  for (const [done, video] of here.entries()) {
    context.signal.throwIfAborted();
    context.report({ phase: 'compare given videos', done, total: here.length, unit: 'videos' });
    await writeCompared(context.db, video.sha256, await copiedIn(context, video));
  }
  return gone;
}

async function copiedIn(context: Context, { path, sha256 }: GivenVideo): Promise<Compared> {
  try {
    const takes = await takesShownBy(context, path);
    return { takes: await madeBefore(context.db, takes, sha256), reason: null };
  } catch (error) {
    if (isUnreadable(error)) return { takes: [], reason: error.facts.found };
    throw error;
  }
}
