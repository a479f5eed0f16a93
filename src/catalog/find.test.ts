import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findFiles } from './find.ts';

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
