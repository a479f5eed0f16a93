import type { Meeting } from './bands.ts';
import { differing, type Hashes } from './hash.ts';

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
/** Fewest grids that lie on each other: half a second and more. */
export const leastOverlap = 3;

/** How two shots lie on each other best, at each speed; the surest first. */
export function alignments(own: Hashes, other: Hashes, meetings: readonly Meeting[]): Aligned[] {
  const found = speeds.map((speed) => bestAt(own, other, meetings, speed));
  return found.filter((one) => one !== null).sort((a, b) => b.score - a.score);
}

function bestAt(own: Hashes, other: Hashes, meetings: readonly Meeting[], speed: number): Aligned | null {
  const offsets = new Set(meetings.map((one) => Math.round(2 * (one.other - speed * one.own)) / 2));
  let best: Aligned | null = null;
  for (const offset of offsets) {
    const one = scored(own, other, { offset, speed });
    const isLikely = one.overlap >= leastOverlap && one.score >= leastScore * one.overlap;
    if (isLikely && one.score > (best?.score ?? 0)) best = one;
  }
  return best;
}

function scored(own: Hashes, other: Hashes, { offset, speed }: Alignment): Aligned {
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
