import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BacklotError } from '../contract/index.ts';
import { appendAudit, type Context } from '../jobs/index.ts';
import { byEditor } from './adopt.ts';
import { forgetPass, restingOn } from './discard-store.ts';
import type { Discarded, DiscardInput } from './exchange-schema.ts';
import { fileId } from './list.ts';
import { listShots, passOf } from './store.ts';

/**
 * Takes an editor's cut back that `shots adopt` took: the film has no shots again. Only where nothing rests on them, as the
 * shots that are found next have the same ids.
 * @throws BacklotError `not-found`, `not-adopted`, `shots-in-use`
 */
export async function discardCut(context: Context, { file }: DiscardInput): Promise<Discarded> {
  const { db, paths, who } = context;
  const id = await fileId(db, file);
  if ((await passOf(db, id))?.detector !== byEditor) throw notAdopted(file);
  const shots = await listShots(db, id);
  const details = { shots: shots.length };
  await db.transaction(async (tx) => {
    await appendAudit(tx, { who, what: 'shots.discard', subject: id, details });
    const uses = await restingOn(
      tx,
      shots.map((shot) => shot.id),
    );
    if (uses.length > 0) throw inUse(file, uses);
    await forgetPass(tx, id);
  });
  // Only what this stage has written, where this workspace lies today.
  for (const { thumbnail } of shots)
    if (thumbnail) await rm(join(paths.thumbnails, basename(thumbnail)), { force: true });
  return { file: id, ...details };
}

const notAdopted = (where: string) =>
  new BacklotError('not-adopted', {
    expected: "a film file whose shots an editor's cut gave",
    where,
    found: 'none, or shots that were found',
    remedy: 'Shots that were found stay: see how a cut differs with shots compare.',
  });

const inUse = (where: string, uses: readonly string[]) =>
  new BacklotError('shots-in-use', {
    expected: 'shots on which nothing rests',
    where,
    found: uses.join(', '),
    remedy: 'Work in a new workspace with the right cut: ids of shots are part of decisions and datasets.',
  });
