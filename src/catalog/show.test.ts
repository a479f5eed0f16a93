import { relative } from 'node:path';
import { expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { filmFolder, renderFilm } from '../media/films.test-support.ts';
import { addFiles } from './add.ts';
import { showCatalog } from './show.ts';

it('a film is shown by its name, then by its path from where one stands, and refused by another', async () => {
  const films = await filmFolder();
  const { context, close } = await testContext();
  await renderFilm(films.at('reel.mp4'), 4);
  await addFiles(context, { paths: [films.at('reel.mp4')] });
  const { files } = await showCatalog(context.db, relative(process.cwd(), films.at('reel.mp4')));
  expect(files.map(({ path }) => path)).toEqual([films.at('reel.mp4')]);
  await expect(showCatalog(context.db, 'reel.mp4')).rejects.toMatchObject({ code: 'not-found' });
  expect(await showCatalog(context.db, 'reel.mp4', films.at('reel.mp4'))).toEqual({ files });
  const { titleName, titleId } = files[0] ?? { titleName: '', titleId: '' };
  await renderFilm(films.at('other.mp4'), 5);
  await addFiles(context, { paths: [films.at('other.mp4')], title: 'Other' });
  const byName = await showCatalog(context.db, titleName, films.at('other.mp4'));
  expect(byName.files.map((file) => file.titleId)).toEqual([titleId]);
  await close();
  await films.remove();
});
