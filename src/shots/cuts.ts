import { meanLevel, uncorrelated } from './colours.ts';
import { isSpokenOf } from './confidence.ts';
import {
  acrossSpreads,
  framesBeside,
  matchedCutFeatures,
  quickCutFeatures,
  stepsBeside,
} from './cut-features.ts';
import type { Knowledge } from './forests.ts';
import type { History } from './history.ts';
import type { FoundTransition } from './schema.ts';
import { stepAt } from './steps.ts';
import { chanceOf, type Features, type Forest, mostChance } from './trees.ts';
import { unlike } from './unmatched.ts';

/** Root mean square distance below which no two frames are a cut, grey levels. */
const leastStep = 5;
/** The same where one of the two shows nothing: words that appear on black are no new shot, a picture is. */
const leastFromBlank = 10;
const blankContrast = 1.5;
/** Step as a share of the contrast of both frames; two unrelated pictures have about 1. */
const leastShare = 0.25;
/** Over the largest step on the calmer side. */
const leastOver = 1.1;
/** One picture under another light stays below; and the least distance across a step, over the spread of its livelier side. */
const leastUncorrelated = 0.06;
const leastAcross = 0.5;
/** How alike the frames around a burst are, as a share of the step into it; and less than this of them is found nowhere near. */
const backShare = 0.5;
const sameUnmatched = 0.6;
/** One picture under other light: most of the step is light, which is nearly back within eight frames, as a share of its step. */
const relitUncorrelated = 0.2;
const relitLight = 0.5;
const relitBack = 0.5;
/** Frames in which a burst of light is over, and grey levels from which on nothing but light is white. */
const burstFrames = 8;
const whiteLight = 200;
/** Two cuts closer than this are one: the likelier. */
const apartFrames = 2;

/** What may be a hard cut among the held frames `from..to`, both included, and how likely each is one. */
export function findCuts(
  history: History,
  from: number,
  to: number,
  { second, forests }: Knowledge,
): FoundTransition[] {
  const steps = cutCandidates(history, from, to).filter((at) => !isFlash(history, at, from, to, second));
  const rated = steps.map((at) => ({ at, ...ratingOf(forests.cuts, history, at) }));
  return likeliest(
    rated
      .filter((one) => !isBesideCut(one, rated))
      .map(({ at, chance }) => ({ start: at - 1, end: at, type: 'cut', confidence: chance })),
  );
}

interface Rating {
  at: number;
  chance: number;
  /** The same picture before and after, under other light. */
  isRelit: boolean;
}

/** A flash that a cut ends, or that follows on it: the light does not come back, as another picture does. */
const isBesideCut = (one: Rating, all: readonly Rating[]): boolean =>
  one.isRelit &&
  all.some(
    (other) => !other.isRelit && Math.abs(other.at - one.at) <= burstFrames && other.chance >= one.chance,
  );

/**
 * Light that comes and goes over a picture that a fast camera meanwhile leaves is no cut: from one frame to the next it is the
 * same picture under other light. Of 922 composed cuts and 36 real ones the least is .33 uncorrelated; of drawn ones, all in
 * flat colours, some are .07, but no more than .17 of their step is light.
 */
function ratingOf(forest: Forest, history: History, at: number): Omit<Rating, 'at'> {
  const quick = quickCutFeatures(history, at);
  const [isLight, isEnd] = [isOtherLight(quick), isAtEnd(history, at)];
  const isRelit = isLight || isWhite(history, at);
  if (isRelit && isEnd) return { chance: 0, isRelit };
  if (isLight && (quick.lightBack as number) < relitBack) return { chance: 0, isRelit };
  const most = mostChance(forest, quick);
  // Nobody speaks of one as unlikely as that, so how much less likely it is need not be known.
  if (!isSpokenOf({ type: 'cut', confidence: most })) return { chance: most, isRelit };
  return { chance: chanceOf(forest, { ...quick, ...matchedCutFeatures(history, at) }), isRelit };
}

