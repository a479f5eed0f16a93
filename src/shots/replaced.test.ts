import { copyFileSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { addFiles, type CatalogFile, listFiles } from '../catalog/index.ts';
import { encodeVideo, runFfmpeg } from '../media/index.ts';
import { addPrints } from './add-prints.ts';
import { detectShots, readAndKeep } from './detect-shots.ts';
import { tiledBy } from './detector.ts';
import { shot } from './films.test-support.ts';
import { listFound } from './list.ts';
import { listShots } from './store.ts';
import { study } from './study.ts';

let workspace: Awaited<ReturnType<typeof testContext>>;
let film: CatalogFile;
const at = (name: string) => join(workspace.context.paths.root, 'films', name);
const master = () => at('film.mp4');

/** Two shots of twenty frames, and one of forty that is another film. */
beforeAll(async () => {
  workspace = await testContext();
  await mkdir(at('.'));
  const look = { width: 64, height: 36, fps: '24/1', crf: 10 };
  await encodeVideo({ ...look, path: master(), frames: [...shot(51, 20), ...shot(52, 20)] });
  await encodeVideo({ ...look, path: at('.other.mp4'), frames: shot(53, 40) });
  await copyFile(master(), at('.kept.mp4'));
  await addFiles(workspace.context, { paths: [master()] });
  film = (await listFiles(workspace.context.db))[0] as CatalogFile;
}, 60_000);
afterAll(() => workspace.close());

const restored = () => copyFileSync(at('.kept.mp4'), master());
const replaced = () => copyFileSync(at('.other.mp4'), master());
const moved = (from: string) => {
  copyFileSync(from, at('.copy.mp4'));
  renameSync(at('.copy.mp4'), master());
};

describe('a film in whose place another of as many frames lies', () => {
  it('gives no shots until the one that was catalogued is back', async () => {
    const { context } = workspace;
    replaced();
    expect((await detectShots(context, 'fast')).failed).toMatchObject([{ code: 'master-changed' }]);
    expect(await listShots(context.db)).toEqual([]);
    const [lacking] = (await listFound(context.db, {})).without;
    expect(lacking?.reason).toMatch(/expected sha256 .*, as catalogued/);
    restored();
    expect((await detectShots(context, 'fast')).files).toMatchObject([{ frames: 40, shots: 2 }]);
  }, 60_000);

  it('is not read for text, speech or copies', async () => {
    const { context } = workspace;
    replaced();
    const look = () => Promise.reject(new Error('it was looked at'));
    const answer = await study(context, {}, { fact: 'text', isFound: () => true, look });
    expect(answer.failed).toMatchObject([{ code: 'master-changed' }]);
    await expect(addPrints(context, film)).rejects.toMatchObject({ code: 'master-changed' });
    restored();
    await addPrints(context, film);
  }, 60_000);
});

/** Name and bytes of each small picture that has its place. */
async function placed(): Promise<string[]> {
  const { thumbnails } = workspace.context.paths;
  const names = (await readdir(thumbnails)).sort();
  return Promise.all(
    names.map(async (name) => `${name} ${await readFile(join(thumbnails, name), 'base64')}`),
  );
}

const meanwhile: [string, string, () => void][] = [
  ['is written over', 'master-changed', replaced],
  ['has another moved into its place', 'master-changed', () => moved(at('.other.mp4'))],
  ['is cut off', 'master-changed', () => truncateSync(master(), 1000)],
  ['is removed', 'master-missing', () => rmSync(master())],
];

describe('a film that, while its shots are looked for,', () => {
  it.each(meanwhile)(
    '%s keeps none of them, nor their small pictures',
    async (_, code, happens) => {
      const { context } = workspace;
      const before = [await listShots(context.db), await placed()];
      const instead = (frames: number) => {
        happens();
        return tiledBy(frames, []);
      };
      const work = readAndKeep(context, film, { detector: 'fast', by: 'test', instead });
      await expect(work).rejects.toMatchObject({ code });
      expect([await listShots(context.db), await placed()]).toEqual(before);
      restored();
    },
    60_000,
  );

  it('is moved away and back keeps them: its bytes are the same', async () => {
    const { context } = workspace;
    moved(at('.kept.mp4'));
    const instead = (frames: number) => {
      moved(at('.kept.mp4'));
      return tiledBy(frames, []);
    };
    await readAndKeep(context, film, { detector: 'fast', by: 'test', instead });
    expect(await listShots(context.db)).toHaveLength(1);
  }, 60_000);
});

it('a folder of pictures that failed is tried again only once a picture is another', async () => {
  const { context } = workspace;
  const folder = at('plates');
  await mkdir(folder);
  const source = 'testsrc2=s=64x36:r=24,trim=end_frame=12';
  await runFfmpeg(['-v', 'error', '-f', 'lavfi', '-i', source, `file:${folder}/plate.%04d.png`]);
  await addFiles(context, { paths: [folder] });
  const torn = join(folder, (await readdir(folder)).sort()[5] as string);
  await rename(torn, at('.torn.png'));
  await writeFile(torn, 'no picture');
  const failed = async () => (await detectShots(context, 'fast')).failed.map(({ reason }) => reason);
  expect(await failed()).toEqual([expect.not.stringContaining('it has not changed')]);
  expect(await failed()).toEqual([expect.stringContaining('and it has not changed')]);
  await rename(at('.torn.png'), torn);
  expect(await failed()).toEqual([]);
}, 60_000);
