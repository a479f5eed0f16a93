import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BacklotError } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { isPattern } from '../media/index.ts';
import { addFilm } from './add-film.ts';
import { findFiles, refused } from './find.ts';
import { noMap, oneTitle, readTitleMap, type TitleMap } from './map.ts';
import { filmOf } from './match.ts';
import { progressOver } from './progress.ts';
import { type Looked, Refusal } from './refusal.ts';
import type { AddedSidecar, AddInput, AddOutput, CatalogFile, Known, Refused } from './schema.ts';
import { readSidecar } from './sidecar.ts';
import {
  addMarks,
  attachSidecar,
  detachSidecar,
  dropRefusal,
  findFileByPath,
  getFile,
  listPaths,
  listSidecars,
  recordRefusal,
  refusedPaths,
} from './store.ts';

/**
 * Adds films and their sidecars to the catalogue. Every file is decided: added, known or refused with a reason. Each
 * is kept as soon as it is decided, so that a run that is killed goes on where it stopped when it is started again.
 * Opens the files read-only.
 * @throws BacklotError `bad-input`, `bad-map`, `ffmpeg-missing`; the signal's reason
 */
export async function addFiles(context: Context, input: AddInput): Promise<AddOutput> {
  const map = await titleMapOf(input);
  const found = await findFiles(input.paths);
  const answer: AddOutput = { added: [], refused: [], known: [], unused: map.unused(found.films) };
  for (const refusal of found.refused) await keepRefusal(context, answer, refusal, null);
  const progress = await progressOver(found.films, context.report);
  for (const [index, film] of found.films.entries()) {
    const again = found.named.has(film);
    await decide(context, answer, film, () =>
      addFilm(context, film, { map, rate: input.rate }, progress.at(index), again),
    );
  }
  progress.end();
  const sidecars = found.sidecars.filter((path) => input.map === undefined || path !== resolve(input.map));
  const paths = await listPaths(context.db);
  for (const path of sidecars) await decide(context, answer, path, () => addSidecar(context, path, paths));
  const films = [...answer.added, ...answer.known].filter(({ kind }) => kind === 'film');
  for (const { id } of films) answer.known.push(...(await detachGone(context, id)));
  return answer;
}

async function titleMapOf({ title, map }: AddInput): Promise<TitleMap> {
  if (title === undefined) return map === undefined ? noMap : readTitleMap(map);
  if (map === undefined) return oneTitle(title);
  throw new BacklotError('bad-input', {
    expected: 'a title or a map',
    where: 'catalog add',
    found: 'both',
    remedy: 'Name one title for all files, or give a CSV that says which file belongs to which title.',
  });
}

type Decided = AddOutput['added'][number] | Known;

async function decide(
  context: Context,
  answer: AddOutput,
  file: string,
  work: () => Promise<Decided>,
): Promise<void> {
  context.signal.throwIfAborted();
  try {
    const entry = await work();
    if ('reason' in entry) {
      answer.known.push(entry);
      await dropRefusal(context.db, file);
    } else answer.added.push(entry);
  } catch (error) {
    await keepRefusal(context, answer, refused(file, error), error instanceof Refusal ? error.looked : null);
  }
}

async function keepRefusal(
  context: Context,
  answer: AddOutput,
  refusal: Refused,
  looked: Looked | null,
): Promise<void> {
  const day = looked?.before ? looked.at.toISOString().slice(0, 10) : null;
  const since = day
    ? ` (so it was on ${day}, and it has not changed: name the file itself to try again)`
    : '';
  answer.refused.push({ ...refusal, reason: refusal.reason + since });
  await recordRefusal(context.db, refusal, looked);
  if (looked) await followRefused(context, looked.sha256);
}

/** A refused file that was moved stands in the list where it lies now, and nowhere else. */
async function followRefused({ db }: Context, sha256: string): Promise<void> {
  for (const path of await refusedPaths(db, sha256)) {
    // A sequence's path is a pattern, which no file has.
    if (!isPattern(path) && (await isGone(path))) await dropRefusal(db, path);
  }
}

/** A film that was just read has beside it what lies there; marks that a sidecar made stay. */
async function detachGone({ db }: Context, filmId: string): Promise<Known[]> {
  const film = await getFile(db, filmId);
  const gone: Known[] = [];
  for (const { id, path } of await listSidecars(db, filmId)) {
    if (!(await isGone(path))) continue;
    const reason = `gone: no longer a sidecar of ${film?.path}`;
    gone.push({ file: path, sha256: await detachSidecar(db, id), id, kind: 'sidecar', reason });
  }
  return gone;
}

const isGone = (path: string): Promise<boolean> =>
  access(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );

async function addSidecar(
  context: Context,
  path: string,
  films: readonly string[],
): Promise<AddedSidecar | Known> {
  const { kind, sha256, marks } = await readSidecar(path);
  const film = (await findFileByPath(context.db, filmOf(path, films))) as CatalogFile;
  const id = `sdc_${createHash('sha256').update(`${film.id} ${sha256}`).digest('hex').slice(0, 12)}`;
  const isNew = await attachSidecar(context.db, { id, kind, path, sha256, fileId: film.id });
  await addMarks(context.db, film, marks);
  if (isNew) return { kind: 'sidecar', file: path, sha256, id, film: film.path };
  return { file: path, sha256, id, kind: 'sidecar', reason: `already attached to ${film.path}` };
}
