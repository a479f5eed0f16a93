import type { FileHandle } from 'node:fs/promises';

/** A box of an MP4 or QuickTime file as its header announces it, in bytes; it may reach beyond the end of the file. */
export interface Box {
  type: string;
  length: number;
}

/** The outermost boxes in order, until something is no header; reads 16 bytes of each. The last one may reach to the end by a length of 0. */
export async function* outermostBoxes(file: FileHandle): AsyncGenerator<Box & { at: number }> {
  const { size } = await file.stat();
  for (let at = 0; at < size; ) {
    const box = await boxAt(file, at);
    const length = box?.length === 0 ? size - at : (box?.length ?? 0);
    if (!box || length < 8) return;
    yield { type: box.type, length, at };
    at += length;
  }
}

/** Null where no whole header is left. A length of 0 reaches to the end of the file, 1 says that 64 bits follow. */
export async function boxAt(file: FileHandle, at: number): Promise<Box | null> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, at);
  if (bytesRead < 8) return null;
  const short = buffer.readUInt32BE(0);
  const length = short === 1 && bytesRead === 16 ? Number(buffer.readBigUInt64BE(8)) : short;
  return { type: buffer.toString('latin1', 4, 8), length };
}
