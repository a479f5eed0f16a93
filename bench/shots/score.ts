import type { Transition } from '../../src/shots/index.ts';

/** Frames by which each end of a transition may be off. */
const tolerance = 1;

export interface Score {
  wanted: number;
  found: number;
  /** Found, of the same type, both ends within a frame. */
  hits: number;
}

/** A transition in the truth is met by at most one found, of its type, with both ends within a frame. */
export function exactScore(truth: readonly Transition[], found: readonly Transition[]): Score {
  const free = [...found];
  let hits = 0;
  for (const want of truth) {
    const at = free.findIndex((one) => isNear(one, want));
    if (at < 0) continue;
    free.splice(at, 1);
    hits++;
  }
  return { wanted: truth.length, found: found.length, hits };
}

function isNear(a: Transition, b: Transition): boolean {
  return (
    a.type === b.type && Math.abs(a.start - b.start) <= tolerance && Math.abs(a.end - b.end) <= tolerance
  );
}

/** How gradual transitions are met: recall and precision by overlap, and how far their ends are off. */
export interface GradualScore extends Score {
  edgeErrors: number[];
}

/** A gradual transition is met where a found one of its type overlaps it; a found one is right where it overlaps any. */
export function overlapScore(
  truth: readonly Transition[],
  found: readonly Transition[],
  type: Transition['type'],
): GradualScore & { right: number } {
  const [wanted, given] = [truth.filter((t) => t.type === type), found.filter((t) => t.type === type)];
  const edgeErrors: number[] = [];
  for (const want of wanted) {
    const one = given.find((g) => overlap(g, want));
    if (one) edgeErrors.push(Math.abs(one.start - want.start), Math.abs(one.end - want.end));
  }
  const right = given.filter((g) => truth.some((want) => overlap(g, want))).length;
  return { wanted: wanted.length, found: given.length, hits: edgeErrors.length / 2, right, edgeErrors };
}

const overlap = (a: Transition, b: Transition): boolean => a.start <= b.end && a.end >= b.start;

export const add = (a: Score, b: Score): Score => ({
  wanted: a.wanted + b.wanted,
  found: a.found + b.found,
  hits: a.hits + b.hits,
});

export const f1 = ({ wanted, found, hits }: Score): number =>
  wanted + found === 0 ? 1 : (2 * hits) / (wanted + found);

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/** Wilson's interval of a share, 95 %. */
export function wilson(hits: number, count: number): { low: number; high: number } {
  if (count === 0) return { low: 0, high: 1 };
  const z = 1.96;
  const share = hits / count;
  const middle = (share + (z * z) / (2 * count)) / (1 + (z * z) / count);
  const half =
    (z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count))) / (1 + (z * z) / count);
  return { low: round(Math.max(0, middle - half)), high: round(Math.min(1, middle + half)) };
}

export const round = (value: number): number => Math.round(value * 10_000) / 10_000;
