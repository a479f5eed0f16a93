import { z } from 'zod';

/** What every job has. */
export const positive = z.int().positive();
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A folder or file that the engine reads, with the hash that its content must have (folders: see `folderHash`). */
export const inputSchema = z.strictObject({ path: z.string().min(1), sha256 });

export const common = {
  version: z.literal(1),
  id: z.string().min(1),
  engine: sha256.describe("of the engine's source: another version's run is another run"),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  threads: positive.max(256),
  device: z
    .enum(['cpu', 'cuda'])
    .describe('where models learn and takes are drawn; all else is done by the processor'),
};
