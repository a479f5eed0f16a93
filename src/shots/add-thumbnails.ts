import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type CatalogFile, listFiles, mustBeAsCatalogued } from '../catalog/index.ts';
import type { Db } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { picturesOf, withFolder } from './pictures.ts';
import type { Shot } from './schema.ts';
import { shapeOf } from './shape.ts';
import { keepThumbnails, listShots, withoutThumbnails } from './store.ts';
import { type Failed, tried } from './tried.ts';
import { unfinishedFolder } from './unfinished.ts';

/** What the shots were chosen by holds no more, for any film. */
const over = 'not-cleared';

type Keeping = (write: (db: Pick<Db, 'transaction'>) => Promise<void>) => Promise<void>;

/**
 * Takes the thumbnails of some shots anew that a withdrawal had removed: where they are permitted again, people see and find them again. Of a
 * film that cannot be read, which is told of, they stay without; so do all that are left once nothing more may be recorded.
 * @param keeping records what `write` does in one transaction; throws `not-cleared` where what the shots were chosen by holds no more
 */
export async function picturesAgain(
  context: Context,
  shots: ReadonlySet<string>,
  keeping: Keeping,
): Promise<void> {
  const bare = (await withoutThumbnails(context.db)).filter(({ id }) => shots.has(id));
  if (bare.length === 0) return;
  const films = Map.groupBy(bare, ({ fileId }) => fileId);
  const failed: Failed[] = [];
  const phase = { phase: 'thumbnails', total: films.size, unit: 'films' };
  let done = 0;
  for (const file of await listFiles(context.db)) {
    const own = films.get(file.id)?.map(({ id }) => id);
    if (!own) continue;
    if (failed.some(({ code }) => code === over)) break;
    context.report({ ...phase, done: done++ });
    await tried(context, file, failed, () => addThumbnails(context, file, new Set(own), keeping));
  }
  for (const { file, code, reason } of failed)
    context.report({
      ...{ ...phase, done },
      notice: `${file}${code === over ? ' and the films after it' : ''}: thumbnails that a withdrawal removed could not be taken anew: ${reason}`,
    });
}

async function addThumbnails(
  context: Context,
  file: CatalogFile,
  only: ReadonlySet<string>,
  keeping: Keeping,
): Promise<void> {
  const { db, paths, signal } = context;
  // Asked before a film is decoded too: it would be for nothing.
  await keeping(async () => {});
  const shots = (await listShots(db, file.id)).filter(({ id }) => only.has(id));
  const shape = await shapeOf(context, file);
  // Not the folder of a pass, from which that goes on; a withdrawal knows both.
  const folder = unfinishedFolder(context, { id: `${file.id}.again` });
  await withFolder(folder, signal, async () => {
    const standing = await mustBeAsCatalogued(context, file);
    const files = await picturesOf(file.path, shape, shots, { folder, signal });
    await mustBeAsCatalogued(context, file, standing);
    const pathOf = ({ id }: Pick<Shot, 'id'>) => join(paths.thumbnails, `${id}.jpg`);
    await keeping(async (tx) => {
      for (const [i, shot] of shots.entries()) await rename(files[i] as string, pathOf(shot));
      await keepThumbnails(
        tx,
        shots.map((shot) => [shot.id, pathOf(shot)]),
      );
    });
  });
}
