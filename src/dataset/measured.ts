import { lightOf, type Shot } from '../shots/index.ts';

type Facts = Shot['facts'];

/** Mean absolute difference of neighbouring frames, in grey levels. */
const calm = 2;
const lively = 8;

/** A shot in words, as measured: light, movement, the colour that stands out, and the camera's move, if there is any. */
export function wordsForShot({ luma, motion, colour, camera }: Facts): string {
  const tint = tintWord(colour);
  const parts = [tint === '' ? '' : `, mostly ${tint}`, cameraWords(camera?.move)];
  return `a ${lightOf(luma)}, ${motionWord(motion)} shot${parts.join('')}`;
}

function cameraWords(move: NonNullable<Facts['camera']>['move'] | undefined): string {
  if (move === undefined || move === 'still') return '';
  return move === 'handheld' ? ', the camera handheld' : `, the camera ${move}`;
}

function motionWord(motion: number): string {
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

function tintWord([r, g, b]: Facts['colour']): string {
  const strength = tints.map(([name, by]) => ({ name, by: by(r, g, b) }));
  const [first] = strength.sort((x, y) => y.by - x.by);
  return first && first.by > tinted ? first.name : '';
}
