import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

export const sha256OfText = (text: string): string => createHash('sha256').update(text).digest('hex');

/** sha256 of a file's bytes, read as a stream. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

const MODEL_FILES = /\.(json|safetensors)$/;
const enginePackage = fileURLToPath(new URL('../../engine/backlot_engine', import.meta.url));

/** The engine's version, the same as its own `source_hash`: over the Python files of `folder`. */
export const engineVersion = (folder: string = enginePackage): Promise<string> => folderHash(folder, /\.py$/);

/**
 * sha256 of a model folder, the same as the engine's `folder_hash`: over one line `<path>\0<sha256>\n` for each
 * file below it with a name that counts, sorted by path, with `/` between the parts.
 */
export async function folderHash(folder: string, counts: RegExp = MODEL_FILES): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && counts.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${path}\0${await fileHash(join(folder, path))}\n`);
  return hash.digest('hex');
}
