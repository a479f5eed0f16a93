import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BacklotError, type Deletion, deletionSchema } from '../contract/index.ts';
import { readSigned, signed } from './envelope.ts';

const TYPE = 'application/vnd.backlot.deletion+json';

/** What a folder keeps of this when the rest of it is removed, a record half-written included. */
export const isDeletionRecord = (name: string): boolean =>
  /^deletion(-[0-9a-f]{12})?\.json(\.tmp)?$/.test(name);

/**
 * Writes a folder's signed `deletion.json`, before anything is removed. With what an earlier one says: a purge that was stopped and
 * goes on finds only what is left. A record that no key trusted here has signed is kept beside it, unread.
 */
export async function recordDeletion(
  folder: string,
  removed: Pick<Deletion, 'snapshot' | 'withdrawal' | 'files'>,
): Promise<void> {
  const path = join(folder, 'deletion.json');
  const facts = { version: 1, ...merged(await earlierAt(path), removed) };
  const deletion = deletionSchema.parse({ ...facts, deletedAt: new Date().toISOString() });
  await writeFile(`${path}.tmp`, await signed(TYPE, deletion));
  await rename(`${path}.tmp`, path);
}

/** A name that both have is as the earlier one found it: whole. */
function merged(
  earlier: Deletion | null,
  { snapshot, withdrawal, files }: Pick<Deletion, 'snapshot' | 'withdrawal' | 'files'>,
) {
  const rows = [...(earlier?.withdrawal.split(', ') ?? []), withdrawal];
  const known = new Set(earlier?.files.map(({ name }) => name));
  const added = files.filter(({ name }) => !known.has(name));
  return {
    snapshot,
    withdrawal: [...new Set(rows)].join(', '),
    files: [...(earlier?.files ?? []), ...added],
  };
}

async function earlierAt(path: string): Promise<Deletion | null> {
  const text = await readFile(path, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return deletionSchema.parse(await readSigned(text, TYPE, path));
  } catch (error) {
    if (!(error instanceof BacklotError && error.code === 'signature-invalid')) throw error;
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
    await rename(path, path.replace(/\.json$/, `-${hash}.json`));
    return null;
  }
}
