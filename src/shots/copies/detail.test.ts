import { describe, expect, it } from 'vitest';
import { randomOf } from '../films.test-support.ts';
import { agreement, detailHeight, detailWidth } from './detail.ts';
import type { View } from './views.ts';

const whole: View = { x0: 0, x1: 1, y0: 0, y1: 1, mirrored: false };
type Picture = (x: number, y: number) => number;

/** Four lines of strokes on a dark page, at places in shares of the sides; `seeds` says what each line says. */
function card(...seeds: number[]): Picture {
  const lines = seeds.map((seed) => {
    const random = randomOf(seed);
    return Array.from({ length: 24 }, () => ({
      ...{ x: 0.2 + 0.6 * random(), y: 0.09 * random() },
      ...(random() < 0.5 ? { width: 0.03, height: 0.015 } : { width: 0.009, height: 0.05 }),
    }));
  });
  return (x, y) => {
    const k = Math.floor((y - 0.18) / 0.16);
    const lit = lines[k]?.some(
      (one) =>
        x >= one.x &&
        x < one.x + one.width &&
        y - 0.18 - 0.16 * k >= one.y &&
        y - 0.18 - 0.16 * k < one.y + one.height,
    );
    return lit ? 220 : 30;
  };
}

/** A picture at four looks a pixel. */
const drawn = (picture: Picture): Float32Array =>
  Float32Array.from({ length: detailWidth * detailHeight }, (_, i) => {
    const [x, y] = [i % detailWidth, Math.floor(i / detailWidth)];
    const looks = [0.25, 0.75].flatMap((dx) =>
      [0.25, 0.75].map((dy) => picture((x + dx) / detailWidth, (y + dy) / detailHeight)),
    );
    return looks.reduce((sum, one) => sum + one, 0) / looks.length;
  });

const one = card(1, 2, 3, 4);

describe('pictures in detail', () => {
  it('agree with a part of themselves in a mirror, graded anew, once that is laid on it', () => {
    const part: Picture = (x, y) => 40 + 0.6 * one(0.04 + 0.86 * (1 - x), 0.1 + 0.84 * y);
    const near = { x0: 0.05, x1: 0.92, y0: 0.08, y1: 0.93, mirrored: true };
    const { share, view } = agreement(drawn(one), drawn(part), near);
    expect(share).toBeGreaterThan(0.95);
    for (const [side, place] of Object.entries({ x0: 0.04, x1: 0.9, y0: 0.1, y1: 0.94 })) {
      expect(view[side as 'x0']).toBeCloseTo(place, 1.9);
    }
  });

  it.each([[card(1, 2, 8, 9)], [card(1, 2, 3, 9)]])(
    'do not where letters differ and all else is the same',
    (other) => {
      expect(agreement(drawn(one), drawn(other), whole).share).toBeLessThan(0.85);
    },
  );

  it('do not where one shows more than the other', () => {
    const longer: Picture = (x, y) => (y > 0.8 ? card(5, 6, 7, 8)(x, y - 0.3) : one(x, y));
    expect(agreement(drawn(one), drawn(longer), whole).share).toBeLessThan(0.9);
  });
});
