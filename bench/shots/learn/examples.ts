import { kept } from '../../../src/shots/confidence.ts';
import { cutFeatures } from '../../../src/shots/cut-features.ts';
import { cutCandidates, findCuts } from '../../../src/shots/cuts.ts';
import { findFades, withoutOverlap } from '../../../src/shots/fades.ts';
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
  isTrue: boolean;
}

/** Overlap over union from which on a stretch is the transition; between these it is neither and nothing is learned. */
const enough = { sketch: { yes: 0.6, no: 0.25 }, gradual: { yes: 0.5, no: 0.2 } };
/** One in so many of the stretches that are none is kept: they are many and alike. */
const keptOfNone = 3;

/** Steps that stand out: is it a cut? */
export function cutQuestions(film: SeenFilm): Question[] {
  const cuts = film.transitions.filter(({ type }) => type === 'cut').map(({ end }) => end);
  const asked = clearOf(film, fadesIn(film)).flatMap(([from, to]) => cutCandidates(film.history, from, to));
  return asked
    .filter((at) => cuts.includes(at) || !cuts.some((cut) => Math.abs(cut - at) <= 1))
    .map((at) => ({ film: film.name, features: cutFeatures(film.history, at), isTrue: cuts.includes(at) }));
}

/** Stretches of all lengths, cheaply: is it a dissolve or wipe? Between true cuts and fades. */
export function sketchQuestions(film: SeenFilm): Question[] {
  const { history } = film;
  const others = film.transitions.filter(({ type }) => type === 'cut' || type === 'fade');
  const tried = clearOf(film, others).flatMap(([from, to]) => stretchesTried(history, from, to, second));
  const rated = rate(film, tried, enough.sketch);
  const few = rated.filter(({ isTrue }, i) => isTrue || i % keptOfNone === 0);
  return few.map(({ start, end, isTrue }) => ({
    film: film.name,
    features: sketch(history, start, end),
    isTrue,
  }));
}

/** What the sketch and the rules propose between the cuts and fades that were found: is it one? */
export function gradualQuestions(film: SeenFilm): Question[] {
  const { history } = film;
  const fades = fadesIn(film);
  const cuts = clearOf(film, fades).flatMap(([from, to]) => findCuts(history, from, to, second));
  const sure = cuts.filter(({ confidence }) => confidence >= kept);
  const asked = clearOf(film, [...fades, ...sure]).flatMap(([from, to]) =>
    gradualCandidates(history, from, to, second),
  );
  return rate(film, asked, enough.gradual).map(({ start, end, isTrue }) => ({
    ...{ film: film.name, features: gradualFeatures(history, start, end), isTrue },
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

function rate(
  film: SeenFilm,
  stretches: readonly { start: number; end: number }[],
  { yes, no }: { yes: number; no: number },
) {
  const gradual = film.transitions.filter(({ type }) => type !== 'cut');
  return stretches
    .map(({ start, end }) => ({
      start,
      end,
      best: Math.max(0, ...gradual.map((one) => alike({ start, end }, one))),
    }))
    .filter(({ best }) => best >= yes || best <= no)
    .map(({ start, end, best }) => ({ start, end, isTrue: best >= yes }));
}

type Stretch = Pick<Transition, 'start' | 'end'>;

/** Frames of both over frames of either. */
function alike(a: Stretch, b: Stretch): number {
  const both = Math.min(a.end, b.end) - Math.max(a.start, b.start) + 1;
  return both <= 0 ? 0 : both / (Math.max(a.end, b.end) - Math.min(a.start, b.start) + 1);
}
