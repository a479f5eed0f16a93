import { shareAt } from './blends.ts';
import { recoloured, recolouredOver } from './colours.ts';
import type { History } from './history.ts';
import { frameNear, heldNear, largestOf, meanOf, sides, stepsIn } from './steps.ts';
import type { Features } from './trees.ts';

/** Frames beside a stretch whose colours, steps and detail are looked at. */
const beside = 6;
const quarters = [1, 2, 3];
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

function outside(history: History, { a, b, apart }: Ends): Features {
  const rest = (lag: number): [number, number] => [
    Math.sqrt(history.distance(heldNear(history, a - lag), a) / apart),
    Math.sqrt(history.distance(b, heldNear(history, b + lag)) / apart),
  ];
  const contrasts = history.at(a).contrast ** 2 + history.at(b).contrast ** 2;
  return {
    ...{ length: b - a - 1, apart: Math.sqrt(apart), share: Math.sqrt(apart / (contrasts + 1)) },
    ...sides('restShort', rest(2)),
    ...sides('restBeside', rest(beside)),
    ...sides('restAsLong', rest(b - a - 1)),
    reunion: Math.sqrt(reunited(history, a, b).distance / apart),
  };
}

function mixed(history: History, { a, b, apart }: Ends): Features {
  const at = quarters.map((i) => a + Math.round(((b - a) * i) / 4));
  const shares = at.map((k) => shareAt(history, a, b, k));
  const lefts = at.map((k, i) => history.distance(k, a) / apart - (shares[i] as number) ** 2);
  const planes = at.map((k) => inPlane(history, a, b, k));
  const off = (share: number, i: number) => Math.abs(share - (i + 1) / 4);
  const steps = stepsIn(history, a, b);
  const [before, after] = [stepsIn(history, a - beside - 1, a), stepsIn(history, b, b + beside)];
  return {
    ...{ off: meanOf(shares.map(off)), left: meanOf(lefts), leftMost: Math.max(...lefts) },
    planeOff: meanOf(planes.map(({ share }, i) => off(share, i))),
    planeLeft: meanOf(planes.map(({ left }) => left)),
    largest: largestOf(steps) / Math.sqrt(apart),
    steps: meanOf(steps) / (1 + (meanOf(before) + meanOf(after)) / 2),
  };
}

function coloured(history: History, { a, b }: Ends): Features {
  const frames = (from: number) => Array.from({ length: beside }, (_, i) => frameNear(history, from + i));
  const [p, q] = [history.at(a), history.at(b)];
  return {
    palette: recolouredOver(frames(a - beside + 1), frames(b)),
    ...sides('paletteBeside', [
      recoloured(frameNear(history, a - beside), p),
      recoloured(q, frameNear(history, b + beside)),
    ]),
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
  const detail = (from: number, to: number) =>
    meanOf(Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => frameNear(history, from + i).detail));
  const quarter = Math.floor((end - start + 1) / 4);
  const around = (detail(start - beside, start - 1) + detail(end + 1, end + beside)) / 2;
  return detail(start + quarter, end - quarter) / (1 + around);
}
