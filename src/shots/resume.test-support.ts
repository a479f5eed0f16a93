import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addFiles, type CatalogFile, listFiles } from '../catalog/index.ts';
import { type Db, openDb, tables } from '../db/index.ts';
import { type Context, workspacePaths } from '../jobs/index.ts';
import { encodeVideo } from '../media/index.ts';
import { readAndKeep } from './detect-shots.ts';
import { dissolve, type Frames, fadeIn, fadeOut, shot } from './films.test-support.ts';
import type { DetectorName } from './schema.ts';
import { unfinishedFolder } from './unfinished.ts';

type Where = Pick<Context, 'db' | 'paths'>;

/** Everything that is kept of all films, pictures as hashes, in words that two runs can be compared by. */
export async function allKept(db: Db): Promise<string> {
  const { shotsShots, shotsTransitions, shotsPrints, shotsPasses } = tables;
  const shots = (await db.select().from(shotsShots).orderBy(shotsShots.id)).map((shot) => ({
    ...shot,
    thumbnail: createHash('sha256')
      .update(readFileSync(shot.thumbnail ?? ''))
      .digest('hex'),
  }));
  const transitions = await db.select().from(shotsTransitions).orderBy(shotsTransitions.startFrame);
  const prints = (await db.select().from(shotsPrints)).map((print) => JSON.stringify(print));
  const passes = (await db.select().from(shotsPasses)).map(({ foundAt, ...pass }) => pass);
  return JSON.stringify({ shots, transitions, prints: prints.sort(), passes });
}

/** Nothing of an earlier pass over any film is taken for what the next one kept. */
async function forgetAll({ db, paths }: Where): Promise<void> {
  const { shotsShots, shotsTransitions, shotsPrints, shotsPasses } = tables;
  for (const table of [shotsShots, shotsTransitions, shotsPrints, shotsPasses]) await db.delete(table);
  await rm(paths.thumbnails, { recursive: true, force: true });
}

/** The film as a workspace has it, which catalogues it where it did not know it. */
export async function catalogued(context: Context, film: string): Promise<CatalogFile> {
  await addFiles(context, { paths: [film] });
  return (await listFiles(context.db)).find(({ path }) => path === film) as CatalogFile;
}

/** Finds the shots of a film, keeping what the pass has come to whenever it can. */
export async function findKeeping(
  context: Context,
  file: CatalogFile,
  detector: DetectorName,
): Promise<void> {
  await readAndKeep(context, file, { detector, by: 'test', everyMs: 0 });
}

/** A minute at 12 frames a second: shots of one to forty seconds, cuts, dissolves and fades; kept at 432 and 720. */
function composed(): Frames {
  const lengths = [70, 12, 200, 30, 480, 45, 60];
  const shots = lengths.map((length, i) => shot(100 + i, length, (i % 3) / 4));
  return shots.flatMap((frames, i) => {
    const next = shots[i + 1];
    if (!next || i % 3 === 0) return frames;
    if (i % 3 === 1) return [...frames, ...dissolve(frames, next, 10)];
    return [...frames.slice(0, -10), ...fadeOut(frames.slice(-10)), ...fadeIn(next.slice(0, 8))];
  });
}

export const renderComposed = (path: string): Promise<void> =>
  encodeVideo({ path, width: 64, height: 36, fps: '12/1', frames: composed(), crf: 12 });

/** What an undivided pass keeps of a film. */
export async function undivided(context: Context, film: string): Promise<string> {
  const file = await catalogued(context, film);
  await forgetAll(context);
  await findKeeping(context, file, 'fast');
  return allKept(context.db);
}

/** On a busy machine a pass may end before it is stopped: then it is begun once more. */
export async function untilStopped(tryToStop: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 20; tries++) if (await tryToStop()) return;
  throw new Error('the pass always came to its end before it was stopped');
}

/** Cancels the work when it has so many times kept what it has come to, perhaps spoils what lies in that folder, and does it again. */
export async function cancelledAndDone(
  context: Context,
  film: string,
  spoil: (folder: string) => Promise<unknown> = async () => {},
  { first = 'fast', times = 1 }: { first?: DetectorName; times?: number } = {},
): Promise<{ said: string[]; kept: string }> {
  const file = await catalogued(context, film);
  const folder = unfinishedFolder(context, file);
  await untilStopped(async () => {
    await forgetAll(context);
    const stop = new AbortController();
    const seen = new Set([0]);
    const look = () => void (seen.add(timeOf(join(folder, 'pass'))).size > times && stop.abort());
    // A pass of a small film keeps the processor to itself between two looks of a timer.
    const watch = setInterval(look, 1);
    const pass = findKeeping({ ...context, report: look, signal: stop.signal }, file, first);
    const isStopped = await pass.then(
      () => false,
      () => stop.signal.aborted,
    );
    clearInterval(watch);
    return isStopped;
  });
  await spoil(folder);
  const said: string[] = [];
  const report: Context['report'] = ({ notice }) => void (notice && said.push(notice));
  await findKeeping({ ...context, report }, file, 'fast');
  return { said, kept: await allKept(context.db) };
}

/**
 * `node resume.test-support.ts ROOT FILM MS`: finds the shots of FILM in the workspace at ROOT, and kills itself so many
 * milliseconds after it has kept what it has come to.
 */
async function work(root: string, film: string, killAfterMs: number): Promise<void> {
  const paths = workspacePaths(root);
  const context: Context = {
    ...{ paths, db: await openDb(paths.db), signal: new AbortController().signal, who: 'test' },
    engine: { run: () => Promise.reject(new Error('no engine here')) },
    report: () => {},
  };
  const file = await catalogued(context, film);
  const kept = join(unfinishedFolder(context, file), 'pass');
  const watch = setInterval(() => {
    if (timeOf(kept) === 0) return;
    clearInterval(watch);
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), killAfterMs);
  }, 5);
  await findKeeping(context, file, 'fast');
}

const timeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const [root, film, killAfterMs] = process.argv.slice(2);
if (import.meta.main && root && film) await work(root, film, Number(killAfterMs));
