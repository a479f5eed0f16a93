import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BacklotError, messageOf } from '../contract/index.ts';
import { fileHash } from './hash.ts';

/** Files that a person names: they are written whole where nothing lies, and what lies there stays. */

/**
 * @param mode who may read and write it, from its first byte on; of what it says the process's mask is taken away
 * @throws BacklotError `file-exists`, `file-unwritable`
 */
export const writeNew = (path: string, content: string | Uint8Array, mode = 0o666): Promise<void> =>
  put(path, (draft) => writeFile(draft, content, { flag: 'wx', mode }));

/** As `writeNew`; where the very same bytes lie, nothing is left to do. */
export async function writeOnce(path: string, content: string | Uint8Array): Promise<void> {
  const there = await readFile(path).catch(() => null);
  if (!there?.equals(Buffer.from(content))) await writeNew(path, content);
}

/** Copies a file to a path of its own; where the very same bytes lie, nothing is left to do. @throws as `writeNew` */
export async function copyOnce(from: string, to: string): Promise<void> {
  const there = await fileHash(to).catch(() => null);
  if (there === null || there !== (await fileHash(from))) await put(to, (draft) => copyFile(from, draft));
}

/** The name is taken first, by an empty file: a rename alone would replace what came there meanwhile. */
async function put(path: string, make: (draft: string) => Promise<void>): Promise<void> {
  const draft = join(dirname(path), `.${randomUUID()}.partial`);
  try {
    await make(draft);
    await (await open(path, 'wx')).close();
    await rename(draft, path);
  } catch (error) {
    throw refused(path, error);
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Makes a folder, and those above it.
 * @param mode who may open it, where it is made; those above it are as the process's mask says
 * @returns its path
 * @throws BacklotError `folder-unwritable`
 */
export async function makeFolder(path: string, mode = 0o777): Promise<string> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await mkdir(path, { recursive: true, mode });
    return path;
  } catch (error) {
    const facts = { expected: 'a folder, or a place where one can be made', where: path };
    const found = isCode(error, 'EEXIST', 'ENOTDIR') ? 'a file in its way' : messageOf(error);
    const remedy = 'Name another folder, or give write permission.';
    throw new BacklotError('folder-unwritable', { ...facts, found, remedy }, error);
  }
}

/** @throws BacklotError `folder-not-empty`, also where it is no folder */
export async function mustBeEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error) => {
    if (isCode(error, 'ENOENT')) return [];
    throw notEmpty(folder, messageOf(error), error);
  });
  if (names.length > 0) throw notEmpty(folder, `${names.length} files`);
}

const notEmpty = (where: string, found: string, cause?: unknown): BacklotError => {
  const facts = { expected: 'a new or empty folder', where, found, remedy: 'Name another folder.' };
  return new BacklotError('folder-not-empty', facts, cause);
};

const isCode = (error: unknown, ...codes: string[]): boolean =>
  codes.includes(String((error as NodeJS.ErrnoException).code));

function refused(where: string, cause: unknown): BacklotError {
  if (isCode(cause, 'EEXIST', 'EISDIR')) {
    const facts = { expected: 'the name of a new file', where, found: 'something that lies there already' };
    const remedy = 'Name another file; what lies there is not written over.';
    return new BacklotError('file-exists', { ...facts, remedy }, cause);
  }
  const facts = { expected: 'a file that can be written, in a folder that is there', where };
  const remedy = 'Make the folder, give write permission, or name another file.';
  return new BacklotError('file-unwritable', { ...facts, found: messageOf(cause), remedy }, cause);
}
