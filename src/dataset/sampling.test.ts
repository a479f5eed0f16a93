import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestFrames, windowsOf } from './sampling.ts';

const clip = { frames: 17, fps: '12', stride: 8, clipsPerShot: 8 };

/** Presentation times of `count` frames at a constant rate, rounded to the time base as containers do. */
function constantRate(count: number, fps: [number, number], timeBase: [number, number]) {
  const tick = (i: number) => Math.round((i * fps[1] * timeBase[1]) / (fps[0] * timeBase[0]));
  return { timeBase: timeBase.join('/'), pts: Array.from({ length: count }, (_, i) => tick(i)) };
}

/** The rule in words, in big rationals: of all frames of the shot the one nearest in time, the earlier of two. */
function nearestByDefinition(
  pts: number[],
  base: bigint,
  shot: { in: number; out: number },
  k: number,
): number {
  const time = BigInt(k) * base;
  const distance = (i: number) => {
    const d = BigInt((pts[i] ?? 0) - (pts[shot.in] ?? 0)) * 12n - time;
    return d < 0n ? -d : d;
  };
  let best = shot.in;
  for (let i = shot.in; i < shot.out; i++) if (distance(i) < distance(best)) best = i;
  return best;
}

describe('frames by nearest timestamp', () => {
  it('takes every second frame of 24 fps film', () => {
    const table = constantRate(100, [24, 1], [1, 90000]);
    const expected = Array.from({ length: 17 }, (_, i) => 10 + 2 * i);
    expect(nearestFrames(table, { in: 10, out: 43 }, '12')).toEqual(expected);
  });

  it('takes every second frame of 24000/1001 film and still falls behind the clock by one frame in 1001', () => {
    const table = constantRate(2100, [24000, 1001], [1, 24000]);
    const frames = nearestFrames(table, { in: 0, out: 2100 }, '12');
    expect(frames.slice(0, 4)).toEqual([0, 2, 4, 6]);
    const steps = frames.slice(1).map((frame, i) => frame - (frames[i] ?? 0));
    expect(steps.filter((step) => step !== 2)).toEqual([1, 1]);
    expect(frames[1049]).toBe(2096);
  });

  it('follows 25 fps film by time, not by every second frame', () => {
    const table = constantRate(60, [25, 1], [1, 12800]);
    expect(nearestFrames(table, { in: 0, out: 60 }, '12').slice(0, 13)).toEqual([
      0, 2, 4, 6, 8, 10, 12, 15, 17, 19, 21, 23, 25,
    ]);
  });

  it('takes the earlier of two frames that are equally near', () => {
    const table = constantRate(60, [30, 1], [1, 30]);
    expect(nearestFrames(table, { in: 0, out: 60 }, '12').slice(0, 4)).toEqual([0, 2, 5, 7]);
  });

  it('is the nearest frame for any variable frame rate', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 2, maxLength: 80 });
    fc.assert(
      fc.property(gaps, fc.nat(40), (steps, start) => {
        let now = 0;
        const pts = [0, ...steps.map((step) => (now += step))];
        const shot = { in: Math.min(start, pts.length - 2), out: pts.length };
        const frames = nearestFrames({ timeBase: '1/1000', pts }, shot, '12');
        expect(frames).toEqual(frames.map((_, k) => nearestByDefinition(pts, 1000n, shot, k)));
      }),
    );
  });
});

describe('windows of a shot', () => {
  const table = constantRate(400, [24, 1], [1, 1000]);

  it('cuts three clips from three seconds, the first at its start and the last at its end', () => {
    const { windows } = windowsOf(table, { in: 100, out: 172 }, clip);
    expect(windows.map((w) => [w[0], w.at(-1)])).toEqual([
      [100, 132],
      [120, 152],
      [138, 170],
    ]);
  });

  it('cuts one clip from the shortest shot that holds it, although the time base rounds', () => {
    expect(windowsOf(table, { in: 7, out: 40 }, clip).windows).toHaveLength(1);
    expect(windowsOf(table, { in: 7, out: 39 }, clip)).toEqual({
      windows: [],
      tooShort: true,
      tooFewFrames: 0,
    });
  });

  it('spreads no more than the clips asked for over a long shot', () => {
    const { windows } = windowsOf(table, { in: 0, out: 400 }, { ...clip, clipsPerShot: 3 });
    expect(windows).toHaveLength(3);
    expect(windows.at(-1)?.at(-1)).toBe(398);
  });

  it('never leaves the shot and never repeats a frame', () => {
    const slow = constantRate(40, [8, 1], [1, 1000]);
    expect(windowsOf(slow, { in: 0, out: 40 }, clip)).toMatchObject({ windows: [], tooFewFrames: 6 });
    for (const window of windowsOf(table, { in: 33, out: 133 }, clip).windows) {
      expect(new Set(window).size).toBe(17);
      expect(Math.min(...window)).toBeGreaterThanOrEqual(33);
      expect(Math.max(...window)).toBeLessThan(133);
    }
  });
});
