import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { renderFilm } from '../media/films.test-support.ts';
import { addFiles, listFiles } from './index.ts';
import { missingReels } from './missing-reels.ts';
import { listCatalog } from './show.ts';
import { listInWords } from './words.ts';

let folder = '';
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-titles-'));
  for (const [reel, where] of ['one', 'two', 'three'].entries()) {
    await mkdir(at(where));
    await renderFilm(at(`${where}/scan.mp4`), 5 + reel);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Which title each film is given in a new workspace that is given them in this order; `titled` films are named so. */
async function titles(order: readonly string[], titled: Record<string, string> = {}) {
  const { context, close } = await testContext({});
  for (const where of order) {
    const title = titled[where];
    await addFiles(context, { paths: [at(`${where}/scan.mp4`)], ...(title ? { title } : {}) });
  }
  const files = await listFiles(context.db);
  await close();
  return new Map(files.map(({ path, titleId, reel }) => [path.split('/').at(-2), { titleId, reel }]));
}

it('films of one name have the same titles in whatever order they come', async () => {
  const found = await titles(['one', 'two', 'three']);
  expect(new Set([...found.values()].map(({ titleId }) => titleId)).size).toBe(3);
  expect(await titles(['three', 'one', 'two'])).toEqual(found);
});

it('a film that nobody mapped is not part of a title that somebody calls like it, whichever comes first', async () => {
  const found = await titles(['one', 'two'], { two: 'scan' });
  expect(found.get('one')?.titleId).not.toBe('ttl_scan');
  expect(found.get('two')).toEqual({ titleId: 'ttl_scan', reel: 1 });
  expect(await titles(['two', 'one'], { two: 'scan' })).toEqual(found);
});

it('reels that are not there, or twice, are told with their title', async () => {
  const { context, close } = await testContext({});
  const map = at('map.csv');
  const rows = ['one,2', 'two,5', 'three,5'].map((row) => `${row.replace(',', '/scan.mp4,Popeye,')}\n`);
  await writeFile(map, `file,title,reel\n${rows.join('')}`);
  await addFiles(context, { paths: [folder], map });
  const text = listInWords(await listCatalog(context.db));
  await close();
  expect(text.split('\n').filter((line) => /^ {2}reels? /.test(line))).toEqual([
    '  reel 1 of Popeye: not in the catalogue',
    '  reels 3 to 4 of Popeye: not in the catalogue',
    '  reel 5 of Popeye: several files, which of them comes first is not known',
  ]);
  expect([missingReels([101, 103]), missingReels([]), missingReels([1, 2])]).toEqual([[[102, 102]], [], []]);
});
