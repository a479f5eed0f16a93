import { expect, it } from 'vitest';
import { rngOf } from '../../src/sample/random.ts';
import { titleReader } from './title-reader.ts';

/** A clip of noise about a colour, with edges of a steepness. */
function clip(seed: number, [red, green, blue]: readonly number[], steep: number): Buffer {
  const rng = rngOf('clip', seed);
  const pixels = Buffer.alloc(3 * 96 * 64 * 3);
  for (let at = 0; at < pixels.length; at += 3) {
    const by = rng.range(-steep, steep);
    for (const [i, colour] of [red, green, blue].entries()) pixels[at + i] = (colour ?? 0) + by;
  }
  return pixels;
}

const LOOKS = { red: [[180, 60, 60], 8], green: [[60, 180, 60], 8], rough: [[60, 180, 60], 50] } as const;

it('names the title whose colours or edges a clip shares, of clips that it was not taught by', () => {
  const seeds = [1, 2, 3, 4];
  const known = Object.entries(LOOKS).flatMap(([title, [colour, steep]]) =>
    seeds.map((seed) => ({ title, pixels: clip(seed, colour, steep) })),
  );
  const read = titleReader(known);
  for (const [title, [colour, steep]] of Object.entries(LOOKS))
    expect(read(clip(9, colour, steep))).toBe(title);
});
