import { copyFile, link, mkdir, readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BacklotError } from '../contract/index.ts';

/**
 * Puts a file at `to`: a hard link where both lie on the same disk, else a copy.
 * @returns true where it is linked
 */
export async function placed(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch {
    await copyFile(from, to);
    return false;
  }
}

/** The absolute path of a folder that is there and empty. @throws BacklotError `folder-not-empty` */
export async function emptyFolder(target: string): Promise<string> {
  const folder = resolve(target);
  await mkdir(folder, { recursive: true });
  const found = await readdir(folder);
  if (found.length === 0) return folder;
  throw new BacklotError('folder-not-empty', {
    expected: 'a new or empty folder',
    where: folder,
    found: `${found.length} files`,
    remedy: 'Name another folder.',
  });
}
