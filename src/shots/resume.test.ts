import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FOOTAGE } from '../../bench/footage.ts';
import { testContext } from '../../test/support/context.ts';
import { listFiles } from '../catalog/index.ts';
import { closeDb, openDb } from '../db/index.ts';
import { runFfmpeg } from '../media/index.ts';
import { randomOf } from './films.test-support.ts';
import { allKept, cancelledAndDone, renderComposed, undivided } from './resume.test-support.ts';
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

/** The work in a process of its own, which is killed so long after it has kept what it has come to. @returns what it says */
function inProcess(root: string, film: string, killAfterMs: number): Promise<string[]> {
  const args = [script, root, film, 'fast', String(killAfterMs)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return new Promise((resolve) => child.once('close', () => resolve(said.trim().split('\n'))));
}

/** Kills the work at some moment, then lets it end. */
async function killedAndDone(film: string): Promise<{ said: string[]; kept: string }> {
  const { context, close } = await testContext();
  const { root } = context.paths;
  expect(await inProcess(root, film, Math.round(150 * random()))).not.toContain('done');
  const said = await inProcess(root, film, 600_000);
  const db = await openDb(context.paths.db);
  const kept = await allKept(db);
  expect(existsSync(unfinishedFolder(context, (await listFiles(db))[0] as { id: string }))).toBe(false);
  await closeDb(db);
  await close();
  return { said, kept };
}

const goesOn = /: goes on at frame \d+ of \d+, where an earlier command was stopped$/;

async function expectSame(film: string): Promise<void> {
  const { said, kept } = await killedAndDone(film);
  expect(said).toEqual([expect.stringMatching(goesOn), 'done']);
  expect(kept).toBe(await undivided(film));
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
  expect(await cancelledAndDone(film)).toEqual({
    said: [expect.stringMatching(goesOn)],
    kept: await undivided(film),
  });
}, 120_000);
