import { readFile, stat } from 'node:fs/promises';
import { BacklotError } from '../contract/index.ts';
import { readManifest } from './c2pa.ts';
import { formatOf, inMemoryBytes, sidecarOf } from './formats.ts';
import { readMaster } from './masters.ts';
import type { C2paReading } from './reading.ts';
import { isBoxed } from './unhashed.ts';

interface Signature {
  /** null: there is no manifest. */
  reading: C2paReading | null;
  /** Where the manifest lies; null: in the file, or nowhere. */
  sidecar: string | null;
  /** Whether a manifest can lie in a file of this kind. */
  carries: boolean;
  /** Whether it is one of boxes (MP4, QuickTime), of which C2PA does not hash all. */
  boxed: boolean;
}

/**
 * The manifest in a file, or beside it.
 * @param anchors root certificates (PEM) of signers to trust; null: none
 * @throws BacklotError `file-unreadable`, `format-unknown`, `no-such-file`
 */
export async function readSignature(path: string, anchors: string | null): Promise<Signature> {
  const { mime, carries, bytes } = await formatOf(path);
  const inFile = carries ? await readable(path, () => embedded({ path, mime, bytes }, anchors)) : null;
  const sidecar = inFile ? null : await sidecarBeside(path);
  const reading = sidecar
    ? await readable(sidecar, () => readMaster({ path, mime, sidecar }, anchors))
    : inFile;
  return { reading, sidecar, carries, boxed: isBoxed(mime) };
}

async function embedded(
  { path, mime, bytes }: { path: string; mime: string; bytes: number },
  anchors: string | null,
) {
  if (bytes > inMemoryBytes) return readMaster({ path, mime, sidecar: null }, anchors);
  return readManifest(await readFile(path), mime, anchors);
}

async function sidecarBeside(path: string): Promise<string | null> {
  const sidecar = sidecarOf(path);
  const facts = await stat(sidecar).catch(() => null);
  return facts?.isFile() ? sidecar : null;
}

async function readable(path: string, read: () => Promise<C2paReading | null>): Promise<C2paReading | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof BacklotError && error.code !== 'module-refused') throw error;
    throw new BacklotError('file-unreadable', {
      expected: 'a whole file of the kind that its ending says',
      where: path,
      found: error instanceof BacklotError ? error.facts.found : String(error),
      remedy: 'The file is damaged or of another kind: play it, and copy it again from where it came.',
    });
  }
}
