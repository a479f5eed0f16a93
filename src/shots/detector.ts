import { clear, isSpokenOf, kept, likely } from './confidence.ts';
import { findCuts } from './cuts.ts';
import { findFades, type Surroundings, withoutOverlap } from './fades.ts';
import { type Forests, type Knowledge, ownForests } from './forests.ts';
import { findGradual } from './gradual.ts';
import { createHistory, type History, type SeenFrame } from './history.ts';
import { withFadesToNothing } from './nothing.ts';
import type { FoundTransition, Span, Transition } from './schema.ts';
import { shotsBetween, sliverFrames, withoutSlivers } from './tile.ts';

export interface Found {
  /** Frames pushed. */
  frames: number;
  shots: Span[];
  transitions: FoundTransition[];
}

/** Called for each transition, sure or only possible, while the frames around it are still held. */
export type OnSettled = (found: FoundTransition, history: History) => void;

/** Seconds of film held at once, and those kept before and after what is being decided: a long fade is seen whole. */
export const heldSeconds = 36;
const beforeSeconds = 4;
const aheadSeconds = 8;
/** Seconds ahead of it in which cuts, dissolves and wipes are looked for: no longer one is looked for. */
const lookSeconds = 3;

/** What a detector has come to: which frames it holds, up to where it has decided, and what it found. */
export interface DetectorState {
  first: number;
  end: number;
  settled: number;
  found: readonly FoundTransition[];
}

export interface Detector {
  /** Takes the next frame: `seenWidth * seenHeight` RGB bytes, of which it takes a copy. What it gives back holds for seconds of film. */
  push(pixels: Uint8Array): SeenFrame;
  state(): DetectorState;
  /** A frame that is held. */
  at(index: number): SeenFrame;
  /** Ends the film. */
  finish(): { frames: number; found: FoundTransition[] };
}

export interface DetectorOptions {
  fps: number;
  onSettled?: OnSettled;
  /** Others than it comes with: a bench leaves films out of what was learned. */
  forests?: Forests;
  /** What another had come to: the frames that it held are pushed again first, and nothing is decided until then. */
  from?: DetectorState | undefined;
}

/**
 * Finds cuts, fades, dissolves and wipes in frames as they come, with bounded memory.
 * @param fps frames a second; bounds lengths only, frames are counted
 */
export function createDetector({ fps, onSettled, forests = ownForests, from }: DetectorOptions): Detector {
  const second = Math.max(1, Math.round(fps));
  const history = createHistory(3 * second + 2, from?.first);
  const found: FoundTransition[] = [...(from?.found ?? [])];
  let settled = from?.settled ?? 0;
  const isKnown = () => history.end <= (from?.end ?? 0);
  const settle = (isEnd: boolean) => {
    const horizon = isEnd ? history.end : history.end - aheadSeconds * second;
    const next = settleBefore(history, {
      second,
      forests,
      settled,
      horizon,
      isStart: history.first === 0,
      isEnd,
    });
    found.push(...next.transitions);
    for (const one of next.transitions) onSettled?.(one, history);
    settled = next.settled;
    history.drop(settled - beforeSeconds * second);
  };
  return {
    push: (pixels) => {
      const frame = history.add(pixels);
      if (history.end - history.first >= heldSeconds * second && !isKnown()) settle(false);
      return frame;
    },
    state: () => ({ first: history.first, end: history.end, settled, found }),
    at: history.at,
    finish: () => {
      if (history.end > 0) settle(true);
      return { frames: history.end, found };
    },
  };
}

/** A cut takes no frame: two may share one, but none touches a gradual transition or leaves but a sliver beside it. */
function overlap(a: FoundTransition, b: FoundTransition): boolean {
  if (a.type === 'cut' && b.type === 'cut') return a.end === b.end;
  const apart = a.type === 'cut' || b.type === 'cut' ? sliverFrames : 0;
  return a.start <= b.end + apart && a.end + apart >= b.start;
}

/**
 * Keeps what is sure enough, the surer of what overlaps. Shots and gradual transitions tile the frames exactly, and no shot of a
 * frame or two lies beside a gradual transition: it is part of that.
 */
export function tiled(frames: number, found: readonly FoundTransition[]): Found {
  const transitions: FoundTransition[] = [];
  for (const next of found.toSorted((a, b) => b.confidence - a.confidence)) {
    if (next.confidence >= kept && !transitions.some((one) => overlap(one, next))) transitions.push(next);
  }
  return tiledBy(frames, withoutSlivers(transitions.sort(byStart), frames));
}

/** The shots between transitions that a person has set: all are kept, and a shot of one frame is one. */
export function tiledBy(frames: number, transitions: readonly FoundTransition[]): Found {
  const sorted = transitions.toSorted(byStart);
  return { frames, shots: shotsBetween(sorted, frames), transitions: sorted };
}

const byStart = (a: Transition, b: Transition): number => a.start - b.start;

interface Around extends Surroundings, Knowledge {
  /** First frame not decided yet, and the first that is not to be decided now. */
  settled: number;
  horizon: number;
}

/**
 * Decides what lies wholly in `settled..horizon`. What crosses the horizon is left for the next time, when more frames
 * ahead of it are known.
 */
function settleBefore(history: History, around: Around) {
  const { settled, horizon } = around;
  const all = findTransitions(history, around).filter(({ start }) => start >= settled);
  // Where doubtful ones overlap all the way back, at least what lies across the horizon is left whole.
  const bounds = [clearBefore(all, horizon), startAcross(all, horizon)];
  const next = bounds.find((bound) => bound > settled) ?? horizon;
  return { transitions: all.filter(({ start, end }) => start < next && end < horizon), settled: next };
}

/** The last frame up to `bound` that nothing which may be a transition lies across. */
function clearBefore(found: readonly Transition[], bound: number): number {
  const start = startAcross(found, bound);
  return start < bound ? clearBefore(found, start) : bound;
}

/** Where the first that lies across a frame begins; that frame where none does. */
const startAcross = (found: readonly Transition[], bound: number): number =>
  found.find(({ start, end }) => start < bound && end >= bound)?.start ?? bound;

/** All transitions among the held frames, in order: each kind is looked for in what those before it leave. */
function findTransitions(history: History, around: Around): FoundTransition[] {
  const found = withoutOverlap(findFades(history, around)).map(withConfidence);
  for (const find of [findCuts, findGradual]) {
    const sure = found.filter(({ confidence }) => confidence >= kept);
    found.push(...gaps(history, sure, around).flatMap(([from, to]) => find(history, from, to, around)));
  }
  return withFadesToNothing(history, found.filter(isSpokenOf).sort(byStart), around.second);
}

/** A fade of fewer frames may be a flicker. */
const briefFade = 4;

const withConfidence = (fade: Transition): FoundTransition => ({
  ...fade,
  confidence: fade.end - fade.start + 1 < briefFade ? likely : clear,
});

/** Stretches of frames to decide on, both ends included, that no transition takes and no cut divides. */
function gaps(history: History, transitions: readonly Transition[], around: Around): [number, number][] {
  const sorted = transitions.toSorted((a, b) => a.start - b.start);
  const [first, last] = [around.settled - 1, around.horizon + lookSeconds * around.second];
  return shotsBetween(sorted, history.end, history.first)
    .map((span): [number, number] => [Math.max(span.in, first), Math.min(span.out - 1, last)])
    .filter(([from, to]) => from < to);
}
