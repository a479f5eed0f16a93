import type { History } from './history.ts';

/** How well the frames between two others are mixtures of them. Shares are of the square distance of the two. */
export interface Blend {
  /** First and last mixed frame. */
  start: number;
  end: number;
  /** Mean square of what no mixture of the two explains, as a share. */
  left: number;
  /** Mean square error of the shares of the second picture against a straight rise from 0 to 1. */
  uneven: number;
  /** Mean square motion of the frames just before and just after, as a share. */
  unrest: number;
  /** Mean square distance of the two pictures. */
  apart: number;
  /** Loss of detail over that which mixing unrelated pictures costs: about 1 in a dissolve, about 0 in a move. */
  dip: number;
}

/** Frames on each side that should be at rest, and that tell how much detail the pictures have. */
const restFrames = 5;
/** A frame a quarter, half or three quarters through may be this far from a straight mixture: a quick first look. */
const quickUneven = 0.25;
const quickLeft = 0.3;

/** Of the way through, the likeliest to rule it out first. */
const quarters = [2, 1, 3];

/**
 * Whether the frame some way between two others can be a mixture of them at all.
 * The share a of the second picture B in a frame F is <F-A, B-A> / |B-A|^2, and what is left over is
 * |F-A|^2 - a^2 |B-A|^2: both follow from the three distances alone.
 */
export function maybeBlend(history: History, start: number, end: number): boolean {
  const [a, b] = [start - 1, end + 1];
  const apart = history.distance(a, b);
  for (const quarter of quarters) {
    const k = a + Math.round(((b - a) * quarter) / 4);
    const share = shareAt(history, a, b, k);
    if (Math.abs(share - (k - a) / (b - a)) > quickUneven) return false;
    if (history.distance(k, a) / apart - share * share > quickLeft) return false;
  }
  return true;
}

/** Reads the frames `start..end` as a linear mixture of the frame before and the frame after. */
export function readBlend(history: History, start: number, end: number): Blend {
  const [a, b] = [start - 1, end + 1];
  const apart = history.distance(a, b);
  const length = end - start + 1;
  let [left, uneven] = [0, 0];
  for (let k = start; k <= end; k++) {
    const share = shareAt(history, a, b, k);
    left += Math.max(0, history.distance(k, a) / apart - share * share);
    uneven += (share - (k - a) / (length + 1)) ** 2;
  }
  const unrest = restBeside(history, a, b) / apart;
  return { start, end, left: left / length, uneven: uneven / length, unrest, apart, dip: dip(history, a, b) };
}

/** Share of frame `b` in frame `k`, as a mixture of `a` and `b`. */
export function shareAt(history: History, a: number, b: number, k: number): number {
  const apart = history.distance(a, b);
  return (history.distance(k, a) + apart - history.distance(k, b)) / (2 * apart);
}

/** Shares between which a mixture tells its slope: nearer the ends, motion and noise weigh more. */
const clearShares = [0.15, 0.85] as const;

/**
 * Where a straight line through the clear shares reaches 0 and 1: the first and last mixed frame, or null where there are
 * too few clear frames for a line.
 */
export function lineEnds(
  history: History,
  start: number,
  end: number,
): { start: number; end: number } | null {
  const [a, b] = [start - 1, end + 1];
  const points: [number, number][] = [];
  for (let k = start; k <= end; k++) {
    const share = shareAt(history, a, b, k);
    if (share > clearShares[0] && share < clearShares[1]) points.push([k, share]);
  }
  if (points.length < 3) return null;
  const [meanK, meanShare] = [mean(points.map(([k]) => k)), mean(points.map(([, share]) => share))];
  const slope =
    mean(points.map(([k, share]) => (k - meanK) * (share - meanShare))) /
    mean(points.map(([k]) => (k - meanK) ** 2));
  const at = (share: number) => Math.round(meanK + (share - meanShare) / slope);
  return slope > 0 ? { start: at(0) + 1, end: at(1) - 1 } : null;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean square distance of the frames just outside from those at the ends. */
function restBeside(history: History, a: number, b: number): number {
  let [sum, count] = [0, 0];
  for (let i = 1; i <= restFrames; i++) {
    if (a - i >= history.first) {
      sum += history.distance(a - i, a);
      count++;
    }
    if (b + i < history.end) {
      sum += history.distance(b + i, b);
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** Mixed at share a, unrelated pictures keep (1-a)^2 and a^2 of their detail: a(1-a) of the sum of both is lost. */
function dip(history: History, a: number, b: number): number {
  const length = b - a - 1;
  const [before, after] = [detailBeside(history, a, -1), detailBeside(history, b, 1)];
  let kept = 0;
  for (let k = a + 1; k < b; k++) kept += history.at(k).detail;
  const straight = (length * (before + after)) / 2;
  const lost = ((before + after) * length * (length + 2)) / (6 * (length + 1));
  return lost < 1e-6 ? 0 : (straight - kept) / lost;
}

function detailBeside(history: History, edge: number, way: -1 | 1): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < restFrames; i++) {
    const k = edge + way * i;
    if (k < history.first || k >= history.end) break;
    sum += history.at(k).detail;
    count++;
  }
  return sum / count;
}
