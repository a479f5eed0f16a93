import { type Blend, lineEnds, maybeBlend, readBlend } from './blends.ts';
import type { History } from './history.ts';
import type { Transition } from './schema.ts';

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
/** Where shots move by more than this (`left` and `unrest`), the straight line through the shares leans. */
const calm = 0.05;
/** Frames that the straight line through the shares may move an end. */
const mostMoved = 3;

interface Candidate extends Blend {
  worth: number;
}

/** What may be dissolves among the held frames `from..to`, both included, which hold no cut and no fade. */
export function findDissolves(history: History, from: number, to: number, second: number): Transition[] {
  const longest = Math.min(Math.round(longestSeconds * second), history.reach - 2);
  const candidates: Candidate[] = [];
  for (let start = from + 1; start + shortest <= to; start++) {
    const best = bestFrom(history, start, Math.min(to - 1, start + longest - 1));
    if (best) candidates.push(best);
  }
  const found = apart(candidates);
  return found.map((candidate, i) => {
    const [before, after] = [found[i - 1], found[i + 1]];
    const low = before ? (before.end + candidate.start) >> 1 : from;
    const high = after ? (candidate.end + after.start) >> 1 : to;
    return { ...sharpened(history, candidate, low, high), type: 'dissolve' };
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

/** Moves the ends of a dissolve between calm shots to where the shares say that mixing starts and stops. */
function sharpened(history: History, { start, end, left, unrest }: Candidate, low: number, high: number) {
  const line = left + unrest < calm ? lineEnds(history, start, end) : null;
  if (!line || Math.abs(line.start - start) > mostMoved || Math.abs(line.end - end) > mostMoved)
    return { start, end };
  const inside = line.start > low && line.end < high && line.end - line.start + 1 >= shortest;
  return inside ? line : { start, end };
}
