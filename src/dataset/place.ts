import { copyFile, link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BacklotError } from '../contract/index.ts';
import { makeFolder } from '../jobs/index.ts';

/**
 * Puts a file at `to`: a hard link where both lie on the same disk, else a copy. What lies there goes first: writing
 * into it could reach through an earlier link.
 * @returns true where it is linked
 */
export async function placed(from: string, to: string): Promise<boolean> {
  await rm(to, { force: true });
  try {
    await link(from, to);
    return true;
  } catch {
    await copyFile(from, to);
    return false;
  }
}

/** Lies in a folder while an export is written into it, and says which. */
const marker = '.unfinished';

/**
 * The absolute path of a folder to export to: new, empty, or left unfinished by the same export.
 * @param wish what is exported and how
 * @throws BacklotError `folder-not-empty`, `folder-unwritable`
 */
export async function beginExport(target: string, wish: string): Promise<string> {
  const folder = await makeFolder(resolve(target));
  await mustBeFree(folder, wish);
  await writeFile(join(folder, marker), wish);
  return folder;
}

/** Asks the same of a folder that may not be there, before anything is read for the export. @throws BacklotError `folder-not-empty` */
export async function mustBeFree(target: string, wish: string): Promise<void> {
  const folder = resolve(target);
  const found = await readdir(folder).catch((error) => {
    if (['ENOENT', 'ENOTDIR'].includes(error.code)) return [];
    throw error;
  });
  const unfinished = await readFile(join(folder, marker), 'utf8').catch(() => null);
  if (found.length > 0 && unfinished !== wish) throw notEmpty(folder, found.length);
}

/** The last step: the export is whole. */
export const endExport = (folder: string): Promise<void> => rm(join(folder, marker));

/** Takes away what an export has laid out that must not be finished. @returns the folder; null where it is not that export's */
export async function abandonExport(target: string, wish: string): Promise<string | null> {
  const folder = resolve(target);
  if ((await readFile(join(folder, marker), 'utf8').catch(() => null)) !== wish) return null;
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
  return folder;
}

const notEmpty = (folder: string, files: number) =>
  new BacklotError('folder-not-empty', {
    expected: 'a new or empty folder, or one that the same export left unfinished',
    where: folder,
    found: `${files} files`,
    remedy: 'Name another folder.',
  });
