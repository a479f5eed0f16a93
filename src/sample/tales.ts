// Tales of the open base: small titles made of its own parts. From them it learns that a name stands for a look or a
// place, which is what the captions of a studio's title are made of.
import { BASE_SETS } from './base-sets.ts';
import { type Rng, rngOf } from './random.ts';
import type { CharacterLook, Rgb, SetLook, Style, Title } from './spec.ts';
import { TITLES } from './titles.ts';
import { COLOURS, fellowOf, keys, lookWords, placeOf, SHADINGS, SKIES, turned } from './worlds.ts';

export const TALES = 60;
/** Share of a tale's places in other colours than such a place usually has. */
const PAINTED = 0.8;
/** Distance in RGB that a tale's body keeps from every body of a title: palettes are the studio's own. */
const APART = 24;

const CONSONANTS = ['b', 'd', 'f', 'g', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'z'] as const;
const VOWELS = ['a', 'e', 'i', 'o', 'u'] as const;

const taken = new Set(
  TITLES.flatMap((title) => [...title.characters, ...title.sets].map(({ name }) => name)),
);
const bodies = TITLES.flatMap(({ characters, guest }) =>
  [...characters, ...(guest ? [guest] : [])].map(({ body }) => body),
);

/** Three syllables, so that a title's name, which may be any word, is hardly ever one of them. */
function nameOf(rng: Rng): string {
  for (;;) {
    const syllables = [0, 1, 2].map(() => rng.pick(CONSONANTS) + rng.pick(VOWELS)).join('');
    const name = syllables.charAt(0).toUpperCase() + syllables.slice(1);
    if (!taken.has(name)) return name;
  }
}

function bodyOf(rng: Rng): Rgb {
  for (;;) {
    const body = turned(COLOURS[rng.pick(keys(COLOURS))], rng.range(0, 2 * Math.PI));
    if (bodies.every((one) => Math.hypot(...one.map((v, i) => v - (body[i] ?? 0))) > APART)) return body;
  }
}

const characterOf = (rng: Rng): CharacterLook => ({
  ...fellowOf(rng, lookWords(rng)),
  name: nameOf(rng),
  body: bodyOf(rng),
});

const setOf = (rng: Rng): SetLook => ({
  ...placeOf(rng, { set: rng.pick(keys(BASE_SETS)), painted: rng.chance(PAINTED) }),
  name: nameOf(rng),
});

function styleOf(rng: Rng): Style {
  const dark = () => rng.int(8, 70);
  return {
    ink: [dark(), dark(), dark()],
    inkWidth: rng.range(0.012, 0.022),
    inkScenery: rng.chance(0.5),
    shading: rng.pick(SHADINGS),
    sky: rng.pick(SKIES),
  };
}

/** Tale `index` of the 60; the same on every machine. */
export function taleOf(index: number): Title {
  const rng = rngOf('tale', index);
  const slug = `tale-${index}`;
  return {
    slug,
    name: slug,
    style: styleOf(rng),
    characters: [characterOf(rng), characterOf(rng)],
    sets: [setOf(rng), setOf(rng)],
  };
}

export const anyTale = (rng: Rng): Title => taleOf(rng.int(0, TALES - 1));
