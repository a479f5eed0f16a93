import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type CatalogFile, listFiles, mustBeAsCatalogued, type Standing } from '../catalog/index.ts';
import { BacklotError, idOf, messageOf } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { addPrints, printOf } from './add-prints.ts';
import { blurIn } from './blur.ts';
import { contrastIn } from './copies/hash.ts';
import { filesWithoutPrints } from './copies/store.ts';
import type { Found } from './detector.ts';
import { failedBefore, keepOutcome } from './failures.ts';
import { beginsAnew, type GoingOn, goingOn, passKey } from './go-on.ts';
import { openKeeper } from './keep-pass.ts';
import { labelsOf, relabel } from './labels.ts';
import type { AskedKey } from './left-pass.ts';
import { choosePictures, type FilmShape, withFolder } from './pictures.ts';
import { filmProgress } from './progress.ts';
import { type ReadFilm, readFilm } from './read-film.ts';
import {
  type Detected,
  type DetectorName,
  type Rectangle,
  type Shot,
  type ShotFacts,
  type Span,
  share,
  type Transition,
} from './schema.ts';
import { shapeOf } from './shape.ts';
import { createStillKeeper, type KeptStills } from './stills.ts';
import { filesDone, savePass } from './store.ts';
import { sharpnessIn } from './thumbnail.ts';
import { tried } from './tried.ts';
import { unfinishedFolder } from './unfinished.ts';

/** Recorded with each pass. */
const detectorName = 'cascade-5';

/**
 * Finds the shots of all catalogued files that lack them. Each file is kept as soon as it is done, so that a run that is
 * stopped goes on within the file it was in. A file that fails is reported with its reason, and the others go on.
 * @param again whether films that failed before and have not changed are tried
 * @throws the signal's reason
 */
export async function detectShots(
  context: Context,
  detector: DetectorName,
  again = false,
): Promise<Detected> {
  const files = await listFiles(context.db);
  const done = await filesDone(context.db);
  const unprinted = await filesWithoutPrints(context.db);
  const answer: Detected = { files: [], known: 0, failed: [] };
  for (const file of files) {
    if (!done.has(file.id)) {
      const before = again ? null : await failedBefore(context, file);
      if (before) answer.failed.push(before);
      else
        await tried(context, file, answer.failed, async () => {
          answer.files.push(await kept(context, file, detectOne(context, file, detector)));
        });
      continue;
    }
    answer.known++;
    await tried(context, file, answer.failed, () => relabel(context, file));
    if (unprinted.has(file.id)) await tried(context, file, answer.failed, () => addPrints(context, file));
  }
  return answer;
}

/** What the work on a film gives; that it failed is kept, so that it is not tried again in vain. */
async function kept<T>({ db, signal }: Context, file: CatalogFile, work: Promise<T>): Promise<T> {
  try {
    const done = await work;
    await keepOutcome(db, file, null);
    return done;
  } catch (error) {
    signal.throwIfAborted();
    await keepOutcome(db, file, error);
    throw error;
  }
}

async function detectOne(
  context: Context,
  file: CatalogFile,
  detector: DetectorName,
): Promise<Detected['files'][number]> {
  const { found, network } = await readAndKeep(context, file, {
    detector,
    by: `${detectorName}-${detector}`,
  });
  const { id, path, frames } = file;
  return {
    ...{ id, file: path, frames, shots: found.shots.length },
    ...{ transitions: countByType(found.transitions), network: share(network) },
  };
}

export interface ReadAndKeep {
  detector: DetectorName;
  /** What found the shots, recorded with the pass. */
  by: string;
  /** Shots in place of those that are found. */
  instead?: ((frames: number) => Found) | undefined;
  /** Milliseconds of work after which what the pass has come to is kept again: tests cannot wait. */
  everyMs?: number | undefined;
}

/** To write what is kept of a pass takes some 60 ms: of so many milliseconds of work less than half a hundredth. */
const keptEveryMs = 15_000;

/**
 * Reads a film in one decoding pass, and keeps its shots with their measures and pictures. Goes on where an earlier command
 * was stopped, if that gives the same as an undivided pass.
 * @throws BacklotError `master-changed`, `master-missing`, `frames-differ`, what decoding throws
 */
export async function readAndKeep(
  context: Context,
  file: CatalogFile,
  options: ReadAndKeep,
): Promise<ReadFilm> {
  const { signal } = context;
  const shape = await shapeOf(context, file);
  const { pulldown } = shape;
  const key = await passKey(file, { ...options, pulldown });
  const before = await goingOn(context, file, key);
  const folder = unfinishedFolder(context, file);
  const read = (from: GoingOn | null) =>
    withFolder(folder, signal, async () => {
      const standing = await mustBeAsCatalogued(context, file);
      return readFrom(context, file, { ...options, key, shape, folder, standing }, from);
    });
  if (before === null) return read(null);
  return read(before).catch((error: unknown) => {
    signal.throwIfAborted();
    beginsAnew(context, file, messageOf(error));
    return read(null);
  });
}

interface Reading extends ReadAndKeep {
  key: AskedKey;
  shape: FilmShape;
  folder: string;
  standing: Standing;
}

