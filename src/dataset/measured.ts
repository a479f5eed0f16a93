import { z } from 'zod';

/** What of a shot's measured facts is put into words; grey levels and colours in 0..255. */
const measuredSchema = z.object({
  luma: z.number().nullish(),
  motion: z.number().nullish(),
  colour: z.array(z.number()).length(3).nullish(),
});

/** Mean grey level below which a shot reads as dark, and above which as bright. */
const dark = 60;
const bright = 140;
/** Mean absolute difference of neighbouring frames, in grey levels. */
const calm = 2;
const lively = 8;

/** A shot in words, as measured: light, colour, movement. Nothing is said of what was not measured. */
export function wordsForShot(facts: unknown): string {
  const { luma, motion, colour } = measuredSchema.parse(facts);
  const words = [lightWord(luma), motionWord(motion)].filter((word) => word !== '');
  const tint = colour ? tintWord(colour) : '';
  return `a ${[...words, ''].join(', ').replace(/, $/, ' ')}shot${tint === '' ? '' : `, mostly ${tint}`}`;
}

/** A shot's mean colour, or null where none was measured. */
export const colourOf = (facts: unknown): number[] | null => measuredSchema.parse(facts).colour ?? null;

function lightWord(luma: number | null | undefined): string {
  if (luma === null || luma === undefined) return '';
  if (luma < dark) return 'dark';
  return luma > bright ? 'bright' : 'evenly lit';
}

function motionWord(motion: number | null | undefined): string {
  if (motion === null || motion === undefined) return '';
  if (motion < calm) return 'calm';
  return motion > lively ? 'fast' : 'moving';
}

/** Grey levels by which a colour must stand out to be named. */
const tinted = 16;
const tints: readonly [string, (r: number, g: number, b: number) => number][] = [
  ['red', (r, g, b) => r - Math.max(g, b)],
  ['green', (r, g, b) => g - Math.max(r, b)],
  ['blue', (r, g, b) => b - Math.max(r, g)],
  ['yellow', (r, g, b) => Math.min(r, g) - b],
  ['cyan', (r, g, b) => Math.min(g, b) - r],
  ['magenta', (r, g, b) => Math.min(r, b) - g],
];

function tintWord([r = 0, g = 0, b = 0]: readonly number[]): string {
  const strength = tints.map(([name, by]) => ({ name, by: by(r, g, b) }));
  const [first] = strength.sort((x, y) => y.by - x.by);
  return first && first.by > tinted ? first.name : '';
}
