import { resolve } from 'node:path';
import { type CatalogFile, listFiles } from '../catalog/index.ts';
import { BacklotError } from '../contract/index.ts';
import type { Db } from '../db/index.ts';
import { parseRate, rateNumber } from '../media/index.ts';
import { aspectOf } from './aspect.ts';
import { marksOf } from './marks.ts';
import type { ListInput, ListOutput } from './schema.ts';
import { activePictures, failuresByFile, filesDone, listShots, listTransitions } from './store.ts';

/**
 * Shots and transitions of one file, named by id or path, or of all.
 * @throws BacklotError `not-found`
 */
export async function listFound(db: Db, { file, speech, text }: ListInput): Promise<ListOutput> {
  const id = file === undefined ? undefined : await fileId(db, file);
  const files = (await listFiles(db)).filter((one) => id === undefined || one.id === id);
  const pictures = await picturesOf(db, files);
  const films = files.map((one) => ({
    fileId: one.id,
    title: one.titleName,
    reel: one.reel,
    path: one.path,
  }));
  const all = await listShots(db, id);
  const shots = all.filter(({ facts }) => {
    const heard = facts.speech == null ? undefined : facts.speech > 0;
    return holds(speech, heard) && holds(text, facts.text && facts.text.share > 0);
  });
  const marked = shots.map((shot) => ({ ...shot, marks: marksOf(shot.facts) }));
  const transitions = await listTransitions(db, id);
  return { films, shots: marked, transitions, pictures, without: await withoutShots(db, files) };
}

/** Films of which no shots were found, and why, where somebody tried. */
async function withoutShots(db: Db, files: readonly CatalogFile[]): Promise<ListOutput['without']> {
  const [done, failures] = [await filesDone(db), await failuresByFile(db)];
  return files
    .filter(({ id }) => !done.has(id))
    .map(({ id, titleName: title, reel, path }) => {
      const reason = failures.get(id)?.reason ?? null;
      return { fileId: id, title, reel, path, reason };
    });
}

/** What nobody looked at is neither with nor without. */
const holds = (wanted: 'with' | 'without' | undefined, is: boolean | undefined): boolean =>
  wanted === undefined || is === (wanted === 'with');

async function picturesOf(db: Db, files: readonly CatalogFile[]): Promise<ListOutput['pictures']> {
  const found = await activePictures(db);
  return files.flatMap((file) => {
    const activePicture = found.get(file.id);
    if (!activePicture) return [];
    const pixelAspect = rateNumber(parseRate(file.facts.sampleAspect));
    return [{ fileId: file.id, activePicture, aspect: aspectOf(activePicture, pixelAspect) }];
  });
}

/** @throws BacklotError `not-found` */
export async function fileId(db: Db, name: string): Promise<string> {
  const files = await listFiles(db);
  const file = files.find(({ id, path }) => id === name || path === resolve(name));
  if (file) return file.id;
  throw new BacklotError('not-found', {
    expected: 'the id or path of a catalogued file',
    where: 'catalogue',
    found: name,
    remedy: 'backlot catalog list shows the files; backlot catalog add takes new ones.',
  });
}
