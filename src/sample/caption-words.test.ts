import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { captionWords } from './caption-words.ts';
import { rngOf } from './random.ts';
import { anyTale } from './tales.ts';
import { worldCaption, worldWords } from './worlds.ts';

const json = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../assets/${path}`, import.meta.url), 'utf8'));
const config: { words: number; known_rows: number[] } = json('base/transformer/config.json');
/** As the engine's `row_of`. */
const rowOf = (word: string): number => (crc32(word) % (config.words - 1)) + 1;

it('no caption of the worlds, and no name of a tale, holds a word that is not among them', () => {
  const all = new Set(captionWords());
  const rng = rngOf('captions');
  for (let n = 0; n < 500; n++) {
    const said = worldCaption(worldWords(rng, 'none'));
    const { characters, sets } = anyTale(rng);
    const words = [said, ...[...characters, ...sets].map(({ name }) => name)].join(' ').toLowerCase();
    expect(words.match(/\w+|[^\w\s]/g)?.filter((word) => !all.has(word))).toEqual([]);
  }
});

it('each row that the base knows is known for a word of them, and all such words are written down with the base', () => {
  const known = new Set(config.known_rows);
  const words = captionWords().filter((word) => known.has(rowOf(word)));
  expect(new Set(words.map(rowOf))).toEqual(known);
  expect(json('base-card/words.json').words, 'node assets/base-card/words.ts').toEqual(words);
  expect(json('base-card/words.json').base).toBe(json('base-worlds/config.json').base);
});
