import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { copyOnce, makeFolder, mustBeEmpty, writeNew, writeOnce } from './new-file.ts';

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-new-file-'));
  await writeFile(at('film.mp4'), 'a film');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('a file is written where nothing lies, and what lies there stays', async () => {
  await writeNew(at('new.txt'), 'one');
  expect(await readFile(at('new.txt'), 'utf8')).toBe('one');
  await expect(writeNew(at('film.mp4'), 'two')).rejects.toMatchObject({ code: 'file-exists' });
  await expect(writeNew(at('film.mp4'), 'a film')).rejects.toMatchObject({ code: 'file-exists' });
  expect(await readFile(at('film.mp4'), 'utf8')).toBe('a film');
  expect((await readdir(folder)).sort()).toEqual(['film.mp4', 'new.txt']);
});

it('the same file again is no harm, another one is refused', async () => {
  await writeOnce(at('film.mp4'), 'a film');
  await expect(writeOnce(at('film.mp4'), 'other')).rejects.toMatchObject({ code: 'file-exists' });
  await copyOnce(at('film.mp4'), at('copy.mp4'));
  await copyOnce(at('film.mp4'), at('copy.mp4'));
  await writeFile(at('copy.mp4'), 'mine');
  await expect(copyOnce(at('film.mp4'), at('copy.mp4'))).rejects.toMatchObject({ code: 'file-exists' });
  expect(await readFile(at('copy.mp4'), 'utf8')).toBe('mine');
});

it('a folder that is not there, and a file in the place of one, are said to be so', async () => {
  const nowhere = writeNew(at('nowhere/new.txt'), 'one');
  await expect(nowhere).rejects.toMatchObject({ code: 'file-unwritable' });
  await expect(makeFolder(at('film.mp4'))).rejects.toMatchObject({ code: 'folder-unwritable' });
  await expect(makeFolder(at('film.mp4/inner'))).rejects.toMatchObject({ code: 'folder-unwritable' });
  await expect(mustBeEmpty(folder)).rejects.toMatchObject({ code: 'folder-not-empty' });
  await expect(mustBeEmpty(at('film.mp4'))).rejects.toMatchObject({ code: 'folder-not-empty' });
  await mustBeEmpty(await makeFolder(at('inner')));
  await mustBeEmpty(at('nothing'));
});
