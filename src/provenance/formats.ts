import { stat } from 'node:fs/promises';
import { extname, join, parse } from 'node:path';
import { BacklotError } from '../contract/index.ts';

interface Format {
  mime: string;
  /** Whether the manifest can lie in the file; else it lies beside it. */
  carries: boolean;
  still: boolean;
}

const video = (mime: string, carries = true): Format => ({ mime, carries, still: false });
const still = (mime: string, carries = true): Format => ({ mime, carries, still: true });

/** By ending. Those without a place for a manifest are hashed whole, whatever is in them. */
const formats: Record<string, Format> = {
  '.mp4': video('video/mp4'),
  '.m4v': video('video/x-m4v'),
  '.mov': video('video/quicktime'),
  '.avi': video('video/avi'),
  '.mxf': video('application/mxf', false),
  '.mkv': video('video/x-matroska', false),
  '.png': still('image/png'),
  '.jpg': still('image/jpeg'),
  '.jpeg': still('image/jpeg'),
  '.tif': still('image/tiff'),
  '.tiff': still('image/tiff'),
  '.exr': still('image/x-exr', false),
  '.dpx': still('image/x-dpx', false),
};

/** @throws BacklotError `no-such-file`, `format-unknown` */
export async function formatOf(path: string): Promise<Format & { bytes: number }> {
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile()) throw missing(path);
  const format = formats[extname(path).toLowerCase()];
  if (!format) throw unknownFormat(path);
  return { ...format, bytes: facts.size };
}

/** Where a file's manifest lies if not in it: the same name with `.c2pa`, as C2PA asks for external manifests. */
export const sidecarOf = (path: string): string => join(parse(path).dir, `${parse(path).name}.c2pa`);

/** The WebAssembly reader holds a file in memory several times over: 784 MB took 4.8 GB. */
export const inMemoryBytes = 64 * 1024 * 1024;

const unknownFormat = (path: string) =>
  new BacklotError('format-unknown', {
    expected: `a file ending in ${Object.keys(formats).join(', ')}`,
    where: path,
    found: extname(path) || 'no ending',
    remedy:
      extname(path) === '.c2pa'
        ? 'That is a manifest on its own: name the file that it lies beside.'
        : 'Name a file of one of these kinds; other kinds carry no signature that Backlot reads.',
  });

const missing = (path: string) =>
  new BacklotError('no-such-file', {
    expected: 'a file',
    where: path,
    found: 'none',
    remedy: 'Check the path.',
  });
