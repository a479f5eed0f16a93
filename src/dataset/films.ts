import { basename } from 'node:path';
import {
  type CatalogFile,
  deinterlaceOf,
  frameTable,
  grantedOf,
  listFiles,
  listSidecars,
  missingReels,
  pulldownOf,
  reelsInWords,
  shownTimesOf,
} from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';
import { isLightUntold, parseRate, rateNumber, widePrimaries } from '../media/index.ts';
import { activePicture, framesToCompare, listShots, marksOf, type Shot } from '../shots/index.ts';
import { insideOf } from './film-tracks.ts';
import { type FilmClock, wordsOf } from './film-words.ts';
import { wordsForShot } from './measured.ts';
import type { Film } from './plan.ts';
import type { SnapshotRecord } from './schema.ts';
import { writtenWords } from './written-words.ts';

/**
 * The films that have an allowed shot, in the order of titles and reels, with everything that cutting them needs.
 * @param allowed ids of the allowed shots
 */
export async function readFilms(
  context: Context,
  allowed: ReadonlyMap<string, unknown>,
): Promise<{ films: Film[]; notices: SnapshotRecord['notices'] }> {
  const files = [...(await listFiles(context.db))].sort(inOrder);
  const films: Film[] = [];
  const notices: SnapshotRecord['notices'] = [];
  const bare: CatalogFile[] = [];
  for (const file of files) {
    const shots = await listShots(context.db, file.id);
    if (shots.length === 0) bare.push(file);
    if (!shots.some((shot) => allowed.has(shot.id))) continue;
    const written = await writtenWords(context.db, file.id, shots);
    const found = await wordsOf(
      await clockOf(context, file),
      await listSidecars(context.db, file.id),
      written,
      insideOf(file, context.signal),
    );
    films.push(await filmOf(context, file, shots, found.words));
    notices.push(...found.notices.map((notice) => ({ file: file.sha256, ...notice })));
  }
  return { films, notices: [...notices, ...lacking(bare, films), ...uncatalogued(files, films)] };
}

/** Reels that the numbers of others leave room for: nobody may have noticed that they were never added. */
function uncatalogued(files: readonly CatalogFile[], films: readonly Film[]): SnapshotRecord['notices'] {
  const giving = new Set(films.map(({ title }) => title));
  const titles = Map.groupBy(
    files.filter(({ titleId }) => giving.has(titleId)),
    ({ titleId }) => titleId,
  );
  return [...titles.values()].flatMap(([first, ...more]) =>
    first
      ? missingReels([first, ...more].map(({ reel }) => reel)).map((gap) => ({
          ...{ file: first.sha256, code: 'reel-missing' },
          message: `${reelsInWords(gap, first.titleName)}: not in the catalogue, so nothing of it is here`,
        }))
      : [],
  );
}

/** Reels of which no shots were found, of titles of which others were: nobody would see that they are not there. */
function lacking(bare: readonly CatalogFile[], films: readonly Film[]): SnapshotRecord['notices'] {
  const titles = new Set(films.map(({ title }) => title));
  return bare
    .filter(({ titleId }) => titles.has(titleId))
    .map(({ sha256, path, titleName, reel }) => ({
      ...{ file: sha256, code: 'no-shots' },
      message: `${basename(path)}, reel ${reel} of ${titleName}: no shots were found of it, so nothing of it is here (shots list says why)`,
    }));
}

const inOrder = (a: CatalogFile, b: CatalogFile): number => {
  const key = (file: CatalogFile) =>
    [file.titleId, String(file.reel).padStart(9, '0'), file.sha256].join('\n');
  return key(a) < key(b) ? -1 : 1;
};

/** How a film counts time. @throws BacklotError `frame-table-missing`, `frame-table-damaged` */
export async function clockOf(context: Pick<Context, 'paths'>, file: CatalogFile): Promise<FilmClock> {
  const { fps, frames, facts } = file;
  const { startTimecode, dropFrame } = facts;
  return { fps, frames, startTimecode, dropFrame, times: await shownTimesOf(context, file) };
}

async function filmOf(
  context: Context,
  file: CatalogFile,
  shots: readonly Shot[],
  words: Film['words'],
): Promise<Film> {
  return {
    ...{ sha256: file.sha256, path: file.path, title: file.titleId, titleName: file.titleName },
    ...{ reel: file.reel, frames: file.frames, sampleAspect: file.facts.sampleAspect },
    interlaced: deinterlaceOf(file.facts),
    pulldown: await pulldownOf(context, file),
    hdr: file.facts.hdr,
    wide: widePrimaries(file.facts),
    isLightUntold: isLightUntold(file.facts),
    granted: grantedOf(file.facts),
    table: await frameTable(context, file.id),
    picture: await activePicture(context.db, file.id),
    words,
    framesToCompare: framesToCompare(rateNumber(parseRate(file.fps))),
    shots: shots.map((shot) => ({
      ...{ id: shot.id, in: shot.in, out: shot.out },
      words: wordsForShot(shot.facts),
      colour: shot.facts.colour,
      picture: shot.facts.activePicture,
      marks: marksOf(shot.facts),
      isRead: shot.facts.text !== undefined,
    })),
  };
}
