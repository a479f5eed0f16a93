import { clear, kept, likely } from './confidence.ts';
import { findCuts } from './cuts.ts';
import { findDissolves } from './dissolves.ts';
import { findFades } from './fades.ts';
import { createHistory, type History, type SeenFrame } from './history.ts';
import type { FoundTransition, Span, Transition } from './schema.ts';
import { shotsBetween } from './tile.ts';
import { findWipes } from './wipes.ts';

export interface Found {
  /** Frames pushed. */
  frames: number;
  shots: Span[];
  transitions: FoundTransition[];
}

/** Called for each transition, sure or only possible, while the frames around it are still held. */
export type OnSettled = (found: FoundTransition, history: History) => void;

/** Seconds of film held at once, and those kept before and after what is being decided. */
const heldSeconds = 24;
const beforeSeconds = 4;
const aheadSeconds = 8;

export interface Detector {
  /** Takes the next frame: `seenWidth * seenHeight` RGB bytes, which must not change afterwards. */
  push(pixels: Uint8Array): SeenFrame;
  /** Ends the film. */
  finish(): { frames: number; found: FoundTransition[] };
}

/**
 * Finds cuts, fades, dissolves and wipes in frames as they come, with bounded memory.
 * @param fps frames a second; bounds lengths only, frames are counted
 */
export function createDetector({ fps, onSettled }: { fps: number; onSettled?: OnSettled }): Detector {
  const second = Math.max(1, Math.round(fps));
  const history = createHistory(3 * second + 2);
  const found: FoundTransition[] = [];
  let settled = 0;
  const settle = (isEnd: boolean) => {
    const horizon = isEnd ? history.end : history.end - aheadSeconds * second;
    const next = settleBefore(history, settled, horizon, { second, isStart: history.first === 0, isEnd });
    found.push(...next.transitions);
    for (const one of next.transitions) onSettled?.(one, history);
    settled = next.settled;
    history.drop(settled - beforeSeconds * second);
  };
  return {
    push: (pixels) => {
      const frame = history.add(pixels);
      if (history.end - history.first >= heldSeconds * second) settle(false);
      return frame;
    },
    finish: () => {
      if (history.end > 0) settle(true);
      return { frames: history.end, found };
    },
  };
}

/** A cut takes no frame: two may share one, but none touches a gradual transition. */
const overlap = (a: FoundTransition, b: FoundTransition): boolean =>
  a.type === 'cut' && b.type === 'cut' ? a.end === b.end : a.start <= b.end && a.end >= b.start;

/** Keeps what is sure enough, the surer of what overlaps. Shots and gradual transitions tile the frames exactly. */
export function tiled(frames: number, found: readonly FoundTransition[]): Found {
  const transitions: FoundTransition[] = [];
  for (const next of found.toSorted((a, b) => b.confidence - a.confidence)) {
    if (next.confidence >= kept && !transitions.some((one) => overlap(one, next))) transitions.push(next);
  }
  transitions.sort((a, b) => a.start - b.start);
  return { frames, shots: shotsBetween(transitions, frames), transitions };
}

interface Around {
  second: number;
  isStart: boolean;
  isEnd: boolean;
}

/**
 * Decides what lies wholly in `settled..horizon`. What crosses the horizon is left for the next time, when more frames
 * ahead of it are known.
 */
function settleBefore(history: History, settled: number, horizon: number, around: Around) {
  const all = findTransitions(history, around).filter(({ start }) => start >= settled);
  const transitions = all.filter(({ end }) => end < horizon);
  const open = all.find(({ start, end }) => start < horizon && end >= horizon);
  return { transitions, settled: open ? open.start : horizon };
}

/** All transitions among the held frames, in order: each kind is looked for in what those before it leave. */
function findTransitions(history: History, around: Around): FoundTransition[] {
  const found = withoutOverlap(findFades(history, around)).map(withConfidence);
  for (const find of [findWipes, findCuts, findDissolves]) {
    const sure = found.filter(({ confidence }) => confidence >= kept);
    const more = gaps(history, sure).flatMap(([from, to]) => find(history, from, to, around.second));
    found.push(...more.filter((one) => !isLeftOver(one, found)));
  }
  return found.sort((a, b) => a.start - b.start);
}

/** A fade of fewer frames may be a flicker. */
const briefFade = 4;

const withConfidence = (fade: Transition): FoundTransition => ({
  ...fade,
  confidence: fade.end - fade.start + 1 < briefFade ? likely : clear,
});

/** Frames beside a wipe in which a cut is the last corner that the edge passes. */
const besideWipe = 2;

const isLeftOver = ({ start, end, type }: Transition, found: readonly Transition[]): boolean =>
  type === 'cut' &&
  found.some((w) => w.type === 'wipe' && start <= w.end + besideWipe && end >= w.start - besideWipe);

function withoutOverlap(fades: readonly Transition[]): Transition[] {
  const kept: Transition[] = [];
  for (const fade of [...fades].sort((a, b) => a.start - b.start)) {
    const last = kept.at(-1);
    if (last && fade.start <= last.end) last.end = Math.max(last.end, fade.end);
    else kept.push({ ...fade });
  }
  return kept;
}

/** Stretches of held frames, both ends included, that no transition takes and no cut divides. */
function gaps(history: History, transitions: readonly Transition[]): [number, number][] {
  return shotsBetween(
    [...transitions].sort((a, b) => a.start - b.start),
    history.end,
    history.first,
  ).map((span) => [span.in, span.out - 1]);
}
