import { resolve } from 'node:path';
import { BacklotError } from '../contract/index.ts';
import type { Db } from '../db/index.ts';
import { flagsOf } from './flags.ts';
import { missingReels } from './missing-reels.ts';
import type { CatalogFile, ListOutput, ShowOutput } from './schema.ts';
import { listFiles, listRefusals, listSidecars, listTitles } from './store.ts';
import { sharedReels } from './titles.ts';

/** The catalogue as titles with their files in reel order, and what was refused. */
export async function listCatalog(db: Db): Promise<ListOutput> {
  const files = await listFiles(db);
  const titles = (await listTitles(db)).map((title) => {
    const own = files.filter((file) => file.titleId === title.id).map(summary);
    const reels = own.map(({ reel }) => reel);
    const numbers = { missingReels: missingReels(reels), sharedReels: sharedReels(reels) };
    return { ...title, seconds: total(own.map((file) => file.seconds)), ...numbers, files: own };
  });
  return { titles, refused: await listRefusals(db) };
}

function summary({ id, reel, path, frames, fps, facts }: CatalogFile) {
  return { id, reel, path, frames, fps, seconds: facts.decodedSeconds, flags: flagsOf(facts, false) };
}

const total = (values: readonly number[]): number => Number(values.reduce((a, b) => a + b, 0).toFixed(3));

/**
 * Everything known of a file, or of all files of a title. What is called `name` comes before what lies at that path.
 * @param at `name` as a path from where the command was given
 * @throws BacklotError `not-found`
 */
export async function showCatalog(db: Db, name: string, at: string = resolve(name)): Promise<ShowOutput> {
  const all = await listFiles(db);
  const called = all.filter(({ id, titleId, titleName }) => [id, titleId, titleName].includes(name));
  const files = called.length > 0 ? called : all.filter(({ path }) => path === name || path === at);
  if (files.length === 0) throw notFound(name);
  const shown = files.map(async (file) => {
    return { ...file, flags: flagsOf(file.facts, file.unmapped), sidecars: await listSidecars(db, file.id) };
  });
  return { files: await Promise.all(shown) };
}

function notFound(name: string): BacklotError {
  return new BacklotError('not-found', {
    expected: "a file's or title's id, a title's name, or a file's path",
    where: 'catalog show',
    found: name,
    remedy: 'See what there is with `backlot catalog list`.',
  });
}
