import { describe, expect, it } from 'vitest';
import { createDetector, tiled } from './detector.ts';
import { dissolve, type Frames, mix, shot, slide, walk, wipe } from './films.test-support.ts';
import { seenBytes } from './history.ts';
import type { FoundTransition } from './schema.ts';

function detect(film: Frames) {
  const detector = createDetector({ fps: 24 });
  for (const frame of film) detector.push(frame);
  const { frames, found } = detector.finish();
  return tiled(frames, found);
}

const white = new Uint8Array(seenBytes).fill(255);
const black = new Uint8Array(seenBytes);
const lit = (film: Frames, at: readonly number[], share: number): Frames =>
  film.map((frame, k) => (at.includes(k) ? mix(frame, white, share) : frame));

const cutsIn = (film: Frames) => detect(film).transitions.map(({ end, type }) => `${type} ${end}`);

describe('boundaries where they are hardest to tell', () => {
  it.each([
    ['to the right', (x: number) => x],
    ['as barn doors', (x: number) => 2 * Math.abs(x - 0.5)],
    ['as an iris', (x: number, y: number) => Math.hypot(x - 0.5, y - 0.5) / Math.SQRT1_2],
  ])('gives a wipe of two seconds its first and last mixed frame: %s', (_, turns) => {
    const [a, b] = [shot(31, 100), shot(32, 100)];
    const { transitions } = detect([...a.slice(0, 52), ...wipe(a, b, 48, turns), ...b.slice(48)]);
    expect(transitions.map(({ type }) => type)).toEqual(['wipe']);
    expect(Math.abs((transitions[0]?.start ?? 0) - 52)).toBeLessThanOrEqual(2);
    expect(Math.abs((transitions[0]?.end ?? 0) - 99)).toBeLessThanOrEqual(2);
  });

  it.each(['both', 'next'] as const)('takes a picture that moves in for a wipe: %s moving', (takes) => {
    for (const length of [12, 36]) {
      const [a, b] = [shot(33, 90), shot(34, 90)];
      const film = [...a.slice(0, 90 - length), ...slide(a, b, length, takes), ...b.slice(length)];
      const { transitions } = detect(film);
      expect(transitions.map(({ type }) => type)).toEqual(['wipe']);
      expect(Math.abs((transitions[0]?.start ?? 0) - (90 - length))).toBeLessThanOrEqual(2);
      expect(Math.abs((transitions[0]?.end ?? 0) - 89)).toBeLessThanOrEqual(2);
    }
  });

  it.each([13, 20, 34, 48, 49, 58])(
    'knows a dissolve between places of one layout by which people walk: %i',
    (seed) => {
      for (const [speed, length] of [
        [1, 8],
        [1.5, 12],
        [-1, 10],
      ] as const) {
        const [a, b] = [walk(2 * seed, 70, speed), walk(2 * seed + 1, 70, speed > 0 ? 1.5 - speed : speed)];
        const film = [...a.slice(0, 70 - length), ...dissolve(a, b, length), ...b.slice(length)];
        const { transitions } = detect(film);
        expect(transitions.map(({ type }) => type)).toEqual(['dissolve']);
      }
    },
  );

  it('takes light on the first or the last frames of a film for no cut', () => {
    for (const at of [[0], [0, 1, 2], [59], [57, 58, 59]])
      for (const share of [0.6, 0.9, 1]) expect(cutsIn(lit(shot(41, 60, 0.5), at, share))).toEqual([]);
  });

  it.each([3, 5, 7])(
    'takes it for one fade where the camera pans on as the picture fades to white: %i',
    (seed) => {
      const [a, b] = [shot(seed, 76, 2), shot(seed + 50, 70)];
      const fading = (frames: Frames, share: (k: number) => number) =>
        frames.map((frame, k) => mix(white, frame, share(k + 1)));
      const film = (whites: number) => [
        ...a.slice(0, 60),
        ...fading(a.slice(60), (k) => 1 - k / 17),
        ...Array.from({ length: whites }, () => white),
        ...fading(b.slice(0, 16), (k) => k / 17),
        ...b.slice(16),
      ];
      const short = detect(film(8)).transitions;
      expect(short.map(({ type }) => type)).toEqual(['fade']);
      expect(Math.abs((short[0]?.start ?? 0) - 60)).toBeLessThanOrEqual(2);
      expect(short[0]?.end).toBe(99);
      expect(detect(film(40)).transitions.map(({ type }) => type)).toEqual(['fade', 'fade']);
    },
  );

  it.each([3, 5, 7])('keeps the hard cut from white to black that lies between two fades: %i', (seed) => {
    const [a, b] = [shot(seed, 60), shot(seed + 50, 76, 2)];
    const fading = (frames: Frames, into: Uint8Array, share: (k: number) => number) =>
      frames.map((frame, k) => mix(into, frame, share(k + 1)));
    const nothing = new Uint8Array(seenBytes);
    const film = [
      ...a,
      ...fading(a.slice(44), white, (k) => 1 - k / 17),
      ...Array.from({ length: 12 }, (_, k) => (k < 6 ? white : nothing)),
      ...fading(b.slice(0, 16), nothing, (k) => k / 17),
      ...b.slice(16),
    ];
    expect(detect(film).transitions.map(({ type }) => type)).toEqual(['fade', 'cut', 'fade']);
  });

  it('finds the cut, and it alone, beside a flash of either shot', () => {
    for (const at of [[39], [38], [37, 38, 39], [40], [41], [40, 41, 42]])
      expect(cutsIn(lit([...shot(1, 40), ...shot(2, 40)], at, 0.8))).toEqual(['cut 40']);
  });

  it.each([
    [3, 0.2, [36]],
    [3, 0.2, [37, 38]],
    [4, 0.2, [33, 34, 37, 38]],
    [3, 0.5, [38]],
    [3, 0.5, [39]],
    [3, 0.5, [41, 42]],
    [3, 0.1, [38]],
  ] as const)(
    'finds the cut beside a flash that is further from its own shot than the other shot is: %i, of %d, at %j',
    (seed, light, at) => {
      const dark = shot(seed, 40).map((frame) => mix(black, frame, light));
      expect(cutsIn(lit([...dark, ...shot(seed + 10, 40)], at, 0.95))).toEqual(['cut 40']);
    },
  );

  it.each([1, 2, 3])(
    'takes a blink of two frames, between light that goes and comes, for no fade: %i',
    (seed) => {
      const light = (k: number) => (0.6 + 0.008 * Math.abs(k - 40)) * (k === 40 || k === 41 ? 0.36 : 1);
      expect(cutsIn(shot(seed, 80).map((frame, k) => mix(black, frame, light(k))))).toEqual([]);
    },
  );

  it('leaves no shot of a frame or two beside a gradual transition', () => {
    const one = (start: number, end: number, type: FoundTransition['type'], confidence: number) => ({
      ...{ start, end, type, confidence },
    });
    const between = tiled(100, [one(10, 30, 'wipe', 0.9), one(33, 50, 'dissolve', 0.6)]);
    expect(between.transitions).toEqual([one(10, 32, 'wipe', 0.9), one(33, 50, 'dissolve', 0.6)]);
    expect(tiled(40, [one(1, 20, 'fade', 0.9)]).shots).toEqual([{ in: 21, out: 40 }]);
    const cut = tiled(100, [one(40, 60, 'dissolve', 0.9), one(61, 62, 'cut', 0.7)]);
    expect(cut.transitions).toEqual([one(40, 60, 'dissolve', 0.9)]);
  });
});
