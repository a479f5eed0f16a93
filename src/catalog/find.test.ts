import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findFiles, refused } from './find.ts';

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-find-'));
  await mkdir(at('work/db/pg'), { recursive: true });
  for (const name of ['film.mp4', 'work/backlot.json', 'work/db/PG_VERSION', 'work/db/pg/1.mp4'])
    await writeFile(at(name), 'x');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('a workspace among the masters is refused as one, and nothing in it is taken', async () => {
  const { films, sidecars, refused } = await findFiles([folder]);
  expect([films, sidecars]).toEqual([[at('film.mp4')], []]);
  expect(refused).toMatchObject([{ file: at('work'), code: 'workspace' }]);
  expect(refused[0]?.reason).toContain('made');
});

it('a workspace that is named itself, or reached by a link, is refused with the reason', async () => {
  await symlink(at('work'), at('link'));
  for (const path of [at('work'), at('link')]) {
    const { films, refused } = await findFiles([path]);
    expect([films, refused.map(({ file, code }) => [file, code])]).toEqual([[], [[path, 'workspace']]]);
  }
});

it('films that lie in a workspace are taken where they are named', async () => {
  expect((await findFiles([at('work/db/pg')])).films).toEqual([at('work/db/pg/1.mp4')]);
});

it('a film whose name is not UTF-8 is refused with what to do about it', async () => {
  await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from('Amélie.mp4', 'latin1')]), 'x');
  const { refused } = await findFiles([folder]);
  expect(refused.find(({ file }) => file.includes('Am'))?.reason).toMatch(/not UTF-8.*rename/);
});

it('what a share that went away says of a file is a reason, and the other files go on', () => {
  for (const code of ['ESTALE', 'ENOTCONN', 'EHOSTDOWN', 'ENODEV', 'ENXIO'])
    expect(refused('/films/reel.mov', Object.assign(new Error(code), { code }))).toMatchObject({
      code: 'unreadable',
      reason: expect.stringContaining('mount'),
    });
  expect(refused('/films/reel.mov', Object.assign(new Error('x'), { code: 'ENAMETOOLONG' })).code).toBe(
    'unreadable',
  );
});

it('pictures with a line break in their names are one film too', async () => {
  const pictures = Array.from({ length: 8 }, (_, i) => `b\na_${i + 1001}.exr`);
  for (const name of pictures) await writeFile(at(name), 'x');
  expect((await findFiles([folder])).films).toEqual([at('b\na_%04d.exr'), at('film.mp4')]);
  expect((await findFiles([at('b\na_%04d.exr')])).films).toEqual([at('b\na_%04d.exr')]);
});
