import { describe, expect, it } from 'vitest';
import { aspectOf, snapped } from './aspect.ts';
import { barsOfFile, barsOfShot, linesIn } from './bars.ts';
import { randomOf } from './films.test-support.ts';

const [width, height] = [60, 40];

/** Luma as video codes it: noise up to the level `high` inside, black (with a little noise) outside. */
function frame(
  seed: number,
  inside: { x: number; y: number; width: number; height: number },
  high = 255,
): Uint8Array {
  const random = randomOf(seed);
  const luma = new Uint8Array(width * height);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const isIn =
      x >= inside.x && x < inside.x + inside.width && y >= inside.y && y < inside.y + inside.height;
    luma[i] = 16 + (219 / 255) * random() * (isIn ? high : 4);
  }
  return luma;
}

const shape = { width, height, pixelAspect: 1 };

/** Of frames so small, all pixels are looked at. */
const linesOf = (frames: readonly Uint8Array[]) =>
  frames.flatMap((luma) => linesIn({ rows: luma, columns: luma }, shape) ?? []);

const find = (frames: readonly Uint8Array[]) => barsOfFile(linesOf(frames), shape).activePicture;

const full = { x: 0, y: 0, width, height };

describe('black bars', () => {
  it('are found to the pixel above and below, and at the sides', () => {
    const wide = { x: 0, y: 5, width, height: 29 };
    const narrow = { x: 7, y: 0, width: 46, height };
    expect(find([1, 2, 3, 4].map((seed) => frame(seed, wide)))).toEqual(wide);
    expect(find([1, 2, 3, 4].map((seed) => frame(seed, narrow)))).toEqual(narrow);
  });

  it('are not seen in a picture that is dark at its edge for a while', () => {
    const dark = [1, 2, 3, 4].map((seed) => frame(seed, { x: 0, y: 8, width, height: 32 }));
    expect(find([...dark, frame(5, full)])).toEqual(full);
  });

  it('are kept apart from night: dark frames say nothing', () => {
    const wide = { x: 0, y: 5, width, height: 29 };
    const night = [6, 7, 8].map((seed) => frame(seed, { x: 20, y: 15, width: 10, height: 5 }, 50));
    expect(find([...[1, 2, 3].map((seed) => frame(seed, wide)), ...night])).toEqual(wide);
    expect(find(night)).toEqual(full);
  });

  it('of one shot are found beside shots without, where they are black, even and leave a known shape', () => {
    const square = { x: 10, y: 0, width: 40, height };
    const shots = [full, square, { x: 0, y: 8, width, height: 32 }, { x: 0, y: 4, width: 53, height: 32 }];
    const lines = shots.map((inside, shot) =>
      linesOf([1, 2, 3].map((seed) => frame(10 * shot + seed, inside))),
    );
    expect(barsOfFile(lines.flat(), shape).activePicture).toEqual(full);
    expect(lines.map((own) => barsOfShot(own, shape))).toEqual([null, square, null, null]);
  });
});

describe('a picture between bars', () => {
  const whole = { width: 1920, height: 1080 };

  it('has the name of the known shape that it nearly has', () => {
    expect(aspectOf({ x: 0, y: 138, width: 1920, height: 804 }, 1)).toBe('2.39');
    expect(aspectOf({ x: 0, y: 0, width: 720, height: 576 }, 16 / 15)).toBe('1.33');
    expect(aspectOf({ x: 0, y: 0, width: 1920, height: 900 }, 1)).toBe(null);
  });

  it('is brought to it where bars are, is left alone where it fits, and never grows', () => {
    const soft = { x: 0, y: 136, width: 1920, height: 809 };
    expect(snapped(soft, whole, 1)).toEqual({ x: 0, y: 138, width: 1920, height: 803 });
    const fits = { x: 0, y: 139, width: 1920, height: 802 };
    expect(snapped(fits, whole, 1)).toEqual(fits);
    const none = { x: 0, y: 0, width: 1920, height: 1080 };
    expect(snapped(none, whole, 1)).toEqual(none);
    const pillars = { x: 238, y: 0, width: 1446, height: 1080 };
    expect(snapped(pillars, whole, 1)).toEqual({ x: 241, y: 0, width: 1440, height: 1080 });
  });
});
