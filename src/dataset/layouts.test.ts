import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Laid, layouts } from './layouts.ts';

/**
 * The size at which a video of a size is trained on (github.com/ostris/ai-toolkit toolkit/buckets.py): of sides that `step` divides, of
 * at most `side` squared pixels, those of nearly as many as the video has.
 */
function trainedAt({ width, height }: { width: number; height: number }, side: number, step: number) {
  const [most, all] = [side * side, width * height];
  const wanted = Math.min(most, all);
  const around = (length: number) => {
    const steps = (length * Math.sqrt(wanted / all)) / step;
    return [Math.floor(steps) * step, Math.ceil(steps) * step];
  };
  const sizes = around(width).flatMap((w) => around(height).map((h) => ({ width: w, height: h })));
  const miss = (one: { width: number; height: number }) => Math.abs(one.width * one.height - wanted);
  return sizes.filter((one) => one.width * one.height <= most).toSorted((a, b) => miss(a) - miss(b))[0];
}

it('ai-toolkit trains on the whole picture of a clip, whatever its size', () => {
  for (const size of [
    { width: 832, height: 480 },
    { width: 768, height: 512 },
    { width: 96, height: 64 },
    { width: 480, height: 848 },
    { width: 1280, height: 720 },
  ]) {
    const shape = { frames: 17, fps: '16', ...size };
    const video = { line: { id: 'a', split: 'train', caption: 'c' }, path: '/v.mp4' };
    const files = layouts['ai-toolkit'].files({
      folder: '/x',
      shape,
      videos: { train: [video], heldout: [] },
    } as unknown as Laid);
    const config = files.find(({ path }) => path === 'train.yaml') as { text: string };
    const [side] = parse(config.text).datasets[0].resolution;
    expect([size, trainedAt(size, side, 16)]).toEqual([size, size]);
  }
});
