import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { fileHash } from '../jobs/index.ts';
import { encodeVideo } from '../media/index.ts';
import { cachedCut } from './cache.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { encodeClips, encodedFolder } from './encode-clips.ts';
import type { PlannedVideo } from './export-plan.ts';

/** What was cut while films whose size changes on the way gave other frames than those asked for. */
const before = { cutterVersion: 4, encoderVersion: 3 };

const size = { width: 64, height: 36 };
const crop = { x: 0, y: 0, ...size };
const frames = [3, 4, 5, 6, 7];
const wrong = 'other frames';

let workspace: Awaited<ReturnType<typeof testContext>>;
let path: string;
let hash: string;
beforeAll(async () => {
  workspace = await testContext();
  path = join(workspace.context.paths.root, 'film.mp4');
  const grey = (level: number) => new Uint8Array(3 * size.width * size.height).fill(level);
  await encodeVideo({ path, ...size, fps: '16', frames: Array.from({ length: 9 }, (_, i) => grey(20 * i)) });
  hash = await fileHash(path);
});
afterAll(() => workspace.close());

it('a freeze cuts anew what was cut while films whose size changes gave other frames', async () => {
  const cache = join(workspace.context.paths.root, 'cache');
  const film = { ...{ crop, ...size, deinterlace: false, soften: 0, windows: [frames] }, sha256: hash };
  const folder = join(cache, sha256(canonicalJson({ cutterVersion: before.cutterVersion, ...film })));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'clips.u8'), wrong);
  await writeFile(join(folder, 'clips.json'), JSON.stringify([{ id: wrong, nothing: null }]));
  const cut = await cachedCut(cache, { ...film, path }, {});
  const bytes = await readFile(cut.path);
  expect(bytes).toHaveLength(frames.length * 3 * size.width * size.height);
  expect(cut.clips).toMatchObject([{ id: sha256(bytes) }]);
});

it('and so does an export', async () => {
  const { context } = workspace;
  const { encoderVersion } = before;
  const look = { ...{ file: hash, frames, crop, fps: '16' }, ...size, deinterlace: false };
  const folder = encodedFolder(context.paths.datasets);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${sha256(canonicalJson({ encoderVersion, ...look }))}.mp4`), wrong);
  const table = { timeBase: '1/16', pts: [...Array(9).keys()] };
  const rest = { pictures: new Map(), sampleAspect: '1:1', interlaced: false };
  const master = { ...{ path, sha256: hash, table, picture: crop }, ...rest };
  const planned = {
    ...{ line: { id: 'a' }, origin: { frames, deinterlaced: false } },
    ...{ master, frames, crop },
  };
  const shape = { frames: 5, fps: '16', ...size };
  const made = await encodeClips(context, [planned as unknown as PlannedVideo], shape);
  expect(await readFile(made.videos[0]?.path ?? '', 'utf8')).not.toBe(wrong);
});
