import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogFile } from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';

type Where = Pick<Context, 'paths'>;

const suffix = '.part';

/** What is kept of a film whose pass is not done yet. */
export const unfinishedFolder = ({ paths }: Where, { id }: Pick<CatalogFile, 'id'>): string =>
  join(paths.thumbnails, `${id}${suffix}`);

/** Those of all films. */
export async function unfinishedFolders({ paths }: Where): Promise<string[]> {
  const entries = await readdir(paths.thumbnails, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && entry.name.endsWith(suffix))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
