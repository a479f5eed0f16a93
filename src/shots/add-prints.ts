import { type CatalogFile, listFiles, mustBeAsCatalogued, pulldownOf } from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';
import { parseRate, rateNumber } from '../media/index.ts';
import { framesToCompare, type Print, type PrintTaker } from './copies/prints.ts';
import { emptiedAmong, savePrints } from './copies/store.ts';
import { filmProgress } from './progress.ts';
import { readFilm } from './read-film.ts';
import type { Rectangle, Shot } from './schema.ts';
import { activePicture, listShots } from './store.ts';
import { type Failed, tried } from './tried.ts';

/** Reads a film again for the prints of its shots, or of some of them; nothing else of it changes. */
export async function addPrints(
  context: Context,
  file: CatalogFile,
  only?: ReadonlySet<string>,
): Promise<void> {
  const { db, report, signal } = context;
  const progress = filmProgress(report, file.frames, file.titleName);
  const pulldown = await pulldownOf(context, file);
  const look = { fps: file.fps, detector: 'fast', pulldown, video: file.facts } as const;
  const options = { ...look, report, signal, onFrames: progress.onFrames };
  const standing = await mustBeAsCatalogued(context, file);
  const { prints } = await readFilm(file.path, options);
  await mustBeAsCatalogued(context, file, standing);
  const active = await activePicture(db, file.id);
  const shots = (await listShots(db, file.id)).filter(({ id }) => only?.has(id) ?? true);
  await savePrints(
    db,
    shots.map((shot) => printOf(file, prints, shot, shot.facts.activePicture ?? active)),
  );
  progress.end(file.frames);
}

export function printOf(
  { id: file, facts: { width, height } }: CatalogFile,
  prints: PrintTaker,
  shot: Pick<Shot, 'id' | 'in' | 'out'>,
  active: Rectangle,
): Print {
  return { shot: shot.id, file, ...prints.over(shot, { width, height, active }) };
}

/**
 * Takes the prints of some shots anew that a withdrawal had removed: where they are permitted again, copies of them must be known
 * again.
 * @returns ids of the films that could not be read, whose shots stay without
 */
export async function printAgain(context: Context, shots: ReadonlySet<string>): Promise<Set<string>> {
  const failed: Failed[] = [];
  for (const [file, emptied] of await withoutPictures(context.db, shots))
    await tried(context, file, failed, () => addPrints(context, file, emptied));
  return new Set(failed.map(({ id }) => id));
}

/** Those of some shots of which a withdrawal has removed the prints, by their film. Shots too short for a print have an empty one from the start. */
async function withoutPictures(
  db: Context['db'],
  shots: ReadonlySet<string>,
): Promise<Map<CatalogFile, Set<string>>> {
  const empty = Map.groupBy(await emptiedAmong(db, [...shots]), ({ file }) => file);
  if (empty.size === 0) return new Map();
  return new Map(
    (await listFiles(db)).flatMap((file) => {
      const least = framesToCompare(rateNumber(parseRate(file.fps)));
      const gone = (empty.get(file.id) ?? []).filter(({ frames }) => frames >= least).map(({ shot }) => shot);
      return gone.length > 0 ? [[file, new Set(gone)] as const] : [];
    }),
  );
}
