import { dirname } from 'node:path';
import { nameDiskFull } from '../contract/index.ts';
import type { Db } from '../db/index.ts';
import { writeNew } from './new-file.ts';

/**
 * Writes the database as it is at one moment, between two statements, as one new file: a compressed tar of its folder.
 * Like after a power cut, what a transaction had not finished is not in it.
 * @throws BacklotError `file-exists`, `file-unwritable`, `disk-full`
 */
export async function backup(db: Db, file: string): Promise<{ file: string; bytes: number }> {
  const dump = Buffer.from(await (await db.$client.dumpDataDir('gzip')).arrayBuffer());
  try {
    await writeNew(file, dump);
  } catch (error) {
    throw nameDiskFull(error, dirname(file));
  }
  return { file, bytes: dump.length };
}
