import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BacklotError } from '../contract/index.ts';
import { readDeletion } from '../trust/index.ts';

/**
 * The manifest of a snapshot's folder, as it lies there.
 * @throws BacklotError `snapshot-deleted` with the record and the withdrawal, `snapshot-incomplete`, `signature-invalid` of that record
 */
export async function manifestText(folder: string): Promise<string> {
  const file = join(folder, 'manifest.jsonl');
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw await missing(folder, file);
  }
}

async function missing(folder: string, where: string): Promise<BacklotError> {
  const deletion = await readDeletion(folder);
  const expected = 'the list of its clips';
  if (deletion === null)
    return new BacklotError('snapshot-incomplete', {
      ...{ expected, where, found: 'none, and no signed record that it was deleted' },
      remedy: 'Put the folder back as it was, or freeze the dataset again.',
    });
  const { deletedAt, withdrawal, files, file } = deletion;
  return new BacklotError('snapshot-deleted', {
    ...{ expected, where },
    found: `${files.length} files of it were deleted at ${deletedAt} for the withdrawal of ${withdrawal}, as the signed ${file} says`,
    remedy:
      'What was withdrawn stays out: freeze the dataset again. If the ledger here does not know of that withdrawal, it is older than the folder: put the newer workspace back, or give the withdrawal again (`backlot rights revoke`).',
  });
}
