import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Removed } from '../contract/index.ts';
import type { Context, WorkspacePaths } from './context.ts';
import { fileHash } from './hash.ts';

/** Where the record of a withdrawal lies. @param row `<section>/<id>` */
export const removalsPath = ({ root }: Pick<WorkspacePaths, 'root'>, row: string): string =>
  join(root, 'deletions', `${encodeURIComponent(row)}.json`);

/** Every file below a folder; none where it is not there. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Files that are about to go, as the record of a withdrawal names them; without what goes by itself meanwhile, as a run at work renames its own. */
export async function removedFiles(
  { paths }: Pick<Context, 'paths'>,
  files: readonly [Removed['what'], string][],
): Promise<Removed[]> {
  const removed: Removed[] = [];
  // One after the other: latents of a library are many files.
  for (const [what, file] of files) {
    const content = await contentOf(file);
    if (content) removed.push({ what, name: relative(paths.root, file), rows: null, ...content });
  }
  return removed;
}

async function contentOf(file: string): Promise<{ bytes: number; sha256: string } | null> {
  try {
    return { bytes: (await stat(file)).size, sha256: await fileHash(file) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
