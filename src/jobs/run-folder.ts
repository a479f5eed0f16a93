import { lstat, readdir } from 'node:fs/promises';
import { BacklotError } from '../contract/index.ts';

/**
 * A run's folder and what lies in it must be no links: this process and the engine write there under known names, and a link would lead
 * what they write to any file of the person's.
 * @throws BacklotError `run-folder-unsafe`
 */
export async function refuseLinks(directory: string): Promise<void> {
  const found = await lstat(directory).catch(() => null);
  if (found === null) return;
  if (!found.isDirectory()) throw unsafe(directory);
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  const link = entries.find((entry) => entry.isSymbolicLink());
  if (link) throw unsafe(`${link.parentPath}/${link.name}`);
}

const unsafe = (where: string): BacklotError =>
  new BacklotError('run-folder-unsafe', {
    expected: 'a folder of plain files, as runs leave it',
    where,
    found: 'a link',
    remedy: 'Backlot makes no links there: find out who did, and move the folder away.',
  });
