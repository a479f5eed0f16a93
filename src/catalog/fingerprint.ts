import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { MarkPlaces, readMarks } from './marks.ts';
import type { Mark } from './schema.ts';

export interface Fingerprint {
  sha256: string;
  bytes: number;
  modifiedMs: number;
  /** The first bytes, up to 64 KiB: enough to tell a container by its start. */
  head: Buffer;
  /** What the file says about mining and training. */
  marks: Mark[];
}

const chunkBytes = 1024 * 1024;
const headBytes = 64 * 1024;

/** Reads a file once, from its start to its end, read-only. */
export async function fingerprint(
  path: string,
  onBytes: (done: number) => void,
  signal: AbortSignal,
): Promise<Fingerprint> {
  const file = await open(path, 'r');
  try {
    const { mtimeMs } = await file.stat();
    const hash = createHash('sha256');
    const places = new MarkPlaces();
    let [bytes, head] = [0, Buffer.alloc(0)];
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: chunkBytes })) {
      signal.throwIfAborted();
      hash.update(chunk);
      places.look(chunk as Buffer);
      if (bytes === 0) head = Buffer.from((chunk as Buffer).subarray(0, headBytes));
      bytes += (chunk as Buffer).length;
      onBytes(bytes);
    }
    const marks = await readMarks(file, places);
    return { sha256: hash.digest('hex'), bytes, modifiedMs: mtimeMs, head, marks };
  } finally {
    await file.close();
  }
}

/** Whether the file was written to since it was read. */
export async function changedSince(path: string, print: Fingerprint): Promise<boolean> {
  const now = await stat(path);
  return now.size !== print.bytes || now.mtimeMs !== print.modifiedMs;
}
