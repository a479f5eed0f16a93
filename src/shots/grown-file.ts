import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { z } from 'zod';

/** What tells the beginning of a file that has grown since. */
export const markSchema = z.strictObject({ bytes: z.int().min(0), sha256: z.string() });
export type Mark = z.infer<typeof markSchema>;

/** A file that is only added to. */
export interface GrownFile {
  path: string;
  /** Takes bytes, which must not change any more. */
  add(bytes: Uint8Array): void;
  /** Of all that was added. */
  mark(): Mark;
  /** Waits until what was added lies on the disk. @throws what writing throws */
  written(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a file anew, or goes on behind a mark: what lies behind it goes.
 * @throws where the file does not begin as the mark says
 */
export async function openGrown(path: string, from: Mark | null): Promise<GrownFile> {
  const hash = createHash('sha256');
  if (from) await hashed(path, from.bytes, hash);
  if (from && hash.copy().digest('hex') !== from.sha256)
    throw new Error(`${path} begins otherwise than marked`);
  const file = await open(path, from ? 'a' : 'w');
  let bytes = from?.bytes ?? 0;
  await file.truncate(bytes);
  let queue = Promise.resolve();
  const then = (work: () => Promise<unknown>) => {
    queue = queue.then(async () => void (await work()));
    queue.catch(() => {});
    return queue;
  };
  return {
    path,
    add: (more) => {
      bytes += more.length;
      hash.update(more);
      then(() => file.appendFile(more));
    },
    mark: () => ({ bytes, sha256: hash.copy().digest('hex') }),
    written: () => then(() => file.datasync()),
    close: () => queue.finally(() => file.close()),
  };
}

async function hashed(path: string, bytes: number, hash: { update(bytes: Buffer): unknown }): Promise<void> {
  if (bytes === 0) return;
  const beginning = createReadStream(path, { end: bytes - 1, highWaterMark: 2 ** 20 });
  for await (const chunk of beginning) hash.update(chunk as Buffer);
}
