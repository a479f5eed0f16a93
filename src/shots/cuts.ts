import { clear, likely } from './confidence.ts';
import type { History } from './history.ts';
import type { FoundTransition } from './schema.ts';
import { unmatched } from './unmatched.ts';

/** Root mean square distance below which no two frames are a cut, grey levels. */
const leastStep = 5;
/** The same where one of the two shows nothing: words that appear on black are no new shot, a picture is. */
const leastFromBlank = 10;
const blankContrast = 1.5;
/** Step as a share of the contrast of both frames; two unrelated pictures have about 1. */
const leastShare = 0.3;

/** What a step must show: how far it stands out, and how much of the picture is found nowhere near (`unmatched`). */
interface Demand {
  /** Over the largest step on its calmer side, and on its livelier side. */
  overCalmer: number;
  overLivelier: number;
  /** Closest frames across it over the spread of its calmer side. */
  overSpread: number;
  unmatched: number;
}

/** Another picture may come amid wild motion; another view of the same place must come out of calm. */
const demands: readonly Demand[] = [
  { overCalmer: 1.6, overLivelier: 0, overSpread: 1.4, unmatched: 0.6 },
  { overCalmer: 4, overLivelier: 1.8, overSpread: 2.5, unmatched: 0.25 },
];
/** Frames on each side that a step is compared with: two drawings when animated on twos. */
const side = 4;
/** Share of the picture found nowhere near at which two frames no longer show the same. */
const sameUnmatched = 0.6;
/** Two cuts closer than this are one: the larger. */
const apartFrames = 2;

/** A clear cut is this many times the largest step on both sides, and shows this share of new picture. */
const clearOver = 2.5;
const clearUnmatched = 0.6;

interface Step {
  /** First frame after the step. */
  at: number;
  size: number;
  confidence: number;
}

/** Hard cuts among the held frames `from..to`, both included; flashes and fast moves are none. */
export function findCuts(history: History, from: number, to: number, second: number): FoundTransition[] {
  const found: Step[] = [];
  for (let at = from + 1; at <= to; at++) {
    if (!isLarge(history, at)) continue;
    const confidence = confidenceAt(history, at, from, to);
    if (confidence === 0 || isFlash(history, at, from, to, second)) continue;
    found.push({ at, size: step(history, at), confidence });
  }
  return largest(found).map(({ at, confidence }) => ({ start: at - 1, end: at, type: 'cut', confidence }));
}

const step = (history: History, at: number): number => Math.sqrt(history.distance(at - 1, at));

function isLarge(history: History, at: number): boolean {
  const [a, b] = [history.at(at - 1).contrast, history.at(at).contrast];
  const least = Math.min(a, b) < blankContrast ? leastFromBlank : leastStep;
  return step(history, at) >= Math.max(least, leastShare * Math.hypot(a, b));
}

function confidenceAt(history: History, at: number, from: number, to: number): number {
  const [before, after] = [Math.max(from, at - side), Math.min(to, at + side - 1)];
  const size = step(history, at);
  const sides = [largestStep(history, before, at - 1), largestStep(history, at, after)];
  const spreads = [spread(history, before, at - 1), spread(history, at, after)];
  const across = closest(history, before, at, after);
  const met = demands.filter(
    (demand) =>
      size >= demand.overCalmer * Math.min(...sides) &&
      size >= demand.overLivelier * Math.max(...sides) &&
      across >= demand.overSpread * Math.min(...spreads),
  );
  if (met.length === 0) return 0;
  const fresh = unlike(history, at - 1, at);
  if (!met.some((demand) => fresh >= demand.unmatched)) return 0;
  return size >= clearOver * Math.max(...sides) && fresh >= clearUnmatched ? clear : likely;
}

/** Share of one frame found nowhere near in the other, whichever way is more. */
function unlike(history: History, a: number, b: number): number {
  const [before, after] = [history.at(a), history.at(b)];
  return Math.max(unmatched(before, after), unmatched(after, before));
}

function largestStep(history: History, from: number, to: number): number {
  let most = 0;
  for (let k = from + 1; k <= to; k++) most = Math.max(most, step(history, k));
  return most;
}

/** Largest distance of two frames in a stretch. */
function spread(history: History, from: number, to: number): number {
  let most = 0;
  for (let a = from; a <= to; a++) {
    for (let b = a + 1; b <= to; b++) most = Math.max(most, history.distance(a, b));
  }
  return Math.sqrt(most);
}

/** Smallest distance of a frame before the step from one after it. */
function closest(history: History, from: number, at: number, to: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let a = from; a < at; a++) {
    for (let b = at; b <= to; b++) least = Math.min(least, history.distance(a, b));
  }
  return Math.sqrt(least);
}

/**
 * A burst of light or a blink inside one shot: within a third of a second the picture from before is back, and what lay
 * between was lighter or darker as a whole. `at` may be either end of it.
 */
function isFlash(history: History, at: number, from: number, to: number, second: number): boolean {
  const longest = Math.round(second / 3);
  for (let length = 1; length <= longest; length++) {
    if (at + length <= to && isBurst(history, at - 1, at + length)) return true;
    if (at - 1 - length >= from && isBurst(history, at - 1 - length, at)) return true;
  }
  return false;
}

/** How alike the frames around a burst are, as a share of the step into it. */
const backShare = 0.5;

function isBurst(history: History, before: number, after: number): boolean {
  const [a, b] = [history.at(before), history.at(after)];
  const inside = history.at(before + 1);
  const back = Math.sqrt(history.distance(before, after));
  const into = Math.min(step(history, before + 1), step(history, after));
  if (back > backShare * into) return false;
  if (inside.light > Math.min(a.light, b.light) && inside.light < Math.max(a.light, b.light)) return false;
  return unlike(history, before, after) < sameUnmatched;
}

function largest(steps: readonly Step[]): Step[] {
  const kept: Step[] = [];
  for (const next of steps) {
    const last = kept.at(-1);
    if (!last || next.at - last.at > apartFrames) kept.push(next);
    else if (next.size > last.size) {
      kept[kept.length - 1] = { ...next, confidence: Math.max(next.confidence, last.confidence) };
    }
  }
  return kept;
}
