import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerOf, backlot, type Place, place, start, tinyFilm, withoutNetwork } from './command.ts';

let here: Place;
beforeAll(async () => {
  here = await place();
});
afterAll(() => here.remove());

const hashOf = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

it('run with a path that is not there, or without any film, says so and asks for no ledger', async () => {
  const nowhere = await backlot('run', here.at('nowhere'), '--workspace', here.at('empty'), '--json');
  expect(nowhere.code).toBe(1);
  expect(answerOf<{ error: { code: string; message: string } }>(nowhere).error).toMatchObject({
    code: 'no-film',
  });
  expect(nowhere.stderr).toContain('there is no such file');
  expect(existsSync(here.at('empty/ledger-template.yaml'))).toBe(false);
});

it('run without a ledger and without a network trains nothing, says so with exit code 3, and leaves a ledger to fill in', async ({
  annotate,
}) => {
  const film = here.at('a film.mp4');
  await tinyFilm(film);
  const before = await hashOf(film);
  const wrap = withoutNetwork();
  if (!wrap) await annotate('this machine allows no network namespace (unshare -n): run with a network');
  const args = ['run', here.films, '--workspace', here.workspace, '--json'];
  const ended = await start(args, {}, wrap).ended;
  expect({ code: ended.code, stderr: ended.stderr }).toMatchObject({ code: 3 });
  const result = answerOf<{ shots: number; rights: { refused: object }; template: string }>(ended);
  expect(result).toMatchObject({ titles: 1, dataset: null, arms: [], takes: [], report: null });
  expect(result.rights).toEqual({ cleared: 0, refused: { unknown: result.shots } });
  expect(result.shots).toBeGreaterThan(0);
  expect(await readFile(result.template, 'utf8')).toContain('a film');
  expect(await hashOf(film)).toBe(before);
});

it('a film that the template does not list gets a new template beside it', async () => {
  const film = here.at('another film.mp4');
  await tinyFilm(film);
  const { template } = answerOf<{ template: string }>(
    await backlot('run', film, '--workspace', here.workspace, '--json'),
  );
  expect(template).toMatch(/ledger-template-2\.yaml$/);
  expect(await readFile(template, 'utf8')).toContain('another film');
  expect(await readFile(join(here.workspace, 'ledger-template.yaml'), 'utf8')).not.toContain('another film');
});
