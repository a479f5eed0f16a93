import { type Blend, maybeBlend, readBlend } from './blends.ts';
import type { History } from './history.ts';
import type { Transition } from './schema.ts';
import { unmatched } from './unmatched.ts';

/** Fewest mixed frames: below, nothing tells a dissolve from a blurred cut. */
const shortest = 3;
/** Longest dissolve, seconds. */
const longestSeconds = 2.5;
/** The two pictures differ by at least this, grey levels squared, and by this share of their contrasts squared. */
const leastApart = 64;
const leastShare = 0.15;
/** Largest sum of `left`, twice `uneven` and `unrest`. */
const worstMisfit = 0.3;
/** How much a misfit counts against the size of the change that the dissolve explains. */
const misfitWeight = 5;
/** Least loss of detail (`Blend.dip`). */
const leastDip = 0.5;
/** The share of cells that must change by more than `changeLevel`: words fading in over a picture change few. */
const leastChanged = 0.4;
const changeLevel = 8;
/** Share of the second picture that must be found nowhere near in the first. */
const leastUnmatched = 0.28;

interface Candidate extends Blend {
  worth: number;
}

/** Dissolves among the held frames `from..to`, both included, which hold no cut and no fade. */
export function findDissolves(history: History, from: number, to: number, second: number): Transition[] {
  const longest = Math.min(Math.round(longestSeconds * second), history.reach - 2);
  const candidates: Candidate[] = [];
  for (let start = from + 1; start + shortest <= to; start++) {
    const best = bestFrom(history, start, Math.min(to - 1, start + longest - 1));
    if (best) candidates.push(best);
  }
  return apart(candidates)
    .filter((candidate) => isDissolve(history, candidate))
    .map(({ start, end }) => ({ start, end, type: 'dissolve' }));
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

function worthOf(blend: Blend): number {
  const misfit = blend.left + 2 * blend.uneven + blend.unrest;
  if (misfit > worstMisfit) return 0;
  return blend.apart * (1 - misfitWeight * misfit) * Math.min(1, blend.dip);
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

function isDissolve(history: History, candidate: Candidate): boolean {
  const [a, b] = [history.at(candidate.start - 1), history.at(candidate.end + 1)];
  return (
    candidate.dip >= leastDip &&
    changedShare(a.cells, b.cells) >= leastChanged &&
    Math.min(unmatched(a.pixels, b.pixels), unmatched(b.pixels, a.pixels)) >= leastUnmatched
  );
}

function changedShare(a: Float32Array, b: Float32Array): number {
  let changed = 0;
  for (let i = 0; i < a.length; i += 3) {
    const step = (at: number) => Math.abs((a[at] as number) - (b[at] as number));
    if (Math.max(step(i), step(i + 1), step(i + 2)) > changeLevel) changed++;
  }
  return (3 * changed) / a.length;
}
