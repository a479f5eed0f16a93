import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Context } from '../jobs/index.ts';
import { copiesOf } from './copies/copies.ts';
import { emptyPrints, wereCompared } from './copies/store.ts';
import { forgetThumbnails, forgetWords, thumbnailsOf } from './store.ts';
import { unfinishedFolders } from './unfinished.ts';

/**
 * Removes the pictures of shots: thumbnails, and the small pictures by which copies are found; and the words that were read in
 * them. Shots and measurements stay, and so does which shots are copies of each other. What passes that were
 * stopped have kept of films goes whole, as it is not known yet which shots those have. Stopped half-way it can be given again.
 * @returns how many shots had a thumbnail
 */
export async function purgePictures(
  context: Pick<Context, 'db' | 'paths' | 'report' | 'signal'>,
  shots: Iterable<string>,
): Promise<number> {
  const { db, paths } = context;
  const ids = [...shots];
  // Once more, where anybody asked before: afterwards nobody can say what these shots are copied by.
  if (await wereCompared(db)) await copiesOf(context);
  await emptyPrints(db, ids);
  await forgetWords(db, ids);
  const found = await thumbnailsOf(db, ids);
  // Only what this stage has written, where this workspace lies today: a row must not lead to a master, or into the folder it was copied from.
  for (const { thumbnail } of found) await rm(join(paths.thumbnails, basename(thumbnail)), { force: true });
  for (const folder of await unfinishedFolders(context)) await rm(folder, { recursive: true, force: true });
  await forgetThumbnails(
    db,
    found.map(({ id }) => id),
  );
  return found.length;
}
