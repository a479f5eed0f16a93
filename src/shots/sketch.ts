import { shareAt } from './blends.ts';
import { framesOnEnd, recoloured, recolouredOver } from './colours.ts';
import type { History } from './history.ts';
import { frameNear, heldNear, largestOf, meanOf, stepsIn } from './steps.ts';
import type { Features } from './trees.ts';

/** Frames beside a stretch whose colours, steps and detail are looked at. */
const beside = framesOnEnd;
/** Frames on each side, counted from the stretch, that are compared with those on the other. */
const looks = [0, 3, 6, 9, 12];

/** The frames around a stretch, and their mean square distance. */
interface Ends {
  a: number;
  b: number;
  apart: number;
}

/**
 * What is told of the frames `start..end` as a mixture of what is before and after them, from distances and colours alone: cheap
 * enough to be asked of every stretch. Distances are shares of that between the frames around it.
 */
export function sketch(history: History, start: number, end: number): Features {
  const [a, b] = [start - 1, end + 1];
  const ends = { a, b, apart: Math.max(1, history.distance(a, b)) };
  return {
    ...outside(history, ends),
    ...mixed(history, ends),
    ...coloured(history, ends),
    dip: dip(history, start, end),
  };
}

function outside(history: History, ends: Ends): Features {
  const { a, b, apart } = ends;
  const contrasts = history.at(a).contrast ** 2 + history.at(b).contrast ** 2;
  const [short, near, long] = [
    rest(history, ends, 2),
    rest(history, ends, beside),
    rest(history, ends, b - a - 1),
  ];
  return {
    ...{ length: b - a - 1, apart: Math.sqrt(apart), share: Math.sqrt(apart / (contrasts + 1)) },
    ...{ restShortLeast: short.least, restShortMost: short.most },
    ...{ restBesideLeast: near.least, restBesideMost: near.most },
    ...{ restAsLongLeast: long.least, restAsLongMost: long.most },
    reunion: Math.sqrt(reunited(history, a, b).distance / apart),
  };
}

/** How far the frames so many before and after the stretch lie from those around it; of both sides the lesser and the greater. */
function rest(history: History, { a, b, apart }: Ends, lag: number) {
  const before = Math.sqrt(history.distance(heldNear(history, a - lag), a) / apart);
  const after = Math.sqrt(history.distance(b, heldNear(history, b + lag)) / apart);
  return { least: Math.min(before, after), most: Math.max(before, after) };
}

function mixed(history: History, ends: Ends): Features {
  const { a, b, apart } = ends;
  const steps = stepsIn(history, a, b);
  const [before, after] = [stepsIn(history, a - beside - 1, a), stepsIn(history, b, b + beside)];
  return {
    ...blended(history, ends),
    largest: largestOf(steps) / Math.sqrt(apart),
    steps: meanOf(steps) / (1 + (meanOf(before) + meanOf(after)) / 2),
  };
}

/** At each quarter of the way: how far its share of the second picture is off the quarter, and what is left over. */
function blended(history: History, { a, b, apart }: Ends) {
  const sums = { off: 0, left: 0, leftMost: Number.NEGATIVE_INFINITY, planeOff: 0, planeLeft: 0 };
  for (let quarter = 1; quarter < 4; quarter++) {
    const k = a + Math.round(((b - a) * quarter) / 4);
    const share = shareAt(history, a, b, k);
    const left = history.distance(k, a) / apart - share ** 2;
    const plane = inPlane(history, a, b, k);
    sums.off += Math.abs(share - quarter / 4);
    sums.left += left;
    sums.leftMost = Math.max(sums.leftMost, left);
    sums.planeOff += Math.abs(plane.share - quarter / 4);
    sums.planeLeft += plane.left;
  }
  const { off, left, leftMost, planeOff, planeLeft } = sums;
  return { off: off / 3, left: left / 3, leftMost, planeOff: planeOff / 3, planeLeft: planeLeft / 3 };
}

function coloured(history: History, { a, b }: Ends): Features {
  const before = recoloured(frameNear(history, a - beside), history.at(a));
  const after = recoloured(history.at(b), frameNear(history, b + beside));
  return {
    palette: recolouredOver(history, beside, a - beside + 1, b),
    paletteBesideLeast: Math.min(before, after),
    paletteBesideMost: Math.max(before, after),
  };
}

/** The two frames on either side that are most alike: a shot goes on behind what only passes by. */
export function reunited(history: History, a: number, b: number) {
  let best = { distance: history.distance(a, b), p: a, q: b };
  for (const i of looks) {
    for (const k of looks) {
      const [p, q] = [heldNear(history, a - i), heldNear(history, b + k)];
      if (q - p > history.reach) continue;
      const distance = history.distance(p, q);
      if (distance < best.distance) best = { distance, p, q };
    }
  }
  return best;
}

/**
 * A frame as any amounts of two others, which a change of light does not spoil: the second's share of the amounts, and what is
 * left over beside the frame's contrast. Cells as vectors: distances and lengths give all the products.
 */
function inPlane(history: History, a: number, b: number, k: number): { share: number; left: number } {
  const square = (i: number) => history.at(i).light ** 2;
  const product = (i: number, j: number) => (square(i) + square(j) - history.distance(i, j)) / 2;
  const [aa, bb, ab, ka, kb] = [square(a), square(b), product(a, b), product(k, a), product(k, b)];
  const det = aa * bb - ab * ab;
  if (det < 1e-6 * aa * bb + 1e-9) return { share: 0, left: 1 };
  const [x, y] = [(ka * bb - kb * ab) / det, (kb * aa - ka * ab) / det];
  const left = Math.max(0, square(k) - x * ka - y * kb) / (history.at(k).contrast ** 2 + 1);
  return { share: Math.min(2, Math.max(-1, y / Math.max(0.05, x + y))), left };
}

/** Detail in the midst over that beside: mixing loses it. */
function dip(history: History, start: number, end: number): number {
  const quarter = Math.floor((end - start + 1) / 4);
  const before = detailIn(history, start - beside, start - 1);
  const around = (before + detailIn(history, end + 1, end + beside)) / 2;
  return detailIn(history, start + quarter, end - quarter) / (1 + around);
}

function detailIn(history: History, from: number, to: number): number {
  let sum = 0;
  for (let k = from; k <= to; k++) sum += frameNear(history, k).detail;
  return sum / Math.max(1, to - from + 1);
}
