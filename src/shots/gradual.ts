import { kept } from './confidence.ts';
import { findDissolves } from './dissolves.ts';
import type { Knowledge } from './forests.ts';
import { gradualFeatures } from './gradual-features.ts';
import type { History } from './history.ts';
import type { FoundTransition, Span, Transition } from './schema.ts';
import { sketch } from './sketch.ts';
import { findSlides } from './slides.ts';
import { apart } from './stretch.ts';
import { chanceOf, type Features } from './trees.ts';
import { findWipes } from './wipes.ts';

/** Lengths tried, seconds, each from every eighth of itself on: a stretch a third too long still looks mixed. */
const lengthsSeconds = [6, 8, 11, 15, 21, 29, 40, 50].map((frames) => frames / 24);
const startShare = 1 / 8;
/** The frames beside a stretch differ by at least this, grey levels squared, and by this share of their contrasts squared. */
const leastApart = 200;
const leastShare = 0.2;
/** Chance by the sketch from which on a stretch is looked at closely, and frames around it in which its ends may be. */
const worthALook = 0.2;
const around = 8;

/**
 * Words that fade in or out over a picture: one of the two has much more detail than the other, and half of the picture stays as
 * it is, or a third where much of each is found in the other. Of 68 composed dissolves and 30 drawn ones none is so.
 */
const wordsDetail = 0.35;
const wordsChange = { surely: 0.5, maybe: 0.65 };
const wordsFresh = 0.8;

/**
 * A slow move of the camera over a flat place: mixing two pictures of like detail loses some, a move none (`blendDip`), and it goes
 * no faster in its midst than beside. Of 836 stretches of composed and drawn films that are gradual transitions nine are so, of 1,586
 * others 503.
 */
const moveDip = 0.2;
const moveSteps = 1.1;
const moveOneSided = 0.2;

/** What may be a dissolve or a wipe. */
export interface Candidate extends Transition {
  /** Its ends were measured, not only tried. */
  isMeasured: boolean;
}

interface Proposal {
  start: number;
  end: number;
  chance: number;
}

/** Dissolves and wipes that may lie within the held frames `from..to`, and how likely each is one. */
export function findGradual(history: History, from: number, to: number, known: Knowledge): FoundTransition[] {
  const rated = gradualCandidates(history, from, to, known).map((one) => {
    const features = gradualFeatures(history, one.start, one.end);
    return {
      ...one,
      confidence: chanceOf(known.forests.gradual, features),
      isNone: isOfWords(features) || isMove(features),
    };
  });
  const ranked = rated.toSorted((a, b) => rank(b) - rank(a));
  // Words and moves are left out last: what is but a part of them goes with them.
  return apart(ranked)
    .filter((one) => one.type !== 'dissolve' || !one.isNone)
    .map(({ start, end, type, confidence }) => ({ start, end, type, confidence }));
}

function isOfWords({ changed, oneSided, freshMost }: Features): boolean {
  const most = (freshMost as number) < wordsFresh ? wordsChange.maybe : wordsChange.surely;
  return (oneSided as number) > wordsDetail && (changed as number) < most;
}

const isMove = ({ blendDip, steps, oneSided }: Features): boolean =>
  Math.abs(blendDip as number) < moveDip &&
  (steps as number) < moveSteps &&
  (oneSided as number) < moveOneSided;

/** Of what is one, measured ends go first, and an edge that crosses the picture, which tells more than a mixture, before that. */
const rank = ({ confidence, isMeasured, type }: FoundTransition & Candidate): number =>
  confidence < kept || !isMeasured ? confidence : confidence + (type === 'wipe' ? 2 : 1);

/** What the sketch proposes, and what the rules for wipes and dissolves read in and around it. */
export function gradualCandidates(history: History, from: number, to: number, known: Knowledge): Candidate[] {
  const proposals = proposed(history, from, to, known);
  const best = apart(proposals.toSorted((a, b) => b.chance - a.chance));
  const read = regionsOf(proposals, from, to).flatMap((region) =>
    [findSlides, findWipes, findDissolves].flatMap((find) =>
      find(history, region.in, region.out - 1, known.second),
    ),
  );
  return [
    ...read.map((one) => ({ ...one, isMeasured: true })),
    ...best.map(({ start, end }) => ({ start, end, type: 'dissolve' as const, isMeasured: false })),
  ];
}

function proposed(history: History, from: number, to: number, { second, forests }: Knowledge): Proposal[] {
  return stretchesTried(history, from, to, second)
    .map(({ start, end }) => ({ start, end, chance: chanceOf(forests.sketch, sketch(history, start, end)) }))
    .filter(({ chance }) => chance >= worthALook);
}

/** Stretches of all lengths whose frames beside them differ. */
export function stretchesTried(history: History, from: number, to: number, second: number) {
  const tried: { start: number; end: number }[] = [];
  for (const seconds of lengthsSeconds) {
    const length = Math.min(Math.round(seconds * second), history.reach - 2);
    const step = Math.max(1, Math.floor(length * startShare));
    for (let start = from + 1; start + length <= to; start += step) {
      if (differ(history, start - 1, start + length)) tried.push({ start, end: start + length - 1 });
    }
  }
  return tried;
}

function differ(history: History, a: number, b: number): boolean {
  const contrasts = history.at(a).contrast ** 2 + history.at(b).contrast ** 2;
  return history.distance(a, b) >= Math.max(leastApart, leastShare * contrasts);
}

/** Stretches in which something was proposed, with room around. */
function regionsOf(proposals: readonly Proposal[], from: number, to: number): Span[] {
  const regions: Span[] = [];
  for (const { start, end } of proposals.toSorted((a, b) => a.start - b.start)) {
    const [a, b] = [Math.max(from, start - around), Math.min(to, end + around) + 1];
    const last = regions.at(-1);
    if (last && a <= last.out) last.out = Math.max(last.out, b);
    else regions.push({ in: a, out: b });
  }
  return regions;
}
