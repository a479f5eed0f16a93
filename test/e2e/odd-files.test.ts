import { stat, truncate, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runFfmpeg } from '../../src/media/index.ts';
import { answerOf, backlot, type Ended, type Place, place, tinyFilm } from './command.ts';

const ODD_NAMES = ['it\'s "quoted" $HOME `x`.mp4', '-dash.mp4', 'ünï 映画 🎬.mp4', 'a,b;c%d [1].mp4'];
let here: Place;
let ended: Ended;

beforeAll(async () => {
  here = await place();
  for (const name of [...ODD_NAMES, 'truncated.mp4']) await tinyFilm(here.at(name));
  await truncate(here.at('truncated.mp4'), Math.floor((await stat(here.at('truncated.mp4'))).size / 2));
  await writeFile(here.at('empty.mp4'), '');
  await writeFile(here.at('noise.mp4'), 'this is no film');
  await runFfmpeg([
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'sine=d=0.2',
    '-c:a',
    'aac',
    '-y',
    `file:${here.at('sound.m4a')}`,
  ]);
  ended = await backlot(
    'catalog',
    'add',
    here.films,
    here.at('nowhere.mp4'),
    '--workspace',
    here.workspace,
    '--json',
  );
});
afterAll(() => here.remove());

interface Answer {
  added: { file: string; sha256: string }[];
  refused: { file: string; code: string; reason: string }[];
}

it('every file is decided: films with any name are added', () => {
  expect(ended.code).toBe(0);
  const { added } = answerOf<Answer>(ended);
  expect(added.map(({ file }) => file).sort()).toEqual(ODD_NAMES.map(here.at).sort());
});

it('a truncated film, an empty file, one without pictures, noise and a path to nothing are refused with reasons', () => {
  const { refused } = answerOf<Answer>(ended);
  const names = ['empty.mp4', 'noise.mp4', 'nowhere.mp4', 'sound.m4a', 'truncated.mp4'];
  expect(refused.map(({ file }) => file).sort()).toEqual(names.map(here.at).sort());
  for (const { code, reason } of refused) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(reason.length).toBeGreaterThan(10);
  }
});

it('shots are found in a film with an odd name without a workspace', async () => {
  const film = here.at(ODD_NAMES[0] ?? '');
  const found = answerOf<{ file: string; frames: number; shots: object[] }>(
    await backlot('shots', 'detect', film, '--json'),
  );
  expect(found).toMatchObject({
    frames: 24,
    shots: [
      { in: 0, out: 12 },
      { in: 12, out: 24 },
    ],
  });
});

it('a wrong command line is exit code 2, with the reason on stderr', async () => {
  const wrong = await backlot('catalog', 'add', '--colour');
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toContain("unknown option '--colour'");
});

it('a wrong command line is one JSON object on stdout where JSON was asked for', async () => {
  const wrong = await backlot('train', '--seconds', 'abc', '--json');
  expect(wrong.code).toBe(2);
  expect(answerOf<{ error: { code: string } }>(wrong).error.code).toBe('bad-input');
});
