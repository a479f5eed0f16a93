import { describe, expect, it } from 'vitest';
import { createCamera } from './camera.ts';
import { randomOf } from './films.test-support.ts';

const [width, height, frames] = [64, 36, 36];

/** A smooth place, seen by a camera at `at(frame)`: place and magnification, in seen pixels. */
function filmed(at: (frame: number) => { x?: number; y?: number; zoom?: number }): Float32Array[] {
  const random = randomOf(7);
  const waves = Array.from({ length: 9 }, () => [random() * 0.5, random() * 0.5, random() * 6.3] as const);
  return Array.from({ length: frames }, (_, k) => {
    const { x = 0, y = 0, zoom = 1 } = at(k);
    return Float32Array.from({ length: width * height }, (_unused, i) => {
      const px = ((i % width) - 31.5) / zoom + x;
      const py = (Math.floor(i / width) - 17.5) / zoom + y;
      return 128 + 12 * waves.reduce((sum, [u, v, phase]) => sum + Math.cos(u * px + v * py + phase), 0);
    });
  });
}

function moveIn(film: readonly Float32Array[]) {
  const camera = createCamera(24);
  for (const frame of film) camera.add(frame);
  return camera.over({ in: 0, out: film.length });
}

describe('the camera', () => {
  it.each([
    ['still', () => ({})],
    ['pans right', (k: number) => ({ x: 0.4 * k })],
    ['pans left', (k: number) => ({ x: -0.4 * k })],
    ['tilts up', (k: number) => ({ y: -0.3 * k })],
    ['tilts down', (k: number) => ({ y: 0.3 * k })],
    ['zooms in', (k: number) => ({ zoom: 1.006 ** k })],
    ['zooms out', (k: number) => ({ zoom: 0.994 ** k })],
    ['handheld', (k: number) => ({ x: 3 * Math.sin(1.9 * k), y: 2 * Math.sin(2.3 * k) })],
  ])('%s is told from the motion that most of the picture shares', (move, at) => {
    expect(moveIn(filmed(at))?.move).toBe(move);
  });

  it('is measured in widths of the picture a second', () => {
    // 0.4 of 64 pixels a frame, 24 frames a second.
    expect(moveIn(filmed((k) => ({ x: 0.4 * k })))?.pan).toBeCloseTo(0.15, 2);
  });

  it('is not turned by somebody who walks before it', () => {
    const film = filmed(() => ({}));
    film.forEach((frame, k) => {
      for (let y = 14; y < 34; y++) frame.fill(230, y * width + k, y * width + k + 9);
    });
    expect(moveIn(film)?.move).toBe('still');
  });

  it('is not told of a flat or a very short shot', () => {
    expect(
      moveIn(Array.from({ length: frames }, () => new Float32Array(width * height).fill(40))),
    ).toBeNull();
    expect(moveIn(filmed(() => ({})).slice(0, 12))).toBeNull();
  });
});
