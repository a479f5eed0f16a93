import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timingOf } from './rate.ts';

/** Timestamps of `frames` frames at a constant rate, rounded to ticks of 1/base. */
const ticks = (frames: number, num: number, den: number, base: number) =>
  Array.from({ length: frames }, (_, i) => Math.round((i * den * base) / num));

describe('the rate of a film', () => {
  it('is the declared one where the timestamps agree', () => {
    const timing = timingOf(ticks(100, 24000, 1001, 1000), '1/1000', ['24000/1001', '24000/1001']);
    expect(timing).toMatchObject({ fps: '24000/1001', variableRate: false, timestamps: 'file' });
  });

  it('is measured where what is declared is wrong', () => {
    expect(timingOf(ticks(300, 30, 1, 1000), '1/1000', ['60/1', '1000/1']).fps).toBe('30/1');
    expect(timingOf(ticks(3000, 30000, 1001, 1000), '1/1000', [null]).fps).toBe('30000/1001');
  });

  it('is found for every standard rate from a minute of film', () => {
    const rates = fc.constantFrom(
      [24000, 1001],
      [24, 1],
      [25, 1],
      [30000, 1001],
      [30, 1],
      [50, 1],
      [60000, 1001],
    );
    fc.assert(
      fc.property(
        rates,
        fc.constantFrom(1000, 90_000, 600),
        fc.nat(1000),
        ([num = 1, den = 1], base, start) => {
          const pts = ticks(1800, num, den, base).map((value) => value + start);
          expect(timingOf(pts, `1/${base}`, [])).toMatchObject({ fps: `${num}/${den}`, variableRate: false });
        },
      ),
    );
  });

  it('is that of the frames beside a hole where frames are missing, and the holes are counted', () => {
    const hole = ticks(1200, 24, 1, 1000).filter((_, i) => i < 240 || i >= 960);
    const found = { variableRate: true, timeGaps: 1, pts: hole };
    expect(timingOf(hole, '1/1000', ['24/1', '24/1'])).toMatchObject({ ...found, fps: '24/1' });
    expect(timingOf(hole, '1/1000', ['48/5', null])).toMatchObject({ ...found, fps: '24/1' });
    expect(timingOf(hole, '1/1000', [null])).toMatchObject({ ...found, fps: '24/1' });
  });

  it('is that of the other frames where a film is cut off before the last of its frames came', () => {
    const cut = [...ticks(206, 24, 1, 1000), 209 * (1000 / 24)].map(Math.round);
    expect(timingOf(cut, '1/1000', ['24/1', '24/1'])).toMatchObject({ fps: '24/1', timeGaps: 1 });
    const begun = ticks(58, 24, 1, 90_000).map((at, i) => (i === 0 ? at - 7500 : at));
    expect(timingOf(begun, '1/90000', ['24/1', '24/1'])).toMatchObject({ fps: '24/1', timeGaps: 1 });
  });

  it('is an average, and said to vary, where frames last unequally', () => {
    const phone = ticks(300, 24, 1, 90_000).filter((_, i) => i % 3 < 2);
    const timing = timingOf(phone, '1/90000', ['24/1', '24/1']);
    expect(timing).toMatchObject({ variableRate: true, timeGaps: 0, pts: phone });
    const [num = 0, den = 1] = timing.fps.split('/').map(Number);
    expect(num / den).toBeCloseTo(((phone.length - 1) * 90_000) / (phone.at(-1) ?? 0), 2);
  });

  it('is counted where timestamps are missing or run backwards', () => {
    for (const pts of [
      [0, Number.NaN, 2],
      [0, 2, 1],
      [0, 0, 1],
    ]) {
      const timing = timingOf(pts, '1/24', ['24000/1001']);
      expect(timing).toEqual({
        fps: '24000/1001',
        variableRate: false,
        pts: [0, 1, 2],
        timeBase: '1001/24000',
        timestamps: 'counted',
        softPulldown: false,
        timeGaps: 0,
      });
    }
  });
});
