import type { Rng } from '../../src/sample/random.ts';
import type { Transition } from '../../src/shots/index.ts';

/** A film made of real shots at the detector's size, with the transitions that were put in. */
export interface Composed {
  frames: Uint8Array[];
  transitions: Transition[];
  /** First frames of the flashes put in: no transition belongs there. */
  flashes: number[];
}

/** Frames of one real shot. */
export type Shot = readonly Uint8Array[];

const kinds = ['cut', 'dissolve', 'fade'] as const;
const shortest = 30;

/** Puts `count` transitions between shots drawn from the pool: cuts, dissolves and fades of 6 to 48 frames. */
export function composeFilm(rng: Rng, pool: readonly Shot[], count: number): Composed {
  const film: Composed = { frames: [], transitions: [], flashes: [] };
  let before = rng.int(0, pool.length - 1);
  let current = take(rng, pool[before] as Shot);
  for (let i = 0; i < count; i++) {
    before = (before + rng.int(1, pool.length - 1)) % pool.length;
    const next = take(rng, pool[before] as Shot);
    const room = Math.min(current.length, next.length) - shortest / 2;
    const kind = room < 6 ? 'cut' : rng.pick(kinds);
    const length = kind === 'cut' ? 0 : Math.min(rng.int(6, 48), room);
    lay(rng, film, current.slice(0, current.length - length));
    current = join(rng, film, kind, current.slice(current.length - length), next, length);
  }
  lay(rng, film, current);
  return film;
}

function take(rng: Rng, shot: Shot): Shot {
  const length = Math.min(shot.length, rng.int(40, 140));
  const from = rng.int(0, shot.length - length);
  const part = shot.slice(from, from + length);
  return rng.chance(0.3) ? [...part].reverse() : part;
}

/** Adds the frames of a shot, now and then with a flash of one to four frames in its middle. */
function lay(rng: Rng, film: Composed, shot: Shot): void {
  const first = film.frames.length;
  for (const frame of shot) film.frames.push(frame);
  if (shot.length < shortest || !rng.chance(0.15)) return;
  const at = first + Math.floor(shot.length / 2);
  const strength = rng.range(0.4, 0.95);
  film.flashes.push(at);
  for (let k = at; k < at + rng.int(1, 4); k++)
    film.frames[k] = lighter(film.frames[k] as Uint8Array, strength);
}

const lighter = (frame: Uint8Array, share: number): Uint8Array => frame.map((v) => v + (255 - v) * share);

/** Writes the transition and returns what is left of the next shot. */
function join(
  rng: Rng,
  film: Composed,
  kind: Transition['type'],
  tail: Shot,
  next: Shot,
  length: number,
): Shot {
  const start = film.frames.length;
  if (kind === 'cut') {
    film.transitions.push({ start: start - 1, end: start, type: 'cut' });
    return next;
  }
  const black = kind === 'fade' ? rng.int(0, 15) : 0;
  film.frames.push(...(kind === 'dissolve' ? dissolve(tail, next, length) : fade(tail, next, length, black)));
  film.transitions.push({ start, end: film.frames.length - 1, type: kind });
  return next.slice(length);
}

function dissolve(tail: Shot, next: Shot, length: number): Uint8Array[] {
  return tail.map((a, i) => mix(a, next[i] as Uint8Array, (i + 1) / (length + 1)));
}

function fade(tail: Shot, next: Shot, length: number, black: number): Uint8Array[] {
  const nothing = new Uint8Array((tail[0] as Uint8Array).length);
  const out = tail.map((a, i) => mix(a, nothing, (i + 1) / (length + 1)));
  const back = next.slice(0, length).map((b, i) => mix(nothing, b, (i + 1) / (length + 1)));
  return [...out, ...Array.from({ length: black }, () => nothing), ...back];
}

const mix = (a: Uint8Array, b: Uint8Array, share: number): Uint8Array =>
  a.map((v, i) => Math.round(v * (1 - share) + (b[i] as number) * share));