const isOtherLight = ({ uncorrelated: other, light }: Features): boolean =>
  (other as number) < relitUncorrelated && (light as number) > relitLight;

/** Nothing but light on the one side. */
function isWhite(history: History, at: number): boolean {
  const [a, b] = [history.at(at - 1), history.at(at)];
  const [blank, other] = a.contrast < b.contrast ? [a, b] : [b, a];
  return blank.contrast < blankContrast && blank.light > whiteLight && blank.light > other.light;
}

/** So near to either end of the film that what was before, or comes after, is not there to come back. */
const isAtEnd = (history: History, at: number): boolean =>
  at - history.first <= burstFrames || history.end - at <= burstFrames;

/** First frames after a step that stands out. */
export function cutCandidates(history: History, from: number, to: number): number[] {
  const found: number[] = [];
  for (let at = from + 1; at <= to; at++) {
    if (isLarge(history, at) && standsOut(history, at)) found.push(at);
  }
  return found;
}

const standsOut = (history: History, at: number): boolean =>
  stepAt(history, at) >= leastOver * Math.min(...stepsBeside(history, at)) &&
  uncorrelated(history.at(at - 1), history.at(at)) >= leastUncorrelated &&
  (liesAcross(history, at) || liesAcross(history, at, inOneLight(history, at)));

const liesAcross = (history: History, at: number, frames?: [number, number]): boolean =>
  acrossSpreads(history, at, frames)[0] >= leastAcross;

/** A flash beside a step is as far from its own shot as another shot is: it tells nothing of how far a side spreads. */
function inOneLight(history: History, at: number): [number, number] {
  const [first, last] = framesBeside(history, at);
  let [from, to] = [at - 1, at];
  while (from > first && !isLightAlone(history, from)) from--;
  while (to < last && !isLightAlone(history, to + 1)) to++;
  return [from, to];
}

/** The same picture as the frame before, under other light; or one of the two is nothing but light. */
function isLightAlone(history: History, at: number): boolean {
  const [a, b] = [history.at(at - 1), history.at(at)];
  const light = Math.abs(meanLevel(b) - meanLevel(a)) / stepAt(history, at);
  return isWhite(history, at) || isOtherLight({ uncorrelated: uncorrelated(a, b), light });
}

function isLarge(history: History, at: number): boolean {
  const [a, b] = [history.at(at - 1).contrast, history.at(at).contrast];
  const least = Math.min(a, b) < blankContrast ? leastFromBlank : leastStep;
  return stepAt(history, at) >= Math.max(least, leastShare * Math.hypot(a, b));
}

/**
 * A burst of light or a blink inside one shot: within a third of a second the picture from before is back, and what lay
 * between was lighter or darker as a whole. `at` may be either end of it.
 */
function isFlash(history: History, at: number, from: number, to: number, second: number): boolean {
  for (let length = 1; length <= Math.round(second / 3); length++) {
    if (at + length <= to && isBurst(history, at - 1, at + length)) return true;
    if (at - 1 - length >= from && isBurst(history, at - 1 - length, at)) return true;
  }
  return false;
}

function isBurst(history: History, before: number, after: number): boolean {
  const [a, b] = [history.at(before), history.at(after)];
  const { light } = history.at(before + 1);
  const into = Math.min(stepAt(history, before + 1), stepAt(history, after));
  if (Math.sqrt(history.distance(before, after)) > backShare * into) return false;
  if (light > Math.min(a.light, b.light) && light < Math.max(a.light, b.light)) return false;
  return unlike(a, b) < sameUnmatched;
}

function likeliest(cuts: readonly FoundTransition[]): FoundTransition[] {
  const apart: FoundTransition[] = [];
  for (const next of cuts) {
    const last = apart.at(-1);
    if (!last || next.end - last.end > apartFrames) apart.push(next);
    else if (next.confidence > last.confidence) apart[apart.length - 1] = next;
  }
  return apart;
}
