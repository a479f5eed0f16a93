import type { Rng } from '../../src/sample/random.ts';

/** Size of the frames that a composed film is made from; what lies around the film's own frame is room to shake in. */
export const sourceWidth = 176;
export const sourceHeight = 100;
/** Size of a composed film. */
export const filmWidth = 160;
export const filmHeight = 90;

export type Picture = Uint8Array;
/** Frame `k` of a shot, drawn when it is asked for. */
export type Shot = { length: number; frame: (k: number) => Picture };
/** What was done to a source frame: `k` counts within the shot. */
type Look = (source: Picture, k: number) => Picture;

export const looks = ['plain', 'grain', 'shake', 'pan', 'drift', 'dark', 'silent'] as const;
export type LookName = (typeof looks)[number];

/** A look with its own seeded strength. */
export function lookOf(rng: Rng, name: LookName): Look {
  const seed = rng.int(1, 1 << 30);
  switch (name) {
    case 'plain':
      return (source) => cropped(source, 8, 5);
    case 'grain':
      return grainy(rng.range(4, 14), seed);
    case 'shake':
      return shaken(rng.range(1.5, 4), seed);
    case 'pan':
      return panned(rng.range(3, 7), rng.chance(0.5));
    case 'drift':
      return drifting(rng.range(0.2, 0.9), rng.chance(0.5), rng.range(0.3, 1));
    case 'dark':
      return darkened(rng.range(0.12, 0.3), rng.range(1, 3), seed);
    case 'silent':
      return flickering(rng.range(0.08, 0.25), rng.range(4, 10), seed);
  }
}

function grainy(strength: number, seed: number): Look {
  return (source, k) => noisy(cropped(source, 8, 5), strength, seed + k);
}

/** A hand that holds the camera: the place wanders and returns, up to 8 by 5 pixels. */
function shaken(strength: number, seed: number): Look {
  const at = (k: number, way: number) =>
    strength * (wave(k, seed + way) + 0.6 * wave(2.7 * k, seed + way + 7));
  return (source, k) => cropped(source, clamp(8 + 2 * at(k, 0), 16), clamp(5 + at(k, 1), 10));
}

const wave = (k: number, phase: number) =>
  Math.sin(0.9 * k + (phase % 1000)) * Math.cos(0.37 * k + (phase % 77));
const clamp = (value: number, most: number) => Math.round(Math.min(most, Math.max(0, value)));

/** Half the picture, enlarged, sweeping to and fro: `speed` source pixels a frame are twice as many of the film. */
function panned(speed: number, isLeftward: boolean): Look {
  const room = sourceWidth - filmWidth / 2;
  return (source, k) => {
    const gone = (k * speed) % (2 * room);
    const x = Math.round(gone < room ? gone : 2 * room - gone);
    return enlarged(source, isLeftward ? room - x : x, 25);
  };
}

/** A slow pan over a small part of the picture, out of focus and of little contrast: `speed` source pixels a frame. */
function drifting(speed: number, isLeftward: boolean, contrast: number): Look {
  const room = sourceWidth - filmWidth / 2;
  return (source, k) => {
    const gone = Math.min(room, k * speed);
    return flattened(softened(source, isLeftward ? room - gone : gone, 25), contrast);
  };
}

const flattened = (picture: Picture, contrast: number): Picture =>
  picture.map((v) => Math.round(128 + contrast * (v - 128)));

function darkened(share: number, grain: number, seed: number): Look {
  return (source, k) => noisy(scaled(cropped(source, 8, 5), share), grain, seed + k);
}

/** Grey, the light unsteady from frame to frame, the frame unsteady in the gate. */
function flickering(strength: number, grain: number, seed: number): Look {
  return (source, k) => {
    const random = noiseOf(seed + 31 * k);
    const gain = 1 + strength * (2 * random() - 1);
    const grey = inGrey(cropped(source, 8, random() < 0.2 ? 4 : 5));
    return noisy(scaled(grey, gain), grain, seed + k);
  };
}

function cropped(source: Picture, left: number, top: number): Picture {
  const out = new Uint8Array(3 * filmWidth * filmHeight);
  for (let y = 0; y < filmHeight; y++) {
    const from = 3 * ((y + top) * sourceWidth + left);
    out.set(source.subarray(from, from + 3 * filmWidth), 3 * y * filmWidth);
  }
  return out;
}

function enlarged(source: Picture, left: number, top: number): Picture {
  const out = new Uint8Array(3 * filmWidth * filmHeight);
  for (let y = 0, at = 0; y < filmHeight; y++) {
    for (let x = 0; x < filmWidth; x++, at += 3) {
      const from = 3 * ((top + (y >> 1)) * sourceWidth + left + (x >> 1));
      for (let c = 0; c < 3; c++) out[at + c] = source[from + c] as number;
    }
  }
  return out;
}

/** Half the picture, enlarged, each pixel between those around it: `left` may lie between two. */
function softened(source: Picture, left: number, top: number): Picture {
  const out = new Uint8Array(3 * filmWidth * filmHeight);
  for (let y = 0, at = 0; y < filmHeight; y++) {
    for (let x = 0; x < filmWidth; x++, at += 3) {
      const [u, v] = [Math.min(left + x / 2, sourceWidth - 4.01), top + (y >> 1)];
      const [column, part] = [Math.floor(u), u % 1];
      const from = 3 * (v * sourceWidth + column);
      for (let c = 0; c < 3; c++) {
        const p = (k: number) => source[from + c + 3 * k] as number;
        out[at + c] = Math.round(((1 - part) * (p(0) + p(1) + p(2)) + part * (p(1) + p(2) + p(3))) / 3);
      }
    }
  }
  return out;
}

function inGrey(picture: Picture): Picture {
  for (let at = 0; at < picture.length; at += 3) {
    const luma =
      0.2126 * (picture[at] as number) +
      0.7152 * (picture[at + 1] as number) +
      0.0722 * (picture[at + 2] as number);
    picture.fill(luma, at, at + 3);
  }
  return picture;
}

export const scaled = (picture: Picture, gain: number): Picture =>
  picture.map((v) => Math.min(255, Math.round(v * gain)));

/** Adds noise of this standard deviation to all channels alike, as film grain mostly is. */
function noisy(picture: Picture, deviation: number, seed: number): Picture {
  const random = noiseOf(seed);
  // The sum of two uniform values in 0..1 deviates by 1/sqrt(6).
  const gain = deviation * Math.sqrt(6);
  for (let at = 0; at < picture.length; at += 3) {
    const step = gain * (random() + random() - 1);
    for (let c = at; c < at + 3; c++) picture[c] = Math.min(255, Math.max(0, (picture[c] as number) + step));
  }
  return picture;
}

/** Marsaglia's xorshift, 0..1: a film has 14,400 grains a frame, too many for the seeded stream. */
function noiseOf(seed: number): () => number {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}
