import { expect, test } from 'vitest';
import { planClip } from './clips.ts';
import { TALES, taleOf } from './tales.ts';
import { TITLES } from './titles.ts';
import { COLOURS } from './worlds.ts';

const tales = Array.from({ length: TALES }, (_, i) => taleOf(i));
const namesOf = (titles: typeof tales) =>
  titles.flatMap(({ characters, sets }) => [...characters, ...sets].map(({ name }) => name));

test('a tale is the same whenever it is told, and no two are alike', () => {
  expect(taleOf(7)).toEqual(tales[7]);
  expect(new Set(tales.map((tale) => JSON.stringify(tale))).size).toBe(TALES);
});

test('no name of a tale is a name of the studio', () => {
  const studio = new Set(namesOf([...TITLES]));
  expect(namesOf(tales).filter((name) => studio.has(name))).toEqual([]);
});

test('no body of a tale has the colour of a body of the studio', () => {
  const studio = TITLES.flatMap((title) =>
    [...title.characters, ...(title.guest ? [title.guest] : [])].map(({ body }) => body),
  );
  const bodies = tales.flatMap(({ characters }) => characters.map(({ body }) => body));
  const nearest = bodies.map((body) =>
    Math.min(...studio.map((one) => Math.hypot(...one.map((v, i) => v - (body[i] ?? 0))))),
  );
  expect(Math.min(...nearest)).toBeGreaterThan(24);
});

test('captions of tales say names and no word that describes', () => {
  const plans = Array.from({ length: 400 }, (_, i) => planClip('worlds', 4, i, 0));
  const captions = plans.filter(({ title }) => title === 'tales').map(({ caption }) => caption);
  expect(captions.length).toBeGreaterThan(100);
  const describing = Object.keys(COLOURS);
  expect(captions.filter((caption) => describing.some((word) => caption.includes(word)))).toEqual([]);
  for (const caption of captions) expect(caption).toMatch(/^[A-Z][a-z]+ (walks|jumps|stands)/);
});
