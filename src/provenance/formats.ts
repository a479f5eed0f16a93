import { readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { BacklotError } from '../contract/index.ts';

const mimes: Record<string, string> = {
  '.mp4': 'video/mp4',
  '.m4v': 'video/x-m4v',
  '.mov': 'video/quicktime',
  '.avi': 'video/avi',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
};

/** The library holds a file in memory several times over: 784 MB took 4.8 GB. */
const largestBytes = 256 * 1024 * 1024;

/** A file's bytes and type. @throws BacklotError `format-unknown`, `file-too-large`, `no-such-file` */
export async function readMedia(path: string): Promise<{ content: Buffer; mime: string }> {
  const mime = mimes[extname(path).toLowerCase()];
  if (!mime) throw unknownFormat(path);
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile()) throw missing(path);
  if (facts.size > largestBytes) throw tooLarge(path, facts.size);
  return { content: await readFile(path), mime };
}

/** Whether a file speaks of C2PA anywhere: one that does not is unsigned. Of a file that cannot be read, true. */
export function mayBeSigned(path: string): boolean {
  try {
    return statSync(path).size > largestBytes || readFileSync(path).includes('c2pa');
  } catch {
    return true;
  }
}

const unknownFormat = (path: string) =>
  new BacklotError('format-unknown', {
    expected: `a file ending in ${Object.keys(mimes).join(', ')}`,
    where: path,
    found: extname(path) || 'no ending',
    remedy: 'Name a file of one of these kinds; other kinds carry no signature that Backlot reads.',
  });

const missing = (path: string) =>
  new BacklotError('no-such-file', {
    expected: 'a file',
    where: path,
    found: 'none',
    remedy: 'Check the path.',
  });

const tooLarge = (path: string, bytes: number) =>
  new BacklotError('file-too-large', {
    expected: `at most ${largestBytes} bytes`,
    where: path,
    found: `${bytes} bytes`,
    remedy: "Takes are far smaller; files of a master's size need a signer that streams (c2pa-python does).",
  });
