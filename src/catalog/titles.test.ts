import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { renderFilm } from '../media/films.test-support.ts';
import { addFiles, listFiles } from './index.ts';

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
