import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { addFiles } from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';
import { encodeVideo, runFfmpeg } from '../media/index.ts';
import { detectShots } from './detect-shots.ts';
import { type Frames, shot } from './films.test-support.ts';
import { listShots } from './store.ts';

const [width, height, fps] = [64, 36, '24/1'];
/** Columns at each side of a 4:3 picture. */
const bar = 8;

let context: Context;
let close: () => Promise<void>;
let films: string;
beforeAll(async () => {
  ({ context, close } = await testContext());
  films = join(context.paths.root, 'films');
  await mkdir(films, { recursive: true });
}, 60_000);
afterAll(() => close());

async function filmOf(name: string, frames: Frames): Promise<string> {
  const path = join(films, name);
  await encodeVideo({ path, width, height, fps, frames, crf: 10 });
  return path;
}

async function shotsOf(path: string) {
  await addFiles(context, { paths: [path] });
  const { files, failed } = await detectShots(context, 'fast');
  expect(failed).toEqual([]);
  return listShots(context.db, files[0]?.id ?? '');
}

/** Size of a thumbnail, and the mean colour of a part of it given in shares of its sides. */
async function seen(path: string | null, [x, y, across, down] = [0, 0, 1, 1]) {
  const image = await loadImage(path ?? '');
  const { width, height } = image;
  const canvas = createCanvas(width, height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  const part = [x * width, y * height, across * width, down * height].map(Math.round);
  const { data } = canvas.getImageData(...(part as [number, number, number, number]));
  return { width, height, colour: meanOf(data, 4) };
}

function meanOf(pixels: Uint8Array | Uint8ClampedArray, channels: number): number[] {
  const count = pixels.length / channels;
  return [0, 1, 2].map((channel) => {
    let sum = 0;
    for (let i = channel; i < pixels.length; i += channels) sum += pixels[i] as number;
    return sum / count;
  });
}

const expectNear = (colour: readonly number[], wanted: readonly number[]) => {
  for (const [i, level] of colour.entries()) expect(Math.abs(level - (wanted[i] as number))).toBeLessThan(12);
};

const pillared = (frames: Frames): Frames =>
  frames.map((frame) =>
    frame.map((level, i) => (Math.abs((Math.floor(i / 3) % width) - 31.5) > 31.5 - bar ? 0 : level)),
  );

/** Red above, blue below. */
const upright = Array.from({ length: 48 }, () =>
  Uint8Array.from({ length: 3 * width * height }, (_, i) =>
    i % 3 === (i < 1.5 * width * height ? 0 : 2) ? 230 : 20,
  ),
);

describe('shots of odd films', () => {
  it('shorter than the time between two looks have a thumbnail of their own, and bars of their own', async () => {
    const pieces = [shot(31, 157), shot(32, 8), pillared(shot(33, 16)), pillared(shot(34, 7)), shot(35, 150)];
    const film = await filmOf('cut.mp4', pieces.flat());
    const path = join(films, 'short.mkv');
    // No frame but the first stands alone, and looks are at multiples of twelve: the second and the fourth shot have none.
    const codec = '-c:v libx264 -pix_fmt yuv420p -crf 10 -g 999 -sc_threshold 0 -bf 0'.split(' ');
    await runFfmpeg(['-v', 'error', '-i', film, ...codec, path]);
    const shots = await shotsOf(path);
    expect(shots.map((one) => one.in)).toEqual([0, 157, 165, 181, 188]);
    for (const [i, { thumbnail }] of shots.entries())
      expectNear((await seen(thumbnail)).colour, meanOf(pieces[i]?.[0] ?? new Uint8Array(), 3));
    const narrow = { x: bar, y: 0, width: width - 2 * bar, height };
    expect(shots.map(({ facts }) => facts.activePicture)).toEqual([
      ...[undefined, undefined, narrow, narrow, undefined],
    ]);
  }, 60_000);

  it('that lie on their side are shown upright', async () => {
    const lying = await filmOf('lying.mp4', upright);
    const path = join(films, 'turned.mp4');
    await runFfmpeg(['-v', 'error', '-i', lying, '-c', 'copy', '-metadata:s:v', 'rotate=90', path]);
    const [only] = await shotsOf(path);
    const sides = [
      await seen(only?.thumbnail ?? null, [0, 0, 0.4, 1]),
      await seen(only?.thumbnail ?? null, [0.6, 0, 0.4, 1]),
    ];
    expect([sides[0]?.width, sides[0]?.height]).toEqual([135, 240]);
    const reds = sides.map(({ colour }) => Math.round((colour[0] as number) / 100));
    expect(reds).toEqual([2, 0]);
  }, 60_000);

  it('with pixels that are no squares have a thumbnail with the shape of the picture', async () => {
    const square = await filmOf('square.mp4', upright.slice(1));
    const path = join(films, 'wide.mkv');
    const codec = ['-vf', 'setsar=4/3', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'];
    await runFfmpeg(['-v', 'error', '-i', square, ...codec, path]);
    const [only] = await shotsOf(path);
    const above = await seen(only?.thumbnail ?? null, [0, 0, 1, 0.4]);
    expect([above.width, above.height]).toEqual([569, 240]);
    expectNear(above.colour, [230, 20, 20]);
  }, 60_000);

  it('of a sequence of pictures have theirs', async () => {
    const pieces = [shot(41, 40), shot(42, 40)];
    const film = await filmOf('as-film.mp4', pieces.flat());
    const folder = join(films, 'reel');
    await mkdir(folder);
    await runFfmpeg(['-v', 'error', '-i', film, join(folder, 'reel.%04d.png')]);
    const shots = await shotsOf(folder);
    expect(shots.map((one) => [one.in, one.out])).toEqual([
      [0, 40],
      [40, 80],
    ]);
    for (const [i, { thumbnail }] of shots.entries())
      expectNear((await seen(thumbnail)).colour, meanOf(pieces[i]?.[0] ?? new Uint8Array(), 3));
  }, 60_000);
});
