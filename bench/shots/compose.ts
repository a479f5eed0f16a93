import type { Rng } from '../../src/sample/random.ts';
import type { Transition } from '../../src/shots/index.ts';
import { flash, strobe } from './bursts.ts';
import { black, type Join, mix, slideOf, white, wipeOf } from './joins.ts';
import { type LookName, lookOf, looks, type Picture, type Shot } from './looks.ts';

/** A film made of real or drawn shots, with the transitions that were put in. Frames are drawn when asked for. */
export interface Composed {
  frames: (() => Picture)[];
  transitions: Transition[];
  /** Frames, both included, of the bursts of light put in: no transition belongs there. */
  bursts: [number, number][];
  /** What was done to the shots, in order. */
  looks: LookName[];
}

/** Source frames of one shot. */
export type Source = readonly Picture[];

/** Frames that a shot shows alone, between its transitions. */
const shortestAlone = 16;
/** Gradual joins shorter than this are none. */
const shortestJoin = 6;
const kinds = [
  'cut',
  'cut',
  'cut',
  'cut',
  'dissolve',
  'dissolve',
  'dissolve',
  'fade',
  'fade',
  'wipe',
  'wipe',
  'slide',
] as const;
/** Fewest and most frames of a join; of a fade without the black in its midst. */
const lengths = { dissolve: [6, 48], fade: [12, 48], wipe: [8, 48], slide: [8, 48] } as const;
type Kind = (typeof kinds)[number];

/** Puts `count` transitions between shots drawn from the pool, each with a look of its own. */
export function composeFilm(rng: Rng, pool: readonly Source[], count: number): Composed {
  const film: Composed = { frames: [], transitions: [], bursts: [], looks: [] };
  let source = rng.int(0, pool.length - 1);
  let shot = shotOf(rng, film, pool[source] as Source);
  let from = 0;
  for (let i = 0; i < count; i++) {
    source = another(rng, pool, source);
    const next = shotOf(rng, film, pool[source] as Source);
    const room = Math.min(shot.length - from, next.length) - shortestAlone;
    const { kind, overlap } = joinOf(rng, room);
    layShot(rng, film, shot, from, shot.length - overlap);
    layJoin(rng, film, kind, tailOf(shot, overlap), next, overlap);
    [shot, from] = [next, overlap];
  }
  layShot(rng, film, shot, from, shot.length);
  return film;
}

/** Mean difference, grey levels, below which two shots are takes of one setup: a join of them shows little to anybody. */
const leastUnlike = 20;

/** A shot that shows something else, where the pool has one. */
function another(rng: Rng, pool: readonly Source[], source: number): number {
  const others = pool.map((_, i) => i).filter((i) => i !== source);
  const unlike = others.filter((i) => difference(pool[i] as Source, pool[source] as Source) >= leastUnlike);
  return rng.pick(unlike.length > 0 ? unlike : others);
}

function difference(a: Source, b: Source): number {
  const [p, q] = [a, b].map((source) => source[source.length >> 1] as Picture) as [Picture, Picture];
  return p.reduce((sum, v, i) => sum + Math.abs(v - (q[i] as number)), 0) / p.length;
}

/** A kind of join and the frames that it takes of either shot: a fade half its length, the others all. */
function joinOf(rng: Rng, room: number): { kind: Kind; overlap: number } {
  const kind = rng.pick(kinds);
  if (kind === 'cut' || room < shortestJoin) return { kind: 'cut', overlap: 0 };
  const [low, high] = lengths[kind];
  return { kind, overlap: Math.min(room, rng.int(low, high) >> (kind === 'fade' ? 1 : 0)) };
}

function shotOf(rng: Rng, film: Composed, source: Source): Shot {
  const length = Math.min(source.length, rng.int(50, 110));
  const first = rng.int(0, source.length - length);
  const isReversed = rng.chance(0.3);
  const name = rng.chance(0.4) ? 'plain' : rng.pick(looks);
  const look = lookOf(rng, name);
  film.looks.push(name);
  const at = (k: number) => first + (isReversed ? length - 1 - k : k);
  return { length, frame: (k) => look(source[at(k)] as Picture, k) };
}

const tailOf = (shot: Shot, length: number): Shot => ({
  length,
  frame: (k) => shot.frame(shot.length - length + k),
});

/** Lays the frames `from..to` of a shot, now and then with a flash or a strobe in their midst. */
function layShot(rng: Rng, film: Composed, shot: Shot, from: number, to: number): void {
  const first = film.frames.length;
  for (let k = from; k < to; k++) film.frames.push(() => shot.frame(k));
  if (to - from < 30 || !rng.chance(0.25)) return;
  const third = Math.floor((to - from) / 3);
  const bursts = rng.chance(0.6) ? flash(rng) : strobe(rng, third);
  const at = first + placeOf(rng, to - from, bursts.length);
  bursts.forEach((burst, i) => {
    const under = film.frames[at + i] as () => Picture;
    film.frames[at + i] = () => burst(under());
  });
  film.bursts.push([at, at + bursts.length - 1]);
}

/** Mostly a third of the way in; now and then at the very ends of a shot or of the film, or a frame or two from them. */
function placeOf(rng: Rng, length: number, taken: number): number {
  if (!rng.chance(0.25)) return Math.floor(length / 3);
  const near = rng.int(0, 2);
  return rng.chance(0.5) ? near : length - taken - near;
}

/** A push or slide is a wipe: an edge crosses the picture (ADR 0118). */
function layJoin(rng: Rng, film: Composed, kind: Kind, tail: Shot, next: Shot, length: number) {
  const start = film.frames.length;
  if (kind === 'cut') return void film.transitions.push({ start: start - 1, end: start, type: kind });
  if (kind === 'fade') layFade(rng, film, tail, next, length);
  else layMixed(film, mixedBy[kind](rng), tail, next, length);
  film.transitions.push({ start, end: film.frames.length - 1, type: kind === 'slide' ? 'wipe' : kind });
}

const mixedBy: Record<'dissolve' | 'wipe' | 'slide', (rng: Rng) => Join> = {
  dissolve: () => mix,
  wipe: wipeOf,
  slide: slideOf,
};

function layMixed(film: Composed, join: Join, tail: Shot, next: Shot, length: number): void {
  for (let k = 0; k < length; k++) {
    film.frames.push(() => join(tail.frame(k), next.frame(k), (k + 1) / (length + 1)));
  }
}

/** Out to black (one in five: white), up to 15 frames of nothing, and back. */
function layFade(rng: Rng, film: Composed, tail: Shot, next: Shot, length: number): void {
  const nothing = rng.chance(0.2) ? white : black;
  layMixed(film, mix, tail, { length, frame: () => nothing }, length);
  for (let k = rng.int(0, 15); k > 0; k--) film.frames.push(() => nothing);
  layMixed(film, mix, { length, frame: () => nothing }, next, length);
}
