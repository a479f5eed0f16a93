import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testContext } from '../../test/support/context.ts';
import { addFiles } from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';
import { detectShots } from '../shots/index.ts';
import { type Paint, writeFilm } from './films.test-support.ts';

export const shotFrames = 60;
/** Shots of two and a half seconds: each a pattern of its own that slowly brightens. */
const shotsFrom =
  (first: number): Paint =>
  (frame, column, row) => {
    const shot = first + Math.floor(frame / shotFrames);
    return (((column * 7 + row * 13 + shot * 5) * (shot * 37 + 11)) % 180) + (frame % shotFrames);
  };

const timecode = (frame: number) =>
  `00:00:${String(Math.floor(frame / 24)).padStart(2, '0')}:${String(frame % 24).padStart(2, '0')}`;
const shotListOf = (scenes: readonly string[]) =>
  [
    'scene,timecode in,timecode out,description',
    ...scenes.map(
      (s, i) => `${s},${timecode(i * shotFrames)},${timecode((i + 1) * shotFrames)},Brinka waits ${i}`,
    ),
  ].join('\n');

export const ledger = {
  version: 1,
  parties: [{ id: 'studio', kind: 'org', name: 'The Studio' }],
  titles: ['alpha', 'beta'].map((id) => ({
    ...{ id, name: id, files: [`${id}.mp4`] },
    shares: [{ party: 'studio', share: '100%' }],
  })),
  grants: [
    { id: 'g1', grantor: 'studio', titles: ['alpha', 'beta'], uses: ['train.style'], territories: ['world'] },
  ],
};

export const asOf = '2026-05-01';
export const asked = { asOf, width: 96, height: 64 };

/** A workspace with a cleared film, one that repeats the last two shots of it and adds its own, and one that nobody granted. */
export async function studio(
  films?: string,
  names: readonly string[] = ['alpha.mp4', 'beta.mp4', 'gamma.mp4', 'alpha.csv', 'beta.csv'],
): Promise<{ context: Context; close: () => Promise<void> }> {
  const { context, close } = await testContext();
  const folder = filmsOf(context);
  await (films === undefined ? shoot(folder) : cp(films, folder, { recursive: true }));
  await addFiles(context, { paths: names.map((name) => join(folder, name)) });
  await detectShots(context, 'fast');
  return { context, close };
}

export const filmsOf = (context: Context) => join(context.paths.root, 'the films');
export const ledgerOf = (context: Context) => join(filmsOf(context), 'ledger.json');

async function shoot(folder: string): Promise<void> {
  await mkdir(folder);
  await writeFilm(join(folder, 'alpha.mp4'), 5 * shotFrames, shotsFrom(0));
  await writeFilm(join(folder, 'beta.mp4'), 3 * shotFrames, shotsFrom(3));
  await writeFilm(join(folder, 'gamma.mp4'), shotFrames, shotsFrom(7));
  await writeFile(join(folder, 'alpha.csv'), shotListOf(['1', '1', '2', '3', '4']));
  await writeFile(join(folder, 'beta.csv'), shotListOf(['1', '2', '3']));
  await writeFile(join(folder, 'ledger.json'), JSON.stringify(ledger));
}
