import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeVideo, pngOf } from '../media/index.ts';
import { pictureInput, videoInput } from './given-file.ts';

const SIZE = { width: 96, height: 64 };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-first-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A picture that is black on the left and white on the right, as the engine would read it. */
async function edgeOf(scale: number): Promise<number[]> {
  const [width, height] = [SIZE.width * scale, SIZE.height * scale];
  const pixels = Buffer.from(
    Array.from({ length: width * height * 3 }, (_, i) => ((i / 3) % width < width / 2 ? 0 : 255)),
  );
  const picture = join(folder, `${scale}.png`);
  await writeFile(picture, await pngOf(pixels, width, height));
  const { path } = await pictureInput(picture, SIZE, folder);
  const bytes = await readFile(path);
  return Array.from({ length: SIZE.width }, (_, x) => bytes[(32 * SIZE.width + x) * 3] as number);
}

const between = (row: number[]) => row.filter((value) => value > 5 && value < 250).length;

it('a picture is made as soft as the clips that the base knows', async () => {
  expect(between(await edgeOf(4))).toBeGreaterThanOrEqual(4);
});

it('a frame of a clip, which is soft already, stays as it is', async () => {
  expect(between(await edgeOf(1))).toBe(0);
});

it('a video goes to the model at its rate, in its shape, no longer than a take, and the same bytes each time', async () => {
  const path = join(folder, 'moving.mp4');
  const frame = (n: number) => Buffer.alloc(384 * 216 * 3, n * 4);
  const frames = Array.from({ length: 48 }, (_, n) => frame(n));
  await encodeVideo({ path, width: 384, height: 216, fps: '24/1', frames, crf: 1 });
  const shape = { ...SIZE, frames: 17, fps: '12/1', blockFrames: 4 };
  const signal = new AbortController().signal;
  const input = await videoInput(path, 'extend', shape, folder, signal);
  const bytes = await readFile(input.path);
  const size = SIZE.width * SIZE.height * 3;
  const greys = Array.from({ length: bytes.length / size }, (_, n) => bytes[n * size + 9] as number);
  expect(greys).toHaveLength(17);
  for (const [n, grey] of greys.entries()) expect(Math.abs(grey - (15 + 2 * n) * 4)).toBeLessThan(4);
  expect(await videoInput(path, 'extend', shape, folder, signal)).toEqual(input);
});

it('a file without a picture is refused with its name', async () => {
  const path = join(folder, 'words.png');
  await writeFile(path, 'not a picture');
  await expect(pictureInput(path, SIZE, folder)).rejects.toMatchObject({
    code: 'no-picture',
    facts: { where: path },
  });
});
