import { X509Certificate } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BacklotError, messageOf } from '../contract/index.ts';
import { keysFolder } from './keys.ts';

/**
 * Root certificates of signers of takes. They are believed by what lies beside the keys, outside every workspace: `roots/*.pem`, which a
 * person puts there, and `test-roots/`, a file for each root of a test identity that was made here, named by its sha256.
 */

const rootsFolder = () => join(keysFolder(), 'roots');
const pinsFolder = () => join(keysFolder(), 'test-roots');

/** sha256 of the certificate, hex. */
const pinOf = (root: X509Certificate): string => root.fingerprint256.replaceAll(':', '').toLowerCase();

/** What a person has put into `roots/`, PEM, one certificate a file. @throws BacklotError `root-unreadable` */
export async function givenRoots(): Promise<string[]> {
  const names = (await readdir(rootsFolder()).catch(() => [])).filter((name) => name.endsWith('.pem')).sort();
  return Promise.all(names.map((name) => givenRoot(join(rootsFolder(), name))));
}

async function givenRoot(path: string): Promise<string> {
  try {
    return new X509Certificate(await readFile(path)).toString();
  } catch (error) {
    throw new BacklotError('root-unreadable', {
      expected: 'a root certificate in PEM',
      where: path,
      found: messageOf(error),
      remedy: 'Put the certificate there again, or remove the file: its signer is then not trusted.',
    });
  }
}

/** Remembers the root of a test identity as made here. */
export async function pinRoot(root: string): Promise<void> {
  await mkdir(pinsFolder(), { recursive: true, mode: 0o700 });
  await writeFile(join(pinsFolder(), pinOf(new X509Certificate(root))), root, { mode: 0o600 });
}

/**
 * The first certificate of a text, PEM, without anything that follows it; null: it was not made here, or is none.
 * @param text of a file that others may have written
 */
export async function pinnedRoot(text: string): Promise<string | null> {
  const root = certificateIn(text);
  if (root === null) return null;
  const pin = await stat(join(pinsFolder(), pinOf(root))).catch(() => null);
  return pin?.isFile() ? root.toString() : null;
}

function certificateIn(text: string): X509Certificate | null {
  try {
    return new X509Certificate(text);
  } catch {
    return null;
  }
}
