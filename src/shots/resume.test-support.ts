import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { testContext } from '../../test/support/context.ts';
import { addFiles, type CatalogFile, listFiles } from '../catalog/index.ts';
import { closeDb, type Db, openDb, tables } from '../db/index.ts';
import { type Context, workspacePaths } from '../jobs/index.ts';
import { encodeVideo } from '../media/index.ts';
import { readAndKeep } from './detect-shots.ts';
import { dissolve, type Frames, fadeIn, fadeOut, shot } from './films.test-support.ts';
import type { DetectorName } from './schema.ts';
import { unfinishedFolder } from './unfinished.ts';

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

/** Finds the shots of the only film of a workspace, keeping what the pass has come to whenever it can. */
export async function findKeeping(context: Context, detector: DetectorName): Promise<void> {
  const [file] = await listFiles(context.db);
  await readAndKeep(context, file as CatalogFile, { detector, by: 'test', everyMs: 0 });
}

/** Two minutes at 12 frames a second: shots of one to forty seconds, cuts, dissolves and fades; kept at 432, 720, 1008, 1296. */
function composed(): Frames {
  const lengths = [70, 12, 200, 30, 480, 45, 60, 90, 25, 300, 120];
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
export async function undivided(film: string): Promise<string> {
  const { context, close } = await testContext();
  await addFiles(context, { paths: [film] });
  await findKeeping(context, 'fast');
  const kept = await allKept(context.db);
  await close();
  return kept;
}

/** Cancels the work when it has so many times kept what it has come to, perhaps spoils what lies in that folder, and does it again. */
export async function cancelledAndDone(
  film: string,
  spoil: (folder: string) => Promise<unknown> = async () => {},
  { first = 'fast', times = 1 }: { first?: DetectorName; times?: number } = {},
): Promise<{ said: string[]; kept: string }> {
  const said: string[] = [];
  const { context, close } = await testContext({
    report: ({ notice }) => void (notice && said.push(notice)),
  });
  await addFiles(context, { paths: [film] });
  const [file] = await listFiles(context.db);
  const folder = unfinishedFolder(context, file as CatalogFile);
  said.length = 0;
  const stop = new AbortController();
  const seen = new Set([0]);
  const watch = setInterval(() => seen.add(timeOf(join(folder, 'pass'))).size > times && stop.abort(), 5);
  await findKeeping({ ...context, signal: stop.signal }, first).catch(() => {});
  clearInterval(watch);
  if (!stop.signal.aborted) throw new Error('nothing was kept that could be gone on from');
  await spoil(folder);
  await findKeeping(context, 'fast');
  const kept = await allKept(context.db);
  await close();
  return { said, kept };
}

/**
 * `node resume.test-support.ts ROOT FILM DETECTOR MS`: finds the shots of FILM in the workspace at ROOT and says what it says; kills
 * itself so many milliseconds after it has kept what it has come to.
 */
async function work(root: string, film: string, detector: DetectorName, killAfterMs: number): Promise<void> {
  const paths = workspacePaths(root);
  const context: Context = {
    ...{ paths, db: await openDb(paths.db), signal: new AbortController().signal, who: 'test' },
    engine: { run: () => Promise.reject(new Error('no engine here')) },
    report: ({ notice }) => void (notice && process.stdout.write(`${notice}\n`)),
  };
  await addFiles(context, { paths: [film] });
  const [file] = await listFiles(context.db);
  const kept = join(unfinishedFolder(context, file as CatalogFile), 'pass');
  const before = timeOf(kept);
  const watch = setInterval(() => {
    if (timeOf(kept) === before) return;
    clearInterval(watch);
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), killAfterMs);
  }, 5);
  await findKeeping(context, detector);
  process.stdout.write('done\n');
  clearInterval(watch);
  await closeDb(context.db);
  process.exit();
}

const timeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const [root, film, detector, killAfterMs] = process.argv.slice(2);
if (import.meta.main && root && film) await work(root, film, detector as DetectorName, Number(killAfterMs));
