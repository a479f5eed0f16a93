import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SHIPPED_BASE } from './base.ts';
import { SAMPLING, samplingOf } from './learning.ts';
import { type ClipSize, shiftOf } from './shift.ts';

let folder: string;

/** A folder of JSON files, as a base of that name. */
async function base(name: string, files: Record<string, object>): Promise<{ path: string }> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(join(folder, name, file, '..'), { recursive: true });
    await writeFile(join(folder, name, file), JSON.stringify(content));
  }
  return { path: join(folder, name) };
}

const wan = (vae: object = {}) =>
  base(`wan ${JSON.stringify(vae).length}`, {
    'model_index.json': { _class_name: 'WanPipeline' },
    'vae/config.json': vae,
    'transformer/config.json': { patch_size: [1, 2, 2] },
  });

const shiftAt = async (size: ClipSize | null, vae?: object) => shiftOf(await wan(vae), size);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot shift '));
});
afterAll(() => rm(folder, { recursive: true }));

it('the shipped base trains and draws at the shift that it was made at', async () => {
  expect(await shiftOf({ path: SHIPPED_BASE }, null)).toBe(3);
  expect(await samplingOf({ path: SHIPPED_BASE }, null)).toEqual(SAMPLING);
});

it('a small base of four times the tokens has twice the shift', async () => {
  const sizes = { frames: 17, height: 128, width: 192, block: [4, 16, 16] };
  expect(await shiftOf(await base('larger', { 'codec/config.json': sizes }), null)).toBe(6);
});

it('an open base has 3 at 480p, more at 720p and less where clips are small, as its makers have it', async () => {
  expect(await shiftAt({ frames: 81, height: 480, width: 832 })).toBe(3);
  expect(await shiftAt({ frames: 81, height: 720, width: 1280 })).toBeCloseTo(4.557, 3);
  expect(await shiftAt({ frames: 81, height: 240, width: 416 })).toBeCloseTo(1.5, 3);
  expect(await samplingOf(await wan(), { frames: 81, height: 240, width: 416 })).toMatchObject({
    shift: 1.5,
  });
});

it('an autoencoder that makes fewer tokens of the same clip asks for less', async () => {
  const vae = { scale_factor_temporal: 4, scale_factor_spatial: 16 };
  expect(await shiftAt({ frames: 81, height: 960, width: 1664 }, vae)).toBe(3);
});

it('no clip is so small or so large that its shift leaves what a job may ask for', async () => {
  expect(await shiftAt({ frames: 5, height: 16, width: 16 })).toBe(1);
  expect(await shiftAt({ frames: 257, height: 16384, width: 16384 })).toBe(20);
});

it('a base that says nothing of its size has the shift that its family is known at', async () => {
  expect(await shiftOf({ path: join(folder, 'nowhere') }, null)).toBe(3);
  await mkdir(join(folder, 'broken', 'codec'), { recursive: true });
  await writeFile(join(folder, 'broken', 'codec', 'config.json'), '{');
  expect(await shiftOf({ path: join(folder, 'broken') }, null)).toBe(3);
  expect(await shiftAt(null)).toBe(3);
});
