import { join } from 'node:path';
import { type CatalogFile, listFiles, pulldownOf } from '../catalog/index.ts';
import { BacklotError, idOf } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { parseRate, rateNumber } from '../media/index.ts';
import { blurIn } from './blur.ts';
import type { Print, PrintTaker } from './copies/prints.ts';
import { filesWithoutPrints, savePrints } from './copies/store.ts';
import { labelsOf, relabel } from './labels.ts';
import { readPictures } from './pictures.ts';
import { type FilmProgress, filmProgress } from './progress.ts';
import { type ReadFilm, readFilm } from './read-film.ts';
import {
  type Detected,
  type DetectorName,
  type FileFacts,
  type Rectangle,
  type Shot,
  type ShotFacts,
  type Span,
  share,
  type Transition,
} from './schema.ts';
import { activePicture, filesDone, listShots, savePass } from './store.ts';
import { sharpnessIn } from './thumbnail.ts';
import { tried } from './tried.ts';

/** Recorded with each pass. */
const detectorName = 'cascade-4';

/**
 * Finds the shots of all catalogued files that lack them. Each file is kept as soon as it is done, so that a run that is
 * stopped goes on with the file it was in. A file that fails is reported with its reason, and the others go on.
 * @throws the signal's reason
 */
export async function detectShots(context: Context, detector: DetectorName): Promise<Detected> {
  const files = await listFiles(context.db);
  const done = await filesDone(context.db);
  const unprinted = await filesWithoutPrints(context.db);
  const answer: Detected = { files: [], known: 0, failed: [] };
  for (const file of files) {
    if (!done.has(file.id)) {
      await tried(context, file, answer.failed, async () => {
        answer.files.push(await detectOne(context, file, detector));
      });
      continue;
    }
    answer.known++;
    await tried(context, file, answer.failed, () => relabel(context, file));
    if (unprinted.has(file.id)) await tried(context, file, answer.failed, () => addPrints(context, file));
  }
  return answer;
}

async function detectOne(
  context: Context,
  file: CatalogFile,
  detector: DetectorName,
): Promise<Detected['files'][number]> {
  const { signal, report } = context;
  const progress = filmProgress(report, 2 * file.frames, file.titleName);
  const read = await readFilm(file.path, {
    ...{ fps: file.fps, detector, pulldown: await pulldownOf(context, file), report, signal },
    onFrames: progress.onFrames,
  });
  await keepShots(context, file, read, `${detectorName}-${detector}`, progress);
  const { id, path, frames } = file;
  const { shots, transitions } = read.found;
  return {
    ...{ id, file: path, frames, shots: shots.length },
    ...{ transitions: countByType(transitions), network: share(read.network) },
  };
}

/** Reads a film again whose shots were found before prints were taken of them; nothing else of it changes. */
async function addPrints(context: Context, file: CatalogFile): Promise<void> {
  const { db, report, signal } = context;
  const progress = filmProgress(report, file.frames, file.titleName);
  const pulldown = await pulldownOf(context, file);
  const look = { fps: file.fps, detector: 'fast', pulldown } as const;
  const options = { ...look, report, signal, onFrames: progress.onFrames };
  const { prints } = await readFilm(file.path, options);
  const active = await activePicture(db, file.id);
  const shots = await listShots(db, file.id);
  await savePrints(
    db,
    shots.map((shot) => printOf(file, prints, shot, shot.facts.activePicture ?? active)),
  );
  progress.end(file.frames);
}

function printOf(
  { id: file, facts: { width, height } }: CatalogFile,
  prints: PrintTaker,
  shot: Pick<Shot, 'id' | 'in' | 'out'>,
  active: Rectangle,
): Print {
  return { shot: shot.id, file, ...prints.over(shot, { width, height, active }) };
}

/**
 * Measures the shots of a film that was read, takes their pictures in a second pass, and keeps all of it.
 * @param detector what found them, recorded with the pass
 * @throws BacklotError `frames-differ`, what decoding throws
 */
export async function keepShots(
  context: Context,
  file: CatalogFile,
  { found, ...measured }: Omit<ReadFilm, 'network'>,
  detector: string,
  progress: FilmProgress,
): Promise<void> {
  checkFrames(file, found.frames);
  const thumbnails = found.shots.map((_, i) => join(context.paths.thumbnails, `${shotId(file, i + 1)}.jpg`));
  const onFrames = (frames: number) => progress.onFrames(file.frames + frames);
  const { signal } = context;
  const options = { thumbnails, onFrames, signal };
  const shape = { ...shapeOf(file), pulldown: await pulldownOf(context, file) };
  const { facts, pictures, gradients } = await readPictures(file.path, shape, found.shots, options);
  const label = await labelsOf(context, file);
  const shots = found.shots.map((span, i) => {
    const active = pictures[i] ?? facts.activePicture;
    const sharpness = gradients[i] ? sharpnessIn(gradients[i], active) : 0;
    const measures = factsOf(file, measured, span, active, sharpness);
    const blur = gradients[i] ? blurIn(gradients[i].steps, active, gradients[i]) : null;
    const blurred = blur === null ? {} : { blur: round(blur) };
    const own = isSame(active, facts.activePicture) ? {} : { activePicture: active };
    const labels = { inTimecode: label(span.in), outTimecode: label(span.out) };
    return shotOf(file, { ...span, ...labels }, i + 1, thumbnails[i] ?? null, {
      ...measures,
      ...blurred,
      ...own,
    });
  });
  const taken = shots.map((shot) => printOf(file, measured.prints, shot, pictureOf(shot, facts)));
  const { transitions } = found;
  await savePass(context.db, { fileId: file.id, detector, facts, shots, transitions, prints: taken });
  progress.end(2 * file.frames);
}

const pictureOf = (shot: Shot, { activePicture }: FileFacts): Rectangle =>
  shot.facts.activePicture ?? activePicture;

const isSame = (a: Rectangle, b: Rectangle): boolean =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;

const shotId = (file: CatalogFile, number: number): string =>
  idOf('sht', `${file.sha256.slice(0, 12)}_${String(number).padStart(4, '0')}`);

function shapeOf({ facts }: CatalogFile) {
  const { width, height } = facts;
  const pixelAspect = rateNumber(parseRate(facts.sampleAspect));
  return { width, height, pixelAspect };
}

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
