import { type FileHandle, open } from 'node:fs/promises';

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
  let at = 0;
  let isEncrypted = false;
  while (at < size) {
    const box = await boxAt(file, at);
    if (!box || box.length < 8) return { missingBytes: 0, isEncrypted };
    if (box.type === 'moov') isEncrypted ||= await holds(file, at, Math.min(box.length, size - at), 'encv');
    at += box.length;
  }
  return { missingBytes: at - size, isEncrypted };
}

async function holds(file: FileHandle, at: number, length: number, word: string): Promise<boolean> {
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.includes(word);
}

/** Null where no whole header is left. A length of 0 reaches to the end of the file, 1 says that 64 bits follow. */
async function boxAt(file: FileHandle, at: number): Promise<{ type: string; length: number } | null> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, at);
  if (bytesRead < 8) return null;
  const short = buffer.readUInt32BE(0);
  const length = short === 1 && bytesRead === 16 ? Number(buffer.readBigUInt64BE(8)) : short;
  return { type: buffer.toString('latin1', 4, 8), length };
}
