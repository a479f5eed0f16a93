import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerOf, type Place, place, start, tinyFilm, withoutNetwork } from './command.ts';

let here: Place;
beforeAll(async () => {
  here = await place();
  await tinyFilm(here.at('a film.mp4'));
});
afterAll(() => here.remove());

it('films are catalogued, cut into shots and decided on without a network', async ({ skip }) => {
  const wrap = withoutNetwork();
  if (!wrap) return skip('this machine allows no network namespace (unshare -n)');
  const args = ['run', here.films, '--workspace', here.workspace, '--json'];
  const ended = await start(args, {}, wrap).ended;
  expect(ended.code).toBe(3);
  expect(answerOf(ended)).toMatchObject({ titles: 1, dataset: null });
});
