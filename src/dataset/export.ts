import { copyFile, link, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BacklotError } from '../contract/index.ts';
import { croissantOf } from './croissant.ts';
import type { ExportFormat, ExportReport, Snapshot } from './schema.ts';

/**
 * Puts a snapshot into a folder as the engine reads it. Files are hard links where the folder lies on the same disk
 * (writing into one would change the snapshot too: `dataset verify` finds that), else copies.
 * @throws BacklotError `folder-not-empty`
 */
export async function exportSnapshot(
  snapshot: Snapshot,
  target: string,
  format: ExportFormat = 'engine',
): Promise<ExportReport> {
  const folder = resolve(target);
  await mkdir(folder, { recursive: true });
  const found = await readdir(folder);
  if (found.length > 0) throw notEmpty(folder, found.length);
  const names = await readdir(snapshot.path);
  let linked = 0;
  for (const name of names) {
    if (await placed(join(snapshot.path, name), join(folder, name))) linked += 1;
  }
  if (format === 'croissant') {
    const text = `${JSON.stringify(await croissantOf(snapshot, folder), null, 2)}\n`;
    await writeFile(join(folder, 'croissant.json'), text);
    names.push('croissant.json');
  }
  return { id: snapshot.id, digest: snapshot.digest, folder, files: names.length, linked };
}

/** True where the file is linked, false where it had to be copied. */
async function placed(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch {
    await copyFile(from, to);
    return false;
  }
}

function notEmpty(folder: string, files: number): BacklotError {
  return new BacklotError('folder-not-empty', {
    expected: 'a new or empty folder',
    where: folder,
    found: `${files} files`,
    remedy: 'Name another folder.',
  });
}
