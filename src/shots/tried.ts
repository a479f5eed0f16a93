import type { CatalogFile } from '../catalog/index.ts';
import { BacklotError, messageOf } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';

/** A file that could not be read, with the reason. */
export interface Failed {
  id: string;
  file: string;
  code: string;
  reason: string;
}

/**
 * Does the work on one file; one that fails is noted in `failed`, and the others go on.
 * @throws the signal's reason; BacklotError `analysis-missing`, which holds for every file
 */
export async function tried(
  { signal }: Pick<Context, 'signal'>,
  file: CatalogFile,
  failed: Failed[],
  work: () => Promise<void>,
): Promise<void> {
  signal.throwIfAborted();
  try {
    await work();
  } catch (error) {
    signal.throwIfAborted();
    const code = error instanceof BacklotError ? error.code : 'failed';
    if (code === 'analysis-missing') throw error;
    failed.push({ id: file.id, file: file.path, code, reason: messageOf(error) });
  }
}
