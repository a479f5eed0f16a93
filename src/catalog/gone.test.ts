import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { renderFilm } from '../media/films.test-support.ts';
import { addFiles, listFiles, listSidecars } from './index.ts';
import type { Known } from './schema.ts';

let folder = '';
let context: Context;
let close: () => Promise<void>;
const at = (name: string) => join(folder, name);
const subtitles = (words: string) => `1\n00:00:00,000 --> 00:00:01,000\n${words}\n`;

beforeAll(async () => {
  ({ context, close } = await testContext({}));
  folder = await mkdtemp(join(tmpdir(), 'backlot-gone-'));
  await mkdir(at('old'));
  await renderFilm(at('old/film.mp4'), 5);
  await writeFile(at('old/film.srt'), subtitles('Hello'));
  await writeFile(at('old/film.eng.srt'), subtitles('Good day'));
  await addFiles(context, { paths: [folder] });
});
afterAll(async () => {
  await close();
  await rm(folder, { recursive: true, force: true });
});

/** What the film has beside it, after the folder is looked at again. */
async function again() {
  const { added, known } = await addFiles(context, { paths: [folder] });
  const [film] = await listFiles(context.db);
  const beside = (await listSidecars(context.db, film?.id ?? '')).map(({ path }) => path);
  return { added: added.map(({ file }) => file), beside, known };
}

/** What is said of the film. */
const reasonOf = (known: Known[]) => known.find(({ kind }) => kind === 'film')?.reason;

it('subtitles that moved with their film and were changed on the way take the place of the old ones', async () => {
  await rename(at('old'), at('new'));
  await writeFile(at('new/film.srt'), subtitles('Hello again'));
  const { added, beside, known } = await again();
  expect(added).toEqual([at('new/film.srt')]);
  expect(beside).toEqual([at('new/film.eng.srt'), at('new/film.srt')]);
  // Its name is still the same.
  expect(reasonOf(known)).toBe(`already catalogued; moved here from ${at('old/film.mp4')}`);
  expect(known.find(({ file }) => file === at('old/film.srt'))).toMatchObject({
    kind: 'sidecar',
    reason: `gone: no longer a sidecar of ${at('new/film.mp4')}`,
  });
});

it('subtitles that were taken away are said to be gone, once', async () => {
  await rm(at('new/film.eng.srt'));
  expect((await again()).known.map(({ file }) => file)).toContain(at('new/film.eng.srt'));
  const { beside, known } = await again();
  expect(beside).toEqual([at('new/film.srt')]);
  expect(known.filter(({ reason }) => reason.startsWith('gone'))).toEqual([]);
});

it('a film that moved under another name is to be named anew where its name is written', async () => {
  await rename(at('new/film.mp4'), at('new/renamed.mp4'));
  const { known } = await again();
  const sha256 = known.find(({ kind }) => kind === 'film')?.sha256;
  expect(reasonOf(known)).toContain(`moved here from ${at('new/film.mp4')}`);
  expect(reasonOf(known)).toContain(
    `still called film.mp4 must name it anew; a ledger may by its sha256, ${sha256}`,
  );
});

it('films that exchanged their names are followed to where each lies now', async () => {
  await mkdir(at('pair'));
  await renderFilm(at('pair/a.mp4'), 6);
  await renderFilm(at('pair/b.mp4'), 7);
  await addFiles(context, { paths: [at('pair')] });
  await rename(at('pair/a.mp4'), at('pair/c.mp4'));
  await rename(at('pair/b.mp4'), at('pair/a.mp4'));
  await rename(at('pair/c.mp4'), at('pair/b.mp4'));
  const { known } = await addFiles(context, { paths: [at('pair')] });
  const placeOf = async (frames: number) =>
    (await listFiles(context.db)).find((film) => film.frames === frames)?.path;
  expect([await placeOf(6), await placeOf(7)]).toEqual([at('pair/b.mp4'), at('pair/a.mp4')]);
  expect(known.map(({ reason }) => reason.includes('moved here from'))).toEqual([true, true]);
});

it('a film that cannot be looked at where it lies has not moved to a copy of it', async () => {
  const [first, second] = [at('first.mp4'), at('second.mp4')];
  await renderFilm(first, 8);
  await addFiles(context, { paths: [first] });
  await rename(first, second);
  // Any look at it fails, but not as of what is gone.
  await symlink(first, first);
  const { known } = await addFiles(context, { paths: [second] });
  expect(reasonOf(known)).toContain(`the same bytes as ${first}`);
  expect((await listFiles(context.db)).find(({ frames }) => frames === 8)?.path).toBe(first);
});
