import { type Crossing, type CrossingModel, crossingIn, positionsBy, shiftIn } from './crossing.ts';
import type { History } from './history.ts';
import { isRatherEdge } from './rather-edge.ts';
import type { Transition } from './schema.ts';
import { isHeld } from './steps.ts';
import { apart, type Stretch } from './stretch.ts';

/** Lengths looked for, seconds, each from every sixth of itself on: what is found is then measured. */
const lengthsSeconds = [0.3, 0.42, 0.58, 0.8, 1.1, 1.5, 2];
const startShare = 1 / 6;
/** The two pictures differ by at least this, grey levels squared, and by this share of their contrasts squared. */
const leastApart = 64;
const leastShare = 0.2;
/** A mixture's distances from both add up to half of theirs from each other; where one has moved, to more than that. */
const leastSum = 0.7;
/** What an edge may leave, as a share of the distance of the two pictures, and how far it may be from where time has it. */
const mostLeft = 0.3;
const mostOff = 0.16;
/** The same of the frame in the midst. */
const mostInMidst = 0.35;
const mostOffInMidst = 0.25;
/** Times that what was measured is measured again, each time between pictures that are surer to show nothing of the other. */
const rounds = 3;
/** Room left on each side of what was measured, share of its length, and frames at least: slow starts look like none. */
const roomShare = 0.12;
const leastRoom = 2;
/** Fewest frames. */
const shortest = 4;

interface Candidate extends Stretch {
  model: CrossingModel;
  misfit: number;
}

/** Pushes, slides and straight wipes among the held frames `from..to`, both included. */
export function findSlides(history: History, from: number, to: number, second: number): Transition[] {
  const candidates: Candidate[] = [];
  for (const seconds of lengthsSeconds) {
    const length = Math.min(Math.round(seconds * second), history.reach - 2);
    const step = Math.max(1, Math.floor(length * startShare));
    for (let start = from + 1; start + length <= to; start += step) {
      const one = candidateIn(history, start, start + length - 1);
      if (one) candidates.push(one);
    }
  }
  const ranked = candidates.toSorted((p, q) => p.misfit - q.misfit);
  return apart(ranked, 0).flatMap((one) => {
    const ends = measured(history, one, { start: from + 1, end: to - 1 });
    return ends ? [{ ...ends, type: 'wipe' as const }] : [];
  });
}

function candidateIn(history: History, start: number, end: number): Candidate | null {
  if (!maybeSlide(history, start - 1, end + 1) || !isMid(history, start, end)) return null;
  const { left, off, model } = readSlide(history, start, end);
  return left <= mostLeft && off <= mostOff ? { start, end, model, misfit: left + off } : null;
}

/** How well a straight edge that crosses at one speed, with or without what it brings and takes, explains a stretch. */
export function readSlide(history: History, start: number, end: number): Crossing & { off: number } {
  const quarters = [1, 2, 3].map((quarter) => start - 1 + Math.round(((end - start + 2) * quarter) / 4));
  const crossing = crossingIn(history, start - 1, end + 1, quarters);
  const off = crossing.positions.reduce((sum, one, i) => sum + Math.abs(one - (i + 1) / 4), 0) / 3;
  return { ...crossing, off };
}

/** The midst alone, a third of the cost. */
function isMid(history: History, start: number, end: number): boolean {
  const { left, positions } = crossingIn(history, start - 1, end + 1, [(start + end + 1) >> 1]);
  return left <= mostInMidst && Math.abs((positions[0] as number) - 0.5) <= mostOffInMidst;
}

function maybeSlide(history: History, a: number, b: number): boolean {
  const apart = history.distance(a, b);
  const contrast = history.at(a).contrast ** 2 + history.at(b).contrast ** 2;
  if (apart < Math.max(leastApart, leastShare * contrast)) return false;
  const middle = (a + b) >> 1;
  return history.distance(a, middle) + history.distance(middle, b) >= leastSum * apart;
}

/** Where in the bounds the next picture first is seen and where the last of the one before; null where no edge crosses. */
function measured(history: History, found: Candidate, bounds: Stretch): Stretch | null {
  let ends: Stretch | null = found;
  for (let i = 0; i < rounds && ends; i++) {
    const room = Math.max(leastRoom, Math.round(roomShare * (ends.end - ends.start + 1)));
    const start = Math.max(bounds.start, ends.start - room);
    const end = Math.min(bounds.end, ends.end + room, start + history.reach - 3);
    ends = endsIn(positionsBy(history, start - 1, end + 1, found.model), start);
  }
  if (!ends || ends.start < bounds.start || ends.end > bounds.end) return null;
  if (ends.end - ends.start + 1 < shortest) return null;
  if (isPan(history, ends, found.model)) return null;
  return isRatherEdge(history, ends, found.model) ? ends : null;
}

/** Share of a push's length by which frames beside it lie from it, and what they may leave as moving, beside as standing. */
const besideShare = 0.25;
const mostAsMoving = 0.5;

/** A camera that pans by the width of the picture looks like a push, but for what is beside: it moves at that speed too. */
function isPan(history: History, { start, end }: Stretch, model: CrossingModel): boolean {
  if (model.before === 'stands' || model.next === 'stands') return false;
  const length = end - start + 1;
  const lag = Math.max(2, Math.round(besideShare * length));
  const goesOn = (from: number) => {
    if (!isHeld(history, from) || !isHeld(history, from + lag)) return false;
    const { moving, standing } = shiftIn(history, from, from + lag, model, lag / (length + 1));
    return moving < mostAsMoving * standing;
  };
  return goesOn(start - 1 - lag) || goesOn(end + 1);
}

/** Below this share of the picture, and above the rest of it, nothing of the other picture is seen. */
const unseen = 0.012;
/** Shares between which the way is sure. */
const sure = [0.15, 0.85] as const;
/** Share by which the edge may seem to go back from a frame to the next. */
const backward = 0.02;

/** Outwards from the frames that surely show both, as far as the edge goes on. */
function endsIn(positions: readonly number[], start: number): Stretch | null {
  const isSure = (share: number) => share >= sure[0] && share <= sure[1];
  let first = positions.findIndex(isSure);
  let last = positions.findLastIndex(isSure);
  if (first < 0 || last === first) return null;
  const at = (i: number) => positions[i] as number;
  while (first > 0 && at(first - 1) > unseen && at(first - 1) < at(first) + backward) first--;
  while (last < positions.length - 1 && at(last + 1) < 1 - unseen && at(last + 1) > at(last) - backward)
    last++;
  return { start: start + first, end: start + last };
}
