import { findCuts } from './cuts.ts';
import { findDissolves } from './dissolves.ts';
import { findFades } from './fades.ts';
import { createHistory, type History } from './history.ts';
import type { Span, Transition } from './schema.ts';
import { shotsBetween } from './tile.ts';

export interface Found {
  /** Frames pushed. */
  frames: number;
  shots: Span[];
  transitions: Transition[];
}

/** Seconds of film held at once, and those kept before and after what is being decided. */
const heldSeconds = 24;
const beforeSeconds = 4;
const aheadSeconds = 8;

export interface Detector {
  /** Takes the next frame: `seenWidth * seenHeight` RGB bytes, which must not change afterwards. */
  push(pixels: Uint8Array): void;
  /** Ends the film. Shots and gradual transitions tile its frames exactly. */
  finish(): Found;
}

/**
 * Finds cuts, fades and dissolves in frames as they come, with bounded memory.
 * @param fps frames a second; bounds lengths only, frames are counted
 */
export function createDetector({ fps }: { fps: number }): Detector {
  const second = Math.max(1, Math.round(fps));
  const history = createHistory(3 * second + 2);
  const transitions: Transition[] = [];
  let settled = 0;
  const settle = (isEnd: boolean) => {
    const horizon = isEnd ? history.end : history.end - aheadSeconds * second;
    const next = settleBefore(history, settled, horizon, { second, isStart: history.first === 0, isEnd });
    transitions.push(...next.transitions);
    settled = next.settled;
    history.drop(settled - beforeSeconds * second);
  };
  return {
    push: (pixels) => {
      history.add(pixels);
      if (history.end - history.first >= heldSeconds * second) settle(false);
    },
    finish: () => {
      if (history.end > 0) settle(true);
      return { frames: history.end, shots: shotsBetween(transitions, history.end), transitions };
    },
  };
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

/** All transitions among the held frames, in order: fades first, cuts between them, dissolves in what is left. */
function findTransitions(history: History, around: Around): Transition[] {
  const fades = withoutOverlap(findFades(history, around));
  const cuts = gaps(history, fades).flatMap(([from, to]) => findCuts(history, from, to, around.second));
  const dissolves = gaps(history, [...fades, ...cuts]).flatMap(([from, to]) =>
    findDissolves(history, from, to, around.second),
  );
  return [...fades, ...cuts, ...dissolves].sort((a, b) => a.start - b.start);
}

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
