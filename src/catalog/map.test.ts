import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTitleMap } from './map.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-map-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function mapOf(...rows: string[]) {
  const path = join(folder, 'map.csv');
  await writeFile(path, ['file;title;reel', ...rows].join('\n'));
  return readTitleMap(path);
}

it('a map names an image sequence by its pattern, by its folder, or by the name of that', async () => {
  const one = join(folder, 'SCANS/reel1/frame_%06d.dpx');
  const names = ['SCANS/reel1/frame_%06d.dpx', 'frame_%06d.dpx', 'SCANS/reel1', 'SCANS/reel1/', 'reel1'];
  for (const name of names) {
    const { titleOf, unused } = await mapOf(`${name};A Film;2`);
    expect(titleOf(one)).toEqual({ title: 'A Film', reel: 2 });
    expect(unused([one])).toEqual([]);
  }
  const { titleOf } = await mapOf('SCANS/reel1;A Film;');
  expect(titleOf(join(folder, 'SCANS/reel1/film.mov'))).toBeNull();
});

it('a map tells which of its rows named nothing', async () => {
  const { unused } = await mapOf('film.mov;A Film;1', 'flim2.mov;A Film;2', 'reel9;B;');
  expect(unused([join(folder, 'film.mov'), join(folder, 'film2.mov')])).toEqual(['flim2.mov', 'reel9']);
});

it('a map is read in UTF-16, and refused where nobody knows its letters', async () => {
  const path = join(folder, 'map.csv');
  const text = 'file;title;reel\nété.mov;Été à Paris;1\n';
  await writeFile(path, Buffer.from(`\ufeff${text}`, 'utf16le'));
  const { titleOf } = await readTitleMap(path);
  expect(titleOf(join(folder, 'été.mov'))).toEqual({ title: 'Été à Paris', reel: 1 });
  await writeFile(path, Buffer.from(text, 'latin1'));
  await expect(readTitleMap(path)).rejects.toMatchObject({ code: 'bad-map', facts: { where: path } });
});

it('a map that says two things of one film is refused, and both rows are named', async () => {
  await expect(mapOf('film.mov;A Film;1', 'other.mov;A Film;2', './film.mov;B;1')).rejects.toMatchObject({
    code: 'bad-map',
    message: expect.stringMatching(/row 4.*row 2/s),
  });
  const { titleOf } = await mapOf('film.mov;A Film;1', 'film.mov;A Film;1');
  expect(titleOf(join(folder, 'film.mov'))).toEqual({ title: 'A Film', reel: 1 });
});
