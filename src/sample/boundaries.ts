// Scores found transitions against the truth of rendered films.
import { readTruth } from './truth.ts';

interface Transition {
  start: number;
  end: number;
  type: string;
}

/** What was found in one film, and where its truth lies. */
export interface FoundInFilm {
  truth: string;
  transitions: readonly Transition[];
}

export interface BoundaryScore {
  /** F1 over cuts and fades, each edge within a frame, 0..1. */
  f1: number;
  /** Share of dissolves found: of the same type, overlapping. Null where there is none. */
  dissolveRecall: number | null;
}

/** A found edge may lie this many frames from the true one. */
const TOLERANCE = 1;

/** Scores all films together. */
export async function boundaryScore(films: readonly FoundInFilm[]): Promise<BoundaryScore> {
  let [right, found, wanted, dissolves, dissolvesFound] = [0, 0, 0, 0, 0];
  for (const { truth, transitions } of films) {
    const known = (await readTruth(truth)).transitions;
    const sharp = known.filter(({ type }) => type !== 'dissolve');
    const claimed = transitions.filter(({ type }) => type !== 'dissolve');
    right += sharp.filter((one) => claimed.some((other) => same(one, other))).length;
    wanted += sharp.length;
    found += claimed.length;
    const soft = known.filter(({ type }) => type === 'dissolve');
    dissolves += soft.length;
    dissolvesFound += soft.filter((one) => transitions.some((other) => overlap(one, other))).length;
  }
  const f1 = found + wanted === 0 ? 1 : (2 * right) / (found + wanted);
  return { f1, dissolveRecall: dissolves === 0 ? null : dissolvesFound / dissolves };
}

const same = (one: Transition, other: Transition): boolean =>
  one.type === other.type &&
  Math.abs(one.start - other.start) <= TOLERANCE &&
  Math.abs(one.end - other.end) <= TOLERANCE;

const overlap = (one: Transition, other: Transition): boolean =>
  one.type === other.type && one.start <= other.end && other.start <= one.end;
