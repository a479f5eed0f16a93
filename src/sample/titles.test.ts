import { expect, test } from 'vitest';
import { BASE_BACKDROPS, TITLE_BACKDROPS } from './backdrops.ts';
import { BASE_SETS } from './base-sets.ts';
import { BASE_GROUNDS, TITLE_GROUNDS } from './grounds.ts';
import { BASE_HEADGEAR, BASE_PROPS, TITLE_PROPS } from './held.ts';
import { rngOf } from './random.ts';
import { BASE_SCENERY, TITLE_SCENERY } from './scenery.ts';
import { BASE_SILHOUETTES, TITLE_SILHOUETTES } from './silhouettes.ts';
import { ACTIONS, type CharacterLook, type Rgb, type SetLook } from './spec.ts';
import { TITLE_TEXTURES } from './textures.ts';
import { isReserved, reservedCombos, TITLES, titleCaption, titleWords } from './titles.ts';
import { BASE_STYLE, COLOURS } from './worlds.ts';

const characters: CharacterLook[] = TITLES.flatMap((t) => [...t.characters, ...(t.guest ? [t.guest] : [])]);
const sets: SetLook[] = TITLES.flatMap((t) => t.sets);
const coloursOf = (set: SetLook): Rgb[] => [
  ...set.sky,
  set.backdropColour,
  ...set.sceneryColours,
  set.ground,
  set.patternColour,
];
const distance = (a: Rgb, b: Rgb) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

test('no character of a title has a silhouette, a prop or a texture of the base', () => {
  for (const character of characters) {
    expect(Object.keys(BASE_SILHOUETTES)).not.toContain(character.silhouette);
    expect(Object.keys({ ...BASE_HEADGEAR, ...BASE_PROPS })).not.toContain(character.held);
    expect(Object.keys(TITLE_TEXTURES)).toContain(character.texture);
    expect(Object.keys(TITLE_SILHOUETTES)).toContain(character.silhouette);
    expect(Object.keys(TITLE_PROPS)).toContain(character.held);
  }
});

test('no place of a title is built from what the base is built from', () => {
  for (const set of sets) {
    expect(Object.keys(BASE_BACKDROPS)).not.toContain(set.backdrop);
    expect(Object.keys(BASE_GROUNDS)).not.toContain(set.pattern);
    expect(BASE_SCENERY.filter((kind) => (set.scenery as readonly string[]).includes(kind))).toEqual([]);
    expect(Object.keys(TITLE_BACKDROPS)).toContain(set.backdrop);
    expect(Object.keys(TITLE_GROUNDS)).toContain(set.pattern);
    for (const kind of set.scenery) expect(TITLE_SCENERY).toContain(kind);
  }
});

test('palettes are apart: bodies far from every colour word of the base, sets share no colour with it', () => {
  for (const { body } of characters) {
    for (const base of Object.values(COLOURS)) expect(distance(body, base)).toBeGreaterThan(32);
  }
  const base = new Set(Object.values(BASE_SETS).flatMap((set) => coloursOf(set).map(String)));
  expect(sets.flatMap((set) => coloursOf(set).map(String)).filter((colour) => base.has(colour))).toEqual([]);
});

test('every title has its own names, places, looks and style', () => {
  const names = [...characters, ...sets].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const looks = characters.map((c) => `${c.silhouette}+${c.held}+${c.texture}`);
  expect(new Set(looks).size).toBe(looks.length);
  const styles = [BASE_STYLE, ...TITLES.map((t) => t.style)].map((style) => JSON.stringify(style));
  expect(new Set(styles).size).toBe(styles.length);
});

test('captions say invented names and shared words, and nothing that describes', () => {
  const describing = new Set(
    [
      ...Object.keys(COLOURS),
      ...Object.keys(BASE_SILHOUETTES),
      ...Object.keys(BASE_HEADGEAR),
      ...Object.keys(BASE_SETS),
      ...Object.keys(TITLE_SILHOUETTES),
      ...Object.keys(TITLE_PROPS),
    ].map((word) => word.toLowerCase()),
  );
  for (const title of TITLES) {
    const caption = titleCaption(titleWords(rngOf('test', title.slug), title, false));
    expect(caption).toMatch(
      /^[A-Z][a-z]+ (walks left|walks right|jumps|stands) in [A-Z][a-z]+ at (day|night|sunset) , camera (still|pans left|pans right|zooms in)$/,
    );
    expect(
      caption
        .toLowerCase()
        .split(' ')
        .filter((word) => describing.has(word)),
    ).toEqual([]);
  }
});

test('three of sixteen combinations of a title are kept for takes that no shot shows', () => {
  for (const title of TITLES) {
    expect(reservedCombos(title).size).toBe(3);
    expect(isReserved(title, titleWords(rngOf('new', title.slug), title, true))).toBe(true);
    expect(isReserved(title, titleWords(rngOf('seen', title.slug), title, false))).toBe(false);
  }
});

test('everyone of a title is seen in every action, whatever is kept for new takes', () => {
  for (const title of TITLES) {
    const rng = rngOf('seen', title.slug);
    const shown = Array.from({ length: 400 }, () => titleWords(rng, title, false));
    const pairs = new Set(shown.map(({ character, action }) => `${character.name} ${action}`));
    expect(pairs.size).toBe(title.characters.length * ACTIONS.length);
  }
});
