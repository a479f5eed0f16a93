import { mkdir, rm, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { addFiles } from '../catalog/index.ts';
import { filmFolder, renderFilm } from '../media/films.test-support.ts';
import { readFilms } from './films.ts';

it('a film of the catalogue that cannot be read any more is named with the reason, and the others go on', async () => {
  const films = await filmFolder();
  const { context, close } = await testContext();
  const [gone, here] = [films.at('gone.mp4'), films.at('here.mp4')];
  await renderFilm(gone, 12);
  // Long enough to have a shot beside the fade that it begins with.
  await renderFilm(here, 48);
  await addFiles(context, { paths: [gone] });
  await rm(gone);
  const { refusedFiles, shots } = await readFilms(context, { paths: [here] });
  expect(refusedFiles).toMatchObject([{ file: gone }]);
  expect(shots.length).toBeGreaterThan(0);
  await close();
  await films.remove();
});

it('a folder without a film is said to have none, also where the workspace has other films', async () => {
  const films = await filmFolder();
  const { context, close } = await testContext();
  await renderFilm(films.at('here.mp4'), 12);
  await addFiles(context, { paths: [films.at('here.mp4')] });
  await mkdir(films.at('empty'));
  await expect(readFilms(context, { paths: [films.at('empty')] })).rejects.toMatchObject({ code: 'no-film' });
  await writeFile(films.at('here.srt'), '1\n00:00:00,000 --> 00:00:00,500\nHello.\n');
  await expect(readFilms(context, { paths: [films.at('here.srt')] })).rejects.toMatchObject({
    code: 'no-film',
  });
  await close();
  await films.remove();
});
