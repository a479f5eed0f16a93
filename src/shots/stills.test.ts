import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planarBytes } from '../media/index.ts';
import { createStillKeeper } from './stills.ts';

const frame = { width: 16, height: 8, pixelAspect: 1 };
const fps = 24;
const colours = { hdr: null, colorMatrix: null, colorPrimaries: null, colorTransfer: null };
const video = { width: 16, height: 8, codec: 'h264', pixelFormat: 'yuv420p', ...colours };
const greyOf = (index: number): number => index % 251;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-stills-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Its stills are each of another grey. Of a film of so many frames, with the parts that may be shots, each told when the film is ten seconds further. */
async function kept(frames: number, parts: readonly { in: number; out: number }[]) {
  const keeper = createStillKeeper(frame, { fps, frames, folder, video });
  const { width, height, every } = keeper.options;
  const [picture, luma] = [Buffer.alloc(planarBytes({ width, height }), 128), Buffer.alloc(16 * 8, 90)];
  const open = [...parts];
  for (let index = 0; index < frames; index += every) {
    keeper.add({
      index,
      picture: picture.fill(16 + (219 / 255) * greyOf(index), 0, width * height),
      rows: luma,
      columns: luma,
    });
    while (open[0] && open[0].out < index - 10 * fps) keeper.close(open.shift() as (typeof open)[0]);
  }
  for (const part of open) keeper.close(part);
  return keeper.finish().finally(keeper.end);
}

async function greyIn(file: string): Promise<number> {
  const image = await loadImage(file);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  return context.getImageData(4, 4, 1, 1).data[0] as number;
}

describe('stills', () => {
  it('leave each shot the picture nearest its middle, and three looks for its bars', async () => {
    const { pictures, lines } = await kept(1200, [
      { in: 0, out: 240 },
      { in: 240, out: 300 },
      { in: 310, out: 1200 },
    ]);
    expect(pictures.map(({ index }) => index)).toEqual([120, 264, 756]);
    expect(lines.filter(({ index }) => index >= 240 && index < 300).length).toBeGreaterThanOrEqual(3);
    expect(lines.length).toBeGreaterThanOrEqual(24);
    expect(await readdir(folder)).toEqual(['120.jpg', '264.jpg', '756.jpg']);
    for (const { index, file } of pictures) expect(await greyIn(file)).toBeCloseTo(greyOf(index), -0.5);
  });

  it('of a shot of half an hour are held few, one of them near its middle', async () => {
    const frames = 1800 * fps;
    const { pictures, lines } = await kept(frames, [{ in: 0, out: frames }]);
    expect(pictures).toHaveLength(1);
    expect(Math.abs((pictures[0]?.index ?? 0) - frames / 2)).toBeLessThan(frames / 8);
    expect(lines).toHaveLength(24);
  });

  it('are none of a shot that lies between two of them', async () => {
    const { pictures } = await kept(1200, [
      { in: 0, out: 241 },
      { in: 241, out: 250 },
      { in: 250, out: 1200 },
    ]);
    expect(pictures).toHaveLength(2);
  });
});
