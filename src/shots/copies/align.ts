import type { Held, Meeting } from './bands.ts';
import { differing, wavesAlike } from './hash.ts';
import { leastOverlap } from './prints.ts';

/** Speeds of a copy to its original: as it is, and film shown as television (25 for 24 frames), either way. */
export const speeds: readonly number[] = [1, 25 / 24, 24 / 25];

/** Grid `i` of the shot lies on grid `offset + speed x i` of the other. */
export interface Alignment {
  offset: number;
  speed: number;
}

export interface Aligned extends Alignment {
  /** Grids that lie on each other. */
  overlap: number;
  /** Bits that agree beyond `worth`, over all of them. */
  score: number;
}

/** Bits of 64 in which grids may differ and still speak for an alignment: unlike ones differ in about 32. */
const worth = 22;
/** Score that each grid must bring on average, or the shots only met by chance. */
const leastScore = 4;
/** Part of the shorter of two shots that lies on the other, below which they must agree in more: most only meet by chance. */
const mostOfIt = 0.7;
const scoreOfAPart = 10;

/** How two shots lie on each other best, at each speed; the surest first. */
export function alignments(own: Held, other: Held, meetings: readonly Meeting[]): Aligned[] {
  const found = speeds.map((speed) => bestAt(own, other, meetings, speed));
  return found.filter((one) => one !== null).sort((a, b) => b.score - a.score);
}

function bestAt(own: Held, other: Held, meetings: readonly Meeting[], speed: number): Aligned | null {
  const offsets = new Set(meetings.map((one) => Math.round(2 * (one.other - speed * one.own)) / 2));
  const shorter = Math.min(solid(own), solid(other));
  let best: Aligned | null = null;
  for (const offset of offsets) {
    const one = scored(own, other, { offset, speed });
    if (isLikely(one, shorter) && one.score > (best?.score ?? 0)) best = one;
  }
  return best;
}

function isLikely({ overlap, score }: Aligned, shorter: number): boolean {
  const least = overlap >= mostOfIt * shorter ? leastScore : scoreOfAPart;
  return overlap >= leastOverlap && score >= least * overlap;
}

/** Grids that are not flat. */
function solid({ flat }: Held): number {
  let count = 0;
  for (let i = 0; i < flat.length; i++) if (flat[i] === 0) count++;
  return count;
}

function scored(own: Held, other: Held, { offset, speed }: Alignment): Aligned {
  let [overlap, score] = [0, 0];
  const from = Math.max(0, Math.ceil((-0.5 - offset) / speed));
  for (let i = from; i < own.count; i++) {
    const j = Math.round(offset + speed * i);
    if (j >= other.count) break;
    if (j < 0 || own.flat[i] || other.flat[j]) continue;
    overlap++;
    score += worth - differing(own.words, i, other.words, j);
  }
  return { offset, speed, overlap, score };
}

/** Grids looked at of those that lie on each other: evenly spaced over them, so that a long take costs no more. */
const looks = 8;

/** How alike the pictures are that lie on each other, by their waves: mean correlation of a few, -1..1. */
export function pictureAlike(own: Held, other: Held, { offset, speed }: Alignment): number {
  const from = Math.max(0, Math.ceil((-0.5 - offset) / speed));
  const to = Math.min(own.count, Math.floor((other.count - 0.5 - offset) / speed) + 1);
  const step = Math.max(1, (to - from) / looks);
  let [sum, count] = [0, 0];
  for (let k = from; k < to; k += step) {
    const i = Math.floor(k);
    const j = Math.max(0, Math.min(other.count - 1, Math.round(offset + speed * i)));
    sum += wavesAlike(own.waves, i, other.waves, j);
    count++;
  }
  return sum / Math.max(1, count);
}
