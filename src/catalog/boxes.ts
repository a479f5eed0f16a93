import { type FileHandle, open } from 'node:fs/promises';
import { boxAt, outermostBoxes } from '../media/index.ts';

/** Boxes that an MP4 or QuickTime file starts with (ISO 14496-12; `wide` and `pnot` are QuickTime's own). */
const startBoxes = new Set(['ftyp', 'styp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'uuid']);

export interface Boxes {
  /** False where the file does not start like MP4 or QuickTime, whatever its name says. */
  areThere: boolean;
  /** Bytes that the last box announces beyond the end of the file. */
  missingBytes: number;
  /** Whether the index names a picture that is encrypted (`encv`, ISO 14496-12 8.12); ffprobe does not report it. */
  isEncrypted: boolean;
}

/** Walks the outermost boxes of a file; reads 16 bytes of each, and the whole index. */
export async function walkBoxes(path: string): Promise<Boxes> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const first = await boxAt(file, 0);
    if (!first || !startBoxes.has(first.type))
      return { areThere: false, missingBytes: 0, isEncrypted: false };
    return { areThere: true, ...(await walkFrom(file, size)) };
  } finally {
    await file.close();
  }
}

async function walkFrom(file: FileHandle, size: number): Promise<Omit<Boxes, 'areThere'>> {
  let end = 0;
  let isEncrypted = false;
  for await (const { type, at, length } of outermostBoxes(file)) {
    if (type === 'moov') isEncrypted ||= await holds(file, at, Math.min(length, size - at), 'encv');
    end = at + length;
  }
  return { missingBytes: Math.max(0, end - size), isEncrypted };
}

async function holds(file: FileHandle, at: number, length: number, word: string): Promise<boolean> {
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.includes(word);
}
