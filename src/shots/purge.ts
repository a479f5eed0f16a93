import { rm } from 'node:fs/promises';
import { relative } from 'node:path';
import type { Context } from '../jobs/index.ts';
import { forgetThumbnails, thumbnailsOf } from './store.ts';

/**
 * Removes the thumbnails of shots; shots and measurements stay. Stopped half-way it can be given again.
 * @returns how many shots had one
 */
export async function purgeThumbnails(
  { db, paths }: Pick<Context, 'db' | 'paths'>,
  shots: Iterable<string>,
): Promise<number> {
  const found = await thumbnailsOf(db, [...shots]);
  // Only what this stage has written: a row must not lead to a master.
  const own = found.filter(({ thumbnail }) => !relative(paths.thumbnails, thumbnail).startsWith('..'));
  for (const { thumbnail } of own) await rm(thumbnail, { force: true });
  await forgetThumbnails(
    db,
    found.map(({ id }) => id),
  );
  return found.length;
}
