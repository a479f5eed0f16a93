import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverCrop } from './geometry.ts';

const clip = { width: 96, height: 64 };

describe('the part of the picture that a clip shows', () => {
  it('is the centre of widescreen film, in full height', () => {
    expect(coverCrop({ x: 0, y: 0, width: 1280, height: 720 }, '1:1', clip)).toEqual({
      ...{ x: 100, y: 0, width: 1080, height: 720 },
    });
  });

  it('is the middle of a picture that is narrower than the clip', () => {
    expect(coverCrop({ x: 0, y: 0, width: 640, height: 480 }, '1:1', clip)).toEqual({
      ...{ x: 0, y: 26, width: 640, height: 426 },
    });
  });

  it('counts with the shape of the pixels', () => {
    const crop = coverCrop({ x: 0, y: 0, width: 720, height: 478 }, '8:9', clip);
    expect(crop).toEqual({ x: 0, y: 26, width: 720, height: 426 });
    expect((crop.width * 8) / 9 / crop.height).toBeCloseTo(1.5, 2);
  });

  it('lies within the active picture on even pixels and is shaped like the clip', () => {
    const place = fc.record({
      x: fc.nat(200),
      y: fc.nat(200),
      width: fc.integer({ min: 100, max: 4096 }),
      height: fc.integer({ min: 100, max: 2160 }),
    });
    fc.assert(
      fc.property(place, fc.constantFrom('1:1', '8:9', '64:45', '4:3'), (picture, sar) => {
        const crop = coverCrop(picture, sar, clip);
        expect(crop.x).toBeGreaterThanOrEqual(picture.x);
        expect(crop.y).toBeGreaterThanOrEqual(picture.y);
        expect(crop.x + crop.width).toBeLessThanOrEqual(picture.x + picture.width);
        expect(crop.y + crop.height).toBeLessThanOrEqual(picture.y + picture.height);
        expect([crop.x % 2, crop.y % 2, crop.width % 2, crop.height % 2]).toEqual([0, 0, 0, 0]);
        const [num = 1, den = 1] = sar.split(':').map(Number);
        const aspect = (crop.width * num) / (crop.height * den);
        expect(Math.abs(Math.log(aspect / 1.5))).toBeLessThan(0.06);
      }),
    );
  });
});
