import type { Rng } from '../../src/sample/random.ts';
import { filmHeight, filmWidth, type Picture } from './looks.ts';

/** What a join draws `share` of the way from one picture to the next. */
export type Join = (from: Picture, to: Picture, share: number) => Picture;

export const mix: Join = (from, to, share) =>
  from.map((v, i) => Math.round(v * (1 - share) + (to[i] as number) * share));

export const black: Picture = new Uint8Array(3 * filmWidth * filmHeight);
export const white: Picture = new Uint8Array(3 * filmWidth * filmHeight).fill(255);

/** When the wipe's edge passes a place: 0 first, 1 last. x and y are 0..1. */
type Passage = (x: number, y: number) => number;

const passages: readonly Passage[] = [
  (x) => x,
  (x) => 1 - x,
  (_, y) => y,
  (_, y) => 1 - y,
  (x, y) => (x + y) / 2,
  (x) => 2 * Math.abs(x - 0.5),
  (x, y) => Math.hypot(x - 0.5, y - 0.5) / Math.SQRT1_2,
  (x, y) => 1 - Math.hypot(x - 0.5, y - 0.5) / Math.SQRT1_2,
];

/** A wipe: straight, slanting, barn doors or iris, with a hard or a soft edge. */
export function wipeOf(rng: Rng): Join {
  const passage = rng.pick(passages);
  const softness = rng.chance(0.5) ? 0.02 : rng.range(0.05, 0.15);
  const times = timesOf(passage);
  return (from, to, share) => {
    // The soft edge enters before and leaves after the picture.
    const edge = share * (1 + softness);
    return from.map((v, i) => {
      const inside = Math.min(1, Math.max(0, (edge - (times[Math.floor(i / 3)] as number)) / softness));
      return Math.round(v * (1 - inside) + (to[i] as number) * inside);
    });
  };
}

function timesOf(passage: Passage): Float32Array {
  const times = new Float32Array(filmWidth * filmHeight);
  for (let y = 0, at = 0; y < filmHeight; y++) {
    for (let x = 0; x < filmWidth; x++, at++)
      times[at] = passage((x + 0.5) / filmWidth, (y + 0.5) / filmHeight);
  }
  return times;
}

/** What moves: both pictures, the next over the one before, or the one before off the next. */
const movers = ['both', 'next', 'before'] as const;

/** A push or a slide, in any of four directions, at one speed or with a slow start and end. */
export function slideOf(rng: Rng): Join {
  const [mover, isUpright, isBackward] = [rng.pick(movers), rng.chance(0.4), rng.chance(0.5)];
  const isEased = rng.chance(0.3);
  const length = isUpright ? filmHeight : filmWidth;
  return (from, to, share) => {
    const gone = Math.round(length * (isEased ? (1 - Math.cos(Math.PI * share)) / 2 : share));
    return slid(from, to, { gone, length, mover, isUpright, isBackward });
  };
}

interface Slide {
  /** Pixels of the next picture that are seen, of `length`. */
  gone: number;
  length: number;
  mover: (typeof movers)[number];
  isUpright: boolean;
  isBackward: boolean;
}

function slid(from: Picture, to: Picture, slide: Slide): Picture {
  const out = new Uint8Array(from.length);
  for (let y = 0, at = 0; y < filmHeight; y++) {
    for (let x = 0; x < filmWidth; x++, at += 3) {
      const place = slide.isUpright ? y : x;
      const { picture, seen } = seenAt(slide, place);
      const shift = (seen - place) * (slide.isUpright ? filmWidth : 1);
      const source = at + 3 * shift;
      out.set((picture === 'next' ? to : from).subarray(source, source + 3), at);
    }
  }
  return out;
}

/** Which picture a place shows, and which place of it. */
function seenAt({ gone, length, mover, isBackward }: Slide, place: number) {
  const along = isBackward ? length - 1 - place : place;
  const back = (at: number) => (isBackward ? length - 1 - at : at);
  if (along < gone) {
    const moves = mover !== 'before';
    return { picture: 'next', seen: back(moves ? along + length - gone : along) } as const;
  }
  return { picture: 'before', seen: back(mover === 'next' ? along : along - gone) } as const;
}
