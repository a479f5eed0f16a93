import { type Blend, lineEnds, maybeBlend, readBlend } from './blends.ts';
import { clear, likely, possible } from './confidence.ts';
import type { History } from './history.ts';
import type { FoundTransition } from './schema.ts';
import { unmatched } from './unmatched.ts';

/** Fewest mixed frames: below, nothing tells a dissolve from a blurred cut. */
const shortest = 5;
/** Longest dissolve, seconds. */
const longestSeconds = 2.5;
/** The two pictures differ by at least this, grey levels squared, and by this share of their contrasts squared. */
const leastApart = 64;
const leastShare = 0.12;
/** The worth of a reading: the change that it explains, less its misfit: `left`, `uneven` and `unrest` so weighted. */
const unevenWeight = 4;
const unrestWeight = 0.35;
const misfitWeight = 3;
/** What the loss of detail (`Blend.dip`, at most 1) must exceed, and by how much more for what is left over or moves. */
const leastDip = 0.3;
const leftCost = 3;
const unrestCost = 0.4;
/** The least share of cells that change by more than `changeLevel`, and of the picture found nowhere near before. */
const leastChanged = 0.4;
const changeLevel = 8;
const leastUnmatched = 0.28;
/**
 * Words that fade in over a picture change few cells and bring detail without taking any: the change of detail over the
 * loss of it is near 1. Two pictures have about as much detail.
 */
const fewChanged = 0.6;
const mostOneSided = 0.5;

/** Where shots move by more than this (`left` and `unrest`), the straight line through the shares leans. */
const calm = 0.05;
/** Frames that the straight line through the shares may move an end. */
const mostMoved = 3;

/** Loss of detail beyond what is demanded that makes a dissolve clear, and below it one that only may be one. */
const clearMargin = 0.5;
const possibleMargin = -0.6;

interface Candidate extends Blend {
  worth: number;
}

/**
 * Dissolves among the held frames `from..to`, both included, which hold no cut and no fade; also what may be one, with a
 * confidence below .5.
 */
export function findDissolves(history: History, from: number, to: number, second: number): FoundTransition[] {
  const longest = Math.min(Math.round(longestSeconds * second), history.reach - 2);
  const candidates: Candidate[] = [];
  for (let start = from + 1; start + shortest <= to; start++) {
    const best = bestFrom(history, start, Math.min(to - 1, start + longest - 1));
    if (best) candidates.push(best);
  }
  const found = apart(candidates)
    .map((candidate) => ({ ...candidate, confidence: confidenceIn(history, candidate) }))
    .filter(({ confidence }) => confidence > 0);
  return found.map((candidate, i) => {
    const [before, after] = [found[i - 1], found[i + 1]];
    const low = before ? (before.end + candidate.start) >> 1 : from;
    const high = after ? (candidate.end + after.start) >> 1 : to;
    const { confidence } = candidate;
    return { ...sharpened(history, candidate, low, high), type: 'dissolve', confidence };
  });
}

function bestFrom(history: History, start: number, lastEnd: number): Candidate | null {
  let best: Candidate | null = null;
  for (let end = start + shortest - 1; end <= lastEnd; end++) {
    if (!differ(history, start - 1, end + 1) || !maybeBlend(history, start, end)) continue;
    const blend = readBlend(history, start, end);
    const worth = worthOf(blend);
    if (worth > (best?.worth ?? 0)) best = { ...blend, worth };
  }
  return best;
}

function worthOf({ apart, left, uneven, unrest, dip }: Blend): number {
  const misfit = left + unevenWeight * uneven + unrestWeight * unrest;
  return apart * (1 - misfitWeight * misfit) * Math.min(1, dip);
}

function differ(history: History, a: number, b: number): boolean {
  const apart = history.distance(a, b);
  return (
    apart >= leastApart && apart >= leastShare * (history.at(a).contrast ** 2 + history.at(b).contrast ** 2)
  );
}

/** The best of those that overlap. */
function apart(candidates: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  for (const next of [...candidates].sort((x, y) => y.worth - x.worth)) {
    if (!kept.some((k) => k.start <= next.end + 1 && k.end >= next.start - 1)) kept.push(next);
  }
  return kept.sort((x, y) => x.start - y.start);
}

function confidenceIn(history: History, { start, end, dip, left, unrest }: Candidate): number {
  const margin = Math.min(1, dip) - (leastDip + leftCost * left + unrestCost * unrest);
  if (margin < possibleMargin) return 0;
  const [a, b] = [history.at(start - 1), history.at(end + 1)];
  const changed = changedShare(a.cells, b.cells);
  const oneSided = Math.abs(b.detail - a.detail) / (dip * (a.detail + b.detail));
  if (changed < leastChanged || (changed < fewChanged && oneSided > mostOneSided)) return 0;
  const fresh = Math.min(unmatched(a, b), unmatched(b, a));
  if (fresh < leastUnmatched) return 0;
  return margin < 0 ? possible : margin < clearMargin ? likely : clear;
}

/** Moves the ends of a dissolve between calm shots to where the shares say that mixing starts and stops. */
function sharpened(history: History, { start, end, left, unrest }: Candidate, low: number, high: number) {
  const line = left + unrest < calm ? lineEnds(history, start, end) : null;
  if (!line || Math.abs(line.start - start) > mostMoved || Math.abs(line.end - end) > mostMoved)
    return { start, end };
  const inside = line.start > low && line.end < high && line.end - line.start + 1 >= shortest;
  return inside ? line : { start, end };
}

function changedShare(a: Float32Array, b: Float32Array): number {
  let changed = 0;
  for (let i = 0; i < a.length; i += 3) {
    const step = (at: number) => Math.abs((a[at] as number) - (b[at] as number));
    if (Math.max(step(i), step(i + 1), step(i + 2)) > changeLevel) changed++;
  }
  return (3 * changed) / a.length;
}
