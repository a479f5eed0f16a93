import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDetector, tiled } from './detector.ts';
import {
  black,
  dissolve,
  type Frames,
  fadeIn,
  fadeOut,
  lettered,
  mix,
  shot,
  tiles,
  wipe,
} from './films.test-support.ts';
import { seenBytes } from './history.ts';

function detect(film: Frames, fps = 24) {
  const detector = createDetector({ fps });
  for (const frame of film) detector.push(frame);
  const { frames, found } = detector.finish();
  return tiled(frames, found);
}

const found = (film: Frames) =>
  detect(film).transitions.map(({ start, end, type }) => `${type} ${start}-${end}`);

const pieces: Record<string, (seed: number, length: number) => Frames> = {
  shot: (seed, length) => shot(seed, length, 1),
  black: (_, length) => black(length),
  in: (seed, length) => fadeIn(shot(seed, length)),
  out: (seed, length) => fadeOut(shot(seed, length)),
  wipe: (seed, length) => wipe(shot(seed, length), shot(seed + 1, length), length, (x) => x),
  mix: (seed, length) => dissolve(shot(seed, length), shot(seed + 1, length), length),
  noise: (seed, length) => Array.from({ length }, (_, i) => shot(seed + i, 1)[0] as Uint8Array),
};

describe('the shot detector', () => {
  it('finds a cut between its two frames, also on a moving camera', () => {
    expect(found([...shot(1, 40), ...shot(2, 40)])).toEqual(['cut 39-40']);
    expect(found([...shot(3, 40, 1), ...shot(4, 40, 2)])).toEqual(['cut 39-40']);
  });

  it('finds no transition in a shot that pans, or in one that stands still', () => {
    expect(found(shot(5, 120, 1))).toEqual([]);
    expect(found(shot(5, 60))).toEqual([]);
  });

  it('gives a dissolve its first and last mixed frame', () => {
    for (const length of [6, 15, 40]) {
      const [a, b] = [shot(6, 60), shot(7, 70)];
      const film = [...a.slice(0, 60 - length), ...dissolve(a, b, length), ...b.slice(length)];
      expect(found(film)).toEqual([`dissolve ${60 - length}-59`]);
    }
  });

  it('knows a wipe by its edge, whichever way it runs', () => {
    const edges = [
      (x: number) => x,
      (_: number, y: number) => 1 - y,
      (x: number) => 2 * Math.abs(x - 0.5),
      (x: number, y: number) => Math.hypot(x - 0.5, y - 0.5) / Math.SQRT1_2,
    ];
    for (const turns of edges) {
      const [a, b] = [shot(31, 60), shot(32, 60, 0.3)];
      const film = [...a.slice(0, 40), ...wipe(a, b, 20, turns), ...b.slice(20)];
      const { transitions } = detect(film);
      expect(transitions.map(({ type }) => type)).toEqual(['wipe']);
      expect(Math.abs((transitions[0]?.start ?? 0) - 40)).toBeLessThanOrEqual(2);
      expect(Math.abs((transitions[0]?.end ?? 0) - 59)).toBeLessThanOrEqual(2);
    }
  });

  it('takes a fast sweep of the camera for no wipe', () => {
    for (const seed of [33, 34, 35]) expect(found(shot(seed, 80, 4))).toEqual([]);
  });

  it('takes a flash, a strobe and a dropped-out frame for no cut', () => {
    const film = shot(8, 90, 0.5);
    for (const k of [20, 21, 40, 43, 46, 49])
      film[k] = mix(film[k] as Uint8Array, new Uint8Array(seenBytes).fill(255), 0.8);
    film[70] = new Uint8Array(seenBytes);
    expect(found(film)).toEqual([]);
  });

  it('takes light over a fast camera, which meanwhile leaves the picture, for no cut', () => {
    const film = shot(21, 64, 3);
    for (const k of [30, 31, 32, 33])
      film[k] = mix(film[k] as Uint8Array, new Uint8Array(seenBytes).fill(255), 0.93);
    expect(found(film)).toEqual([]);
  });

  it('takes words that appear on black for no cut', () => {
    const words = black(1)[0]?.map((_, i) =>
      i % 192 > 80 && i % 192 < 110 && Math.floor(i / 192) === 18 ? 200 : 0,
    );
    expect(found([...black(30), ...Array.from({ length: 30 }, () => words as Uint8Array)])).toEqual([]);
  });

  it('joins fade, black and fade into one transition up to a second of black', () => {
    const film = (blacks: number) => [
      ...shot(9, 40),
      ...fadeOut(shot(9, 12)),
      ...black(blacks),
      ...fadeIn(shot(10, 12)),
      ...shot(10, 40),
    ];
    expect(found(film(10))).toEqual(['fade 40-73']);
    expect(found(film(40))).toEqual(['fade 40-50', 'fade 93-103']);
  });

  it('finds the fades that open and close a film', () => {
    const film = [...fadeIn(shot(11, 16)), ...shot(11, 40), ...fadeOut(shot(11, 16))];
    expect(found(film)).toEqual(['fade 0-15', 'fade 56-71']);
  });

  it('keeps black after a hard cut as a shot of its own', () => {
    expect(detect([...shot(12, 40), ...black(20), ...shot(13, 40)]).shots).toEqual([
      { in: 0, out: 40 },
      { in: 40, out: 60 },
      { in: 60, out: 100 },
    ]);
  });

  it('finds the same whatever came long before: what it holds is bounded', () => {
    const [a, b] = [shot(14, 60), shot(15, 60)];
    const tail = [...a.slice(0, 50), ...dissolve(a, b, 10), ...b.slice(10), ...shot(16, 40)];
    const alone = detect(tail, 8).transitions;
    for (const lead of [97, 203, 350]) {
      const long = detect([...Array.from({ length: lead }, () => a[0] as Uint8Array), ...tail], 8);
      expect(long.transitions).toEqual(
        alone.map((t) => ({ ...t, start: t.start + lead, end: t.end + lead })),
      );
    }
  });

  it('takes words that fade in and out over a picture for no dissolve', () => {
    const { plain, words } = lettered(1);
    const still = (frame: Uint8Array, length: number) => Array.from({ length }, () => frame);
    const into = dissolve(still(plain, 16), still(words, 16), 16);
    const film = [
      ...still(plain, 40),
      ...into,
      ...still(words, 40),
      ...into.toReversed(),
      ...still(plain, 40),
    ];
    expect(found(film)).toEqual([]);
  });

  it('takes a copy of each frame, also where that lies in the place of one long gone', () => {
    const film = Array.from({ length: 6 }, (_, i) => shot(20 + i, 70, 1)).flat();
    const detector = createDetector({ fps: 8 });
    const lent = new Uint8Array(seenBytes);
    const kept = film.map((frame) => {
      lent.set(frame);
      return detector.push(lent).pixels;
    });
    expect(tiled(film.length, detector.finish().found)).toEqual(detect(film, 8));
    expect(kept.at(-1)).toEqual(film.at(-1));
    expect(new Set(kept).size).toBeLessThan(film.length);
  });

  it('keeps the surer of two that overlap, and still tiles the film', () => {
    const frames = 120;
    const one = fc
      .record({
        start: fc.integer({ min: 0, max: frames - 2 }),
        length: fc.integer({ min: 1, max: 40 }),
        type: fc.constantFrom('cut', 'fade', 'dissolve', 'wipe'),
        confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      .map(({ start, length, type, confidence }) => {
        const end = type === 'cut' ? start + 1 : Math.min(frames - 1, start + length);
        return { start, end, type, confidence } as const;
      });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), (found) => {
        const result = tiled(frames, found);
        const sure = found.filter(({ confidence }) => confidence >= 0.5);
        const surest = sure.toSorted((a, b) => b.confidence - a.confidence)[0];
        const keepsSurest = !surest || result.transitions.some((t) => t.confidence === surest.confidence);
        return keepsSurest && tiles(frames, result.shots, result.transitions);
      }),
      { seed: 1 },
    );
  });

  it('tiles every film exactly with shots and gradual transitions', () => {
    const piece = fc.record({
      kind: fc.constantFrom(...Object.keys(pieces)),
      seed: fc.integer({ min: 1, max: 40 }),
      length: fc.integer({ min: 1, max: 45 }),
    });
    const film = fc.array(piece, { maxLength: 7 });
    fc.assert(
      fc.property(film, fc.constantFrom(4, 8, 24), (parts, fps) => {
        const frames = parts.flatMap(({ kind, seed, length }) => pieces[kind]?.(seed, length) ?? []);
        const result = detect(frames, fps);
        return result.frames === frames.length && tiles(frames.length, result.shots, result.transitions);
      }),
      { numRuns: 30, seed: 1 },
    );
  });
});
