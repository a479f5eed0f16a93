import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { addFiles, type CatalogFile, listFiles } from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';
import { encodeVideo, runFfmpeg } from '../media/index.ts';
import { detectShots } from '../shots/detect-shots.ts';
import { shot } from '../shots/films.test-support.ts';
import { listShots } from '../shots/index.ts';
import { cachedCut } from './cache.ts';

const [width, height] = [64, 36];

let context: Context;
let close: () => Promise<void>;
let film: CatalogFile;
let folder: string;

/** Pictures 101 to 160 and a cut after the thirtieth. */
beforeAll(async () => {
  ({ context, close } = await testContext({}));
  folder = join(context.paths.root, 'reel 1');
  await mkdir(folder);
  const path = join(context.paths.root, 'film.mp4');
  const frames = [...shot(21, 30, 1), ...shot(22, 30)];
  await encodeVideo({ path, width, height, fps: '24/1', frames, crf: 1 });
  const pictures = `file:${join(folder, 'scan_%05d.png')}`;
  await runFfmpeg(['-v', 'error', '-i', `file:${path}`, '-start_number', '101', pictures]);
  await addFiles(context, { paths: [folder], rate: '24' });
  film = (await listFiles(context.db))[0] as CatalogFile;
}, 60_000);
afterAll(() => close());

it('an image sequence has shots like any film', async () => {
  expect(await detectShots(context, 'fast')).toMatchObject({ failed: [], files: [{ frames: 60, shots: 2 }] });
  const shots = await listShots(context.db, film.id);
  expect(shots.map((one) => [one.in, one.out])).toEqual([
    [0, 30],
    [30, 60],
  ]);
});

it('its clips are cut from its pictures, and no longer once one of them changed', async () => {
  const crop = { x: 0, y: 0, width, height };
  const cut = { path: film.path, sha256: film.sha256, crop, width, height, deinterlace: false, soften: 0 };
  const windows = [
    [3, 5, 7],
    [40, 41, 42],
  ];
  const made = await cachedCut(join(context.paths.root, 'cache'), { ...cut, windows }, {});
  const bytes = await readFile(made.path);
  expect(bytes.length).toBe(6 * 3 * width * height);
  const [first, later] = [shot(21, 30, 1)[3] as Uint8Array, shot(22, 30)[10] as Uint8Array];
  const distance = (at: number, frame: Uint8Array) =>
    frame.reduce((sum, value, i) => sum + Math.abs(value - (bytes[at + i] as number)), 0) / frame.length;
  expect(distance(0, first)).toBeLessThan(12);
  expect(distance(3 * 3 * width * height, later)).toBeLessThan(12);
  const picture = join(folder, 'scan_00150.png');
  await writeFile(picture, Buffer.concat([await readFile(picture), Buffer.from('more')]));
  await expect(
    cachedCut(join(context.paths.root, 'cache'), { ...cut, windows: [[1, 2]] }, {}),
  ).rejects.toMatchObject({ code: 'master-changed' });
});
