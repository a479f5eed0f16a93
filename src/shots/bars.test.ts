import { describe, expect, it } from 'vitest';
import { createBarFinder } from './bars.ts';
import { randomOf } from './films.test-support.ts';

const [width, height] = [60, 40];

/** Noise of `low..high` inside, black (with a little noise) outside. */
function frame(
  seed: number,
  inside: { x: number; y: number; width: number; height: number },
  high = 255,
): Uint8Array {
  const random = randomOf(seed);
  const rgb = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const isIn =
      x >= inside.x && x < inside.x + inside.width && y >= inside.y && y < inside.y + inside.height;
    rgb.fill(random() * (isIn ? high : 4), 3 * i, 3 * i + 3);
  }
  return rgb;
}

function find(frames: readonly Uint8Array[]) {
  const finder = createBarFinder(width, height);
  for (const rgb of frames) finder.add(rgb);
  return finder.find().activePicture;
}

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
});
