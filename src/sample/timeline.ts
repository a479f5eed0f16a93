// Turns a film plan into frames: where every part and join lies, and what each frame is mixed from.
import type { FilmPart, FilmPlan, Join, TransitionType } from './plan.ts';

/** A part of the film in decoded frames: [in, out) shows nothing else. */
export interface Span {
  readonly part: FilmPart;
  readonly in: number;
  readonly out: number;
}

/** A cut lies between `start` and `end`; a gradual transition covers `start`..`end`, both included. */
export interface Transition {
  readonly start: number;
  readonly end: number;
  readonly type: TransitionType;
}

export interface Timeline {
  readonly frames: number;
  readonly spans: readonly Span[];
  readonly transitions: readonly Transition[];
}

/** Frames that a join takes for itself. */
const lengthOf = (join: Join): number =>
  join.type === 'dissolve' ? join.in : join.out + join.black + join.in;

export function layTimeline(plan: FilmPlan): Timeline {
  const spans: Span[] = [];
  const transitions: Transition[] = [];
  let at = 0;
  for (const [i, join] of plan.joins.entries()) {
    const length = lengthOf(join);
    transitions.push(
      length > 0
        ? { start: at, end: at + length - 1, type: join.type }
        : { start: at - 1, end: at, type: 'cut' },
    );
    at += length;
    const part = plan.parts[i];
    if (!part) continue;
    spans.push({ part, in: at, out: at + part.frames });
    at += part.frames;
  }
  return { frames: at, spans, transitions };
}

/** What a frame shows: one part, or `under` with `over` on it at `mix`, all darkened towards black by `black`. */
export interface Shown {
  readonly under: Span;
  readonly over: Span | null;
  readonly mix: number;
  readonly black: number;
}

/** Says what every frame shows, in order. */
export function* framesOf(plan: FilmPlan, timeline: Timeline): Generator<Shown> {
  for (const [i, join] of plan.joins.entries()) {
    const before = timeline.spans[i - 1];
    const after = timeline.spans[i];
    yield* joinFrames(join, before, after);
    if (!after) continue;
    for (let f = after.in; f < after.out; f++) yield { under: after, over: null, mix: 0, black: 0 };
  }
}

function* joinFrames(join: Join, before: Span | undefined, after: Span | undefined): Generator<Shown> {
  if (join.type === 'dissolve' && before && after) {
    for (let j = 1; j <= join.in; j++) yield { under: before, over: after, mix: j / (join.in + 1), black: 0 };
    return;
  }
  for (let j = 1; before && j <= join.out; j++)
    yield { under: before, over: null, mix: 0, black: j / join.out };
  for (let j = 0; after && j < join.black; j++) yield { under: after, over: null, mix: 0, black: 1 };
  for (let j = 0; after && j < join.in; j++)
    yield { under: after, over: null, mix: 0, black: 1 - j / join.in };
}
