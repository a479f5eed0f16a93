import { kept } from '../../../src/shots/confidence.ts';
import { cutFeatures } from '../../../src/shots/cut-features.ts';
import { cutCandidates, findCuts } from '../../../src/shots/cuts.ts';
import { findFades, withoutOverlap } from '../../../src/shots/fades.ts';
import type { Forests } from '../../../src/shots/forests.ts';
import { gradualCandidates, stretchesTried } from '../../../src/shots/gradual.ts';
import { gradualFeatures } from '../../../src/shots/gradual-features.ts';
import type { Transition } from '../../../src/shots/index.ts';
import { sketch } from '../../../src/shots/sketch.ts';
import { shotsBetween } from '../../../src/shots/tile.ts';
import type { Features } from '../../../src/shots/trees.ts';
import { type SeenFilm, second } from './films.ts';

/** What a detector would be asked, and the right answer. */
export interface Question {
  film: string;
  features: Features;
  /** How much of a true transition it is: overlap over union, of a cut 0 or 1. */
  alike: number;
}

/** One in so many of the stretches that are none is kept: they are many and alike. */
const keptOfNone = 3;
/** Overlap over union of less than this is none. */
const none = 0.25;

/** Steps that stand out: is it a cut? */
export function cutQuestions(film: SeenFilm): Question[] {
  const cuts = film.transitions.filter(({ type }) => type === 'cut').map(({ end }) => end);
  const asked = clearOf(film, fadesIn(film)).flatMap(([from, to]) => cutCandidates(film.history, from, to));
  return asked
    .filter((at) => cuts.includes(at) || !cuts.some((cut) => Math.abs(cut - at) <= 1))
    .map((at) => ({
      film: film.name,
      features: cutFeatures(film.history, at),
      alike: cuts.includes(at) ? 1 : 0,
    }));
}

/** Stretches of all lengths, cheaply: is it a dissolve or wipe? Between true cuts and fades. */
export function sketchQuestions(film: SeenFilm): Question[] {
  const { history } = film;
  const others = film.transitions.filter(({ type }) => type === 'cut' || type === 'fade');
  const tried = clearOf(film, others).flatMap(([from, to]) => stretchesTried(history, from, to, second));
  const few = rate(film, tried).filter(({ alike }, i) => alike > none || i % keptOfNone === 0);
  return few.map(({ start, end, alike }) => ({
    film: film.name,
    features: sketch(history, start, end),
    alike,
  }));
}

/** What the sketch and the rules propose between the cuts and fades that were found: is it one? */
export function gradualQuestions(film: SeenFilm, forests: Forests): Question[] {
  const { history } = film;
  const known = { second, forests };
  const fades = fadesIn(film);
  const cuts = clearOf(film, fades).flatMap(([from, to]) => findCuts(history, from, to, known));
  const sure = cuts.filter(({ confidence }) => confidence >= kept);
  const asked = clearOf(film, [...fades, ...sure]).flatMap(([from, to]) =>
    gradualCandidates(history, from, to, known),
  );
  return rate(film, asked).map(({ start, end, alike }) => ({
    ...{ film: film.name, features: gradualFeatures(history, start, end), alike },
  }));
}

const fadesIn = ({ history }: SeenFilm) =>
  withoutOverlap(findFades(history, { second, isStart: true, isEnd: true }));

/** Frames, first and last, of each stretch that no transition takes. */
const clearOf = ({ frames }: SeenFilm, transitions: readonly Transition[]): [number, number][] =>
  shotsBetween(
    transitions.toSorted((a, b) => a.start - b.start),
    frames,
  ).map((span) => [span.in, span.out - 1]);

function rate(film: SeenFilm, stretches: readonly Stretch[]) {
  const gradual = film.transitions.filter(({ type }) => type !== 'cut');
  return stretches.map(({ start, end }) => ({
    ...{ start, end },
    alike: Math.max(0, ...gradual.map((one) => overlapShare({ start, end }, one))),
  }));
}

type Stretch = Pick<Transition, 'start' | 'end'>;

/** Frames of both over frames of either. */
function overlapShare(a: Stretch, b: Stretch): number {
  const both = Math.min(a.end, b.end) - Math.max(a.start, b.start) + 1;
  return both <= 0 ? 0 : both / (Math.max(a.end, b.end) - Math.min(a.start, b.start) + 1);
}
