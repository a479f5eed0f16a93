import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { nameDiskFull } from '../contract/index.ts';
import { appendAudit } from './audit.ts';
import type { Context } from './context.ts';
import { writeNew } from './new-file.ts';

/** What a workspace that is closed to other accounts holds is not opened to them by its copy elsewhere. */
const OWNER_ALONE = 0o600;

/**
 * Writes the database as it is at one moment, between two statements, as one new file: a compressed tar of its folder,
 * which its owner alone can read.
 * Like after a power cut, what a transaction had not finished is not in it, nor is its own
 * row of the audit log, which is there if the file is.
 * @throws BacklotError `file-exists`, `file-unwritable`, `disk-full`
 */
export async function backup(
  { db, who }: Pick<Context, 'db' | 'who'>,
  file: string,
): Promise<{ file: string; bytes: number }> {
  const dump = Buffer.from(await (await db.$client.dumpDataDir('gzip')).arrayBuffer());
  try {
    await db.transaction(async (tx) => {
      const details = { bytes: dump.length, sha256: createHash('sha256').update(dump).digest('hex') };
      await appendAudit(tx, { who, what: 'workspace.backup', subject: file, details });
      await writeNew(file, dump, OWNER_ALONE);
    });
  } catch (error) {
    throw nameDiskFull(error, dirname(file));
  }
  return { file, bytes: dump.length };
}
