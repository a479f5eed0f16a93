import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pngOf } from '../media/index.ts';
import { firstFrameInput } from './first-frame.ts';

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
  const { path } = await firstFrameInput(picture, SIZE, folder);
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