async function readFrom(
  context: Context,
  file: CatalogFile,
  { detector, by, instead, key, shape, folder, standing, everyMs = keptEveryMs }: Reading,
  before: GoingOn | null,
): Promise<ReadFilm> {
  const { report, signal } = context;
  const { fps, titleName } = file;
  const progress = filmProgress(report, file.frames, titleName, before?.left.state.detector.end);
  const stills = createStillKeeper(shape, { ...shape, folder, from: before?.left.state.stills });
  const keeper = await openKeeper({ folder, key, everyMs }, before?.left ?? null);
  const { pulldown, video } = shape;
  const known = { fps, detector, stills, report, signal, keeper, pulldown, video };
  const options = { ...known, seek: before?.seek, onFrames: progress.onFrames };
  // Nothing is written any more when the folder goes.
  const ended = () => Promise.all([keeper.close(), stills.written().catch(() => {})]);
  const [read, kept] = await readFilm(file.path, options)
    .finally(ended)
    .then(async (read) => [read, await stills.finish()] as const)
    .finally(stills.end);
  const found = instead?.(read.found.frames) ?? read.found;
  await keepShots(context, file, { ...read, found }, { by, shape, stills: kept, folder, standing });
  progress.end(file.frames);
  return { ...read, found };
}

interface Keeping {
  by: string;
  shape: FilmShape;
  stills: KeptStills;
  folder: string;
  standing: Standing;
}

async function keepShots(
  context: Context,
  file: CatalogFile,
  { found, ...measured }: ReadFilm,
  { by, shape, stills, folder, standing }: Keeping,
): Promise<void> {
  checkFrames(file, found.frames);
  const thumbnails = found.shots.map((_, i) => join(context.paths.thumbnails, `${shotId(file, i + 1)}.jpg`));
  const options = { folder, signal: context.signal };
  const chosen = await choosePictures(file.path, shape, found.shots, stills, options);
  const { facts, pictures, gradients } = chosen;
  const label = await labelsOf(context, file);
  const activeOf = (i: number) => pictures[i] ?? facts.activePicture;
  const taken = found.shots.map((span, i) =>
    printOf(file, measured.prints, { ...span, id: shotId(file, i + 1) }, activeOf(i)),
  );
  const shots = found.shots.map((span, i) => {
    const active = activeOf(i);
    const sharpness = gradients[i] ? sharpnessIn(gradients[i], active) : 0;
    const measures = factsOf(file, measured, span, active, sharpness);
    const blur = gradients[i] ? blurIn(gradients[i].steps, active, gradients[i]) : null;
    const blurred = blur === null ? {} : { blur: round(blur) };
    const contrast = contrastIn(taken[i]?.grids ?? new Uint8Array());
    const contrasted = contrast === null ? {} : { contrast: round(contrast) };
    const own = isSame(active, facts.activePicture) ? {} : { activePicture: active };
    const labels = { inTimecode: label(span.in), outTimecode: label(span.out) };
    return shotOf(file, { ...span, ...labels }, i + 1, thumbnails[i] ?? null, {
      ...measures,
      ...contrasted,
      ...blurred,
      ...own,
    });
  });
  const { transitions } = found;
  await mustBeAsCatalogued(context, file, standing);
  for (const [i, one] of chosen.files.entries()) await rename(one, thumbnails[i] as string);
  await savePass(context.db, { fileId: file.id, detector: by, facts, shots, transitions, prints: taken });
}

const isSame = (a: Rectangle, b: Rectangle): boolean =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;

const shotId = (file: CatalogFile, number: number): string =>
  idOf('sht', `${file.sha256.slice(0, 12)}_${String(number).padStart(4, '0')}`);

function checkFrames(file: CatalogFile, frames: number): void {
  if (frames === file.frames) return;
  throw new BacklotError('frames-differ', {
    expected: `${file.frames} frames, as catalogued`,
    where: file.path,
    found: `${frames}`,
    remedy: 'The file changed since it was added: restore it, or add it again.',
  });
}

const shotOf = (
  file: CatalogFile,
  place: Span & Pick<Shot, 'inTimecode' | 'outTimecode'>,
  number: number,
  thumbnail: string | null,
  facts: ShotFacts,
): Shot => ({ id: shotId(file, number), fileId: file.id, number, ...place, thumbnail, facts });

/** Bars are black: what they take from the means of the whole frame is their share of it. */
function factsOf(
  { facts: { width, height } }: CatalogFile,
  { measures, camera }: Pick<ReadFilm, 'measures' | 'camera'>,
  span: Span,
  active: Rectangle,
  sharpness: number,
): ShotFacts {
  const share = (active.width * active.height) / (width * height);
  const { luma, colour, motion } = measures.over(span);
  const level = (value: number) => Math.min(255, round(value / share));
  const [r, g, b] = colour;
  const move = camera.over(span);
  return {
    ...(move ? { camera: move } : {}),
    luma: level(luma),
    colour: [level(r), level(g), level(b)],
    motion: round(motion / share),
    sharpness: round(sharpness),
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;

function countByType(transitions: readonly Transition[]) {
  const counts = { cut: 0, fade: 0, dissolve: 0, wipe: 0 };
  for (const { type } of transitions) counts[type]++;
  return counts;
}
