import type { Take } from '../../src/generate/index.ts';
import { decodeFrames } from '../../src/media/index.ts';

const SIZE = { width: 96, height: 64 };

/** PSNR in dB of the first frame of a take (raw uint8 frames x height x width x RGB) against the picture given. */
export async function firstFramePsnr(pixels: Buffer, { brief }: Pick<Take, 'brief'>): Promise<number> {
  if (brief.first === undefined) throw new Error(`${brief.id} gives no first frame`);
  let given: Buffer = Buffer.alloc(0);
  await decodeFrames(brief.first, { ...SIZE, pixelFormat: 'rgb24', from: 0, to: 1 }, (_, frame) => {
    given = frame;
  });
  const squares = given.reduce((sum, value, i) => sum + (value - (pixels[i] as number)) ** 2, 0);
  return 10 * Math.log10(255 ** 2 / (squares / given.length));
}
