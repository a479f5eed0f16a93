import { seenBytes, seenHeight, seenWidth } from './history.ts';
import type { Span, Transition } from './schema.ts';

/** Frames as the detector sees them: a drawn place, seen by a camera that moves. */
export type Frames = Uint8Array[];

/** A small seeded generator (mulberry32), 0..1. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const placeWidth = 400;

/** A shot looks at part of a wide place of coloured boxes, `speed` pixels further right each frame. */
export function shot(seed: number, length: number, speed = 0): Frames {
  const place = placeOf(seed);
  return Array.from({ length }, (_, k) => {
    const left = Math.min(placeWidth - seenWidth, Math.floor(k * speed));
    const frame = new Uint8Array(seenBytes);
    for (let y = 0; y < seenHeight; y++) {
      const at = 3 * (y * placeWidth + left);
      frame.set(place.subarray(at, at + 3 * seenWidth), 3 * y * seenWidth);
    }
    return frame;
  });
}

/** Somebody walks, `speed` pixels a frame, under a sky and over ground of one colour each. */
export function walk(seed: number, length: number, speed: number): Frames {
  const random = randomOf(seed);
  const colour = () => [random() * 255, random() * 255, random() * 255];
  const [sky, ground, body] = [colour(), colour(), colour()] as const;
  const horizon = 16 + Math.floor(random() * 8);
  const [from, width, height] = [random() * 30, 6 + random() * 8, 12 + random() * 10] as const;
  return Array.from({ length }, (_, k) => {
    const frame = new Uint8Array(seenBytes);
    const left = from + speed * k;
    for (let at = 0; at < seenBytes; at += 3) {
      const [x, y] = [(at / 3) % seenWidth, Math.floor(at / 3 / seenWidth)];
      const isBody = x >= left && x < left + width && y >= feet - height && y < feet;
      frame.set(isBody ? body : y < horizon ? sky : ground, at);
    }
    return frame;
  });
}

/** The line of the frame on which they walk. */
const feet = 30;

const places = new Map<number, Uint8Array>();

function placeOf(seed: number): Uint8Array {
  const place = places.get(seed) ?? drawPlace(randomOf(seed * 7919 + 1));
  places.set(seed, place);
  return place;
}

function drawPlace(random: () => number): Uint8Array {
  const place = new Uint8Array(3 * placeWidth * seenHeight);
  const box = (x: number, y: number, width: number, height: number) => {
    const colour = [random() * 255, random() * 255, random() * 255];
    for (let row = Math.floor(y); row < Math.min(seenHeight, y + height); row++) {
      for (let at = Math.floor(x); at < Math.min(placeWidth, x + width); at++) {
        place.set(colour, 3 * (row * placeWidth + at));
      }
    }
  };
  box(0, 0, placeWidth, seenHeight);
  for (let i = 0; i < 60; i++)
    box(random() * placeWidth, random() * seenHeight, 4 + random() * 24, 3 + random() * 14);
  return place;
}

export const black = (length: number): Frames => Array.from({ length }, () => new Uint8Array(seenBytes));

export const mix = (a: Uint8Array, b: Uint8Array, share: number): Uint8Array =>
  a.map((value, i) => Math.round(value * (1 - share) + (b[i] as number) * share));

/** `length` frames from the end of one shot into the start of the next. */
export function dissolve(from: Frames, to: Frames, length: number): Frames {
  return Array.from({ length }, (_, i) =>
    mix(from.at(i - length) as Uint8Array, to[i] as Uint8Array, (i + 1) / (length + 1)),
  );
}

/** An edge crosses from one shot to the next: `turns` says when a place turns, 0 first and 1 last; x and y are 0..1. */
export function wipe(
  from: Frames,
  to: Frames,
  length: number,
  turns: (x: number, y: number) => number,
): Frames {
  return Array.from({ length }, (_, i) => {
    const [a, b] = [from.at(i - length) as Uint8Array, to[i] as Uint8Array];
    const share = (i + 1) / (length + 1);
    return a.map((value, at) => {
      const [x, y] = [Math.floor(at / 3) % seenWidth, Math.floor(at / 3 / seenWidth)];
      return turns((x + 0.5) / seenWidth, (y + 0.5) / seenHeight) < share ? (b[at] as number) : value;
    });
  });
}

/** The next shot pushes the one before out to the left, or slides over it from the right. */
export function slide(from: Frames, to: Frames, length: number, takes: 'both' | 'next'): Frames {
  return Array.from({ length }, (_, i) => {
    const [a, b] = [from.at(i - length) as Uint8Array, to[i] as Uint8Array];
    const gone = Math.round((seenWidth * (i + 1)) / (length + 1));
    return a.map((_, at) => {
      const x = Math.floor(at / 3) % seenWidth;
      if (x >= seenWidth - gone) return b[at - 3 * (seenWidth - gone)] as number;
      return a[takes === 'both' ? at + 3 * gone : at] as number;
    });
  });
}

export const fadeOut = (from: Frames): Frames =>
  from.map((frame, i) => mix(frame, new Uint8Array(seenBytes), (i + 1) / from.length));

export const fadeIn = (to: Frames): Frames =>
  to.map((frame, i) => mix(frame, new Uint8Array(seenBytes), 1 - i / to.length));

/** Every frame is in one shot or one gradual transition, once; cuts lie between shots that touch. */
export function tiles(frames: number, shots: readonly Span[], transitions: readonly Transition[]): boolean {
  const seen = new Array<number>(frames).fill(0);
  const mark = (from: number, to: number) => {
    for (let k = from; k < to; k++) seen[k] = (seen[k] ?? Number.NaN) + 1;
  };
  for (const span of shots) mark(span.in, span.out);
  for (const { start, end, type } of transitions) if (type !== 'cut') mark(start, end + 1);
  const joins = transitions.filter(({ type }) => type === 'cut').map(({ end }) => end);
  const touching = shots
    .slice(1)
    .filter((span, i) => span.in === shots[i]?.out)
    .map((span) => span.in);
  return seen.length === frames && seen.every((count) => count === 1) && `${joins}` === `${touching}`;
}

/** A soft picture, and the same with two lines of bright words over it. */
export function lettered(seed: number): { plain: Uint8Array; words: Uint8Array } {
  const random = randomOf(seed);
  const plain = Uint8Array.from(
    { length: seenBytes },
    (_, i) => 90 + 20 * Math.sin((i % (3 * seenWidth)) / 27 + seed),
  );
  const words = plain.slice();
  for (let x = 10; x < seenWidth - 10; x++) {
    for (const line of [8, 18]) {
      const isInk = random() < 0.55;
      for (let y = line; isInk && y < line + 4; y++)
        words.fill(250, 3 * (y * seenWidth + x), 3 * (y * seenWidth + x) + 3);
    }
  }
  return { plain, words };
}
