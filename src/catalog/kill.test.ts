import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filmFolder, renderFilm } from '../media/films.test-support.ts';
import type { AddOutput } from './index.ts';

const script = fileURLToPath(new URL('./kill.test-support.ts', import.meta.url));
let films: Awaited<ReturnType<typeof filmFolder>>;
let workspace: Awaited<ReturnType<typeof filmFolder>>;

beforeAll(async () => {
  films = await filmFolder();
  workspace = await filmFolder();
  for (const [index, name] of ['a.mp4', 'b-slow.mp4', 'c.mp4'].entries())
    await renderFilm(films.at(name), 3 + index);
});
afterAll(async () => {
  await films.remove();
  await workspace.remove();
});

/** Adds the films in a process of its own; kills it once it says something that matches `killAt`. */
function addInProcess(env: NodeJS.ProcessEnv, killAt?: RegExp): Promise<string> {
  const child = spawn(process.execPath, [script, workspace.at('.'), films.at('.')], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (killAt?.test(said)) child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.once('close', () => resolve(said)));
}

it('a command that is killed loses at most the film it was at', async () => {
  const ffmpeg = workspace.at('ffmpeg.sh');
  await writeFile(ffmpeg, '#!/bin/sh\ncase "$*" in *slow*) exec sleep 5;; esac\nexec ffmpeg "$@"\n', {
    mode: 0o755,
  });
  const killed = await addInProcess({ BACKLOT_FFMPEG: ffmpeg }, /b-slow\.mp4: decoding/);
  expect(killed).not.toContain('"added"');
  const answer = JSON.parse((await addInProcess({})).trim().split('\n').at(-1) ?? '') as AddOutput;
  expect(answer.known.map(({ file }) => file)).toEqual([films.at('a.mp4')]);
  expect(answer.added.map(({ file }) => file)).toEqual([films.at('b-slow.mp4'), films.at('c.mp4')]);
  expect(answer.refused).toEqual([]);
}, 240_000);
