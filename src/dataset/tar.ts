import { type FileHandle, open } from 'node:fs/promises';

/** A file in a tar: at most 100 bytes of name, at most 8 GiB of content. */
export interface TarMember {
  name: string;
  content: Uint8Array;
}

const block = 512;

/**
 * Writes a tar as POSIX.1-1988 describes it (ustar). Owner, time and mode are fixed, so the same members give the same bytes.
 * @param members come one after the other; only one is in memory
 */
export async function writeTar(path: string, members: AsyncIterable<TarMember>): Promise<void> {
  const file = await open(path, 'w');
  try {
    for await (const member of members) await writeMember(file, member);
    await file.write(Buffer.alloc(2 * block));
  } finally {
    await file.close();
  }
}

async function writeMember(file: FileHandle, { name, content }: TarMember): Promise<void> {
  await file.write(headerOf(name, content.length));
  await file.write(content);
  await file.write(Buffer.alloc((block - (content.length % block)) % block));
}

/** The fields of a ustar header: offset, then text; numbers are octal and end in a zero byte. */
function headerOf(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name} is longer than 100 bytes`);
  const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, '0');
  const header = Buffer.alloc(block);
  const put = (at: number, text: string) => header.write(text, at, 'utf8');
  put(0, name);
  put(100, octal(0o644, 8));
  put(108, octal(0, 8));
  put(116, octal(0, 8));
  put(124, octal(size, 12));
  put(136, octal(0, 12));
  put(148, ' '.repeat(8));
  put(156, '0');
  put(257, 'ustar\u000000');
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${octal(sum, 7)}\u0000 `);
  return header;
}
