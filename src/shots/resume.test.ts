import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FOOTAGE } from '../../bench/footage.ts';
import { testContext } from '../../test/support/context.ts';
import { type CatalogFile, listFiles } from '../catalog/index.ts';
import { closeDb, openDb } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { runFfmpeg } from '../media/index.ts';
import { randomOf } from './films.test-support.ts';
import {
  allKept,
  cancelledAndDone,
  findKeeping,
  renderComposed,
  undivided,
  untilStopped,
} from './resume.test-support.ts';
import { unfinishedFolder } from './unfinished.ts';

const script = fileURLToPath(new URL('./resume.test-support.ts', import.meta.url));
const random = randomOf(7);

let films: Awaited<ReturnType<typeof testContext>>;
const at = (name: string) => join(films.context.paths.root, name);

beforeAll(async () => {
  films = await testContext();
  await renderComposed(at('plain.mp4'));
}, 60_000);
afterAll(() => films.close());

const made = async (name: string, ...args: string[]): Promise<string> => {
  await runFfmpeg(['-v', 'error', '-i', at('plain.mp4'), ...args, at(name)]);
  return at(name);
};

/** The work in a process of its own, which kills itself so long after it has kept what it has come to. @returns whether it did */
async function isKilled(root: string, film: string, afterMs: number): Promise<boolean> {
  const child = spawn(process.execPath, [script, root, film, String(afterMs)], { stdio: 'inherit' });
  return (await new Promise((resolve) => child.once('close', (_, signal) => resolve(signal)))) === 'SIGKILL';
}

/** Kills the work at some moment, then lets it end. */
async function killedAndDone(film: string): Promise<{ said: string[]; kept: string }> {
  const { context, close } = await testContext();
  await untilStopped(() => isKilled(context.paths.root, film, Math.round(60 * random())));
  const said: string[] = [];
  const report: Context['report'] = ({ notice }) => void (notice && said.push(notice));
  const db = await openDb(context.paths.db);
  const [file] = (await listFiles(db)) as [CatalogFile];
  await findKeeping({ ...context, db, report }, file, 'fast');
  const kept = await allKept(db);
  expect(existsSync(unfinishedFolder(context, file))).toBe(false);
  await closeDb(db);
  await close();
  return { said, kept };
}

const goesOn = /: goes on at frame \d+ of \d+, where an earlier command was stopped$/;

async function expectSame(film: string): Promise<void> {
  const { said, kept } = await killedAndDone(film);
  expect(said).toEqual([expect.stringMatching(goesOn)]);
  expect(kept).toBe(await undivided(films.context, film));
}

describe('the shots of a film whose pass was killed are those of an undivided one', () => {
  it('where groups of pictures refer to the one before', async () => {
    const h264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18'];
    const open = 'open_gop=1:bframes=4:b-pyramid=normal:keyint=60:min-keyint=60:scenecut=0';
    await expectSame(await made('open.mp4', ...h264, '-x264-params', open));
  }, 300_000);

  it.skipIf(!existsSync(FOOTAGE))(
    'of a real one (skipped where the footage is not there)',
    () => expectSame(join(FOOTAGE, 'catalog/sintel_trailer_480x204_h264.mp4')),
    300_000,
  );
});

it('the shots of a broadcast whose pass was cancelled are those of an undivided one', async () => {
  const args = ['-c:v', 'mpeg2video', '-q:v', '3', '-r', '24', '-g', '15', '-bf', '2'];
  const film = await made('broadcast.ts', ...args);
  expect(await cancelledAndDone(films.context, film)).toEqual({
    said: [expect.stringMatching(goesOn)],
    kept: await undivided(films.context, film),
  });
}, 120_000);
