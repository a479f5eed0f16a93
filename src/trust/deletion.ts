import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import {
  BacklotError,
  type Deletion,
  deletionSchema,
  type Removed,
  removalsSchema,
} from '../contract/index.ts';
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
  const facts = { version: 1, ...merged(await earlierAt(path, deletionSchema), removed) };
  await write(path, deletionSchema.parse({ ...facts, deletedAt: new Date().toISOString() }));
}

/**
 * What a folder's `deletion.json` says was removed, when and for which withdrawal; null where there is none.
 * @throws BacklotError `signature-invalid`
 */
export async function readDeletion(folder: string): Promise<(Deletion & { file: string }) | null> {
  const file = join(folder, 'deletion.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : { ...deletionSchema.parse(await readSigned(text, TYPE, file)), file };
}

/**
 * Writes the signed record of what a withdrawal is about to remove, with what an earlier one says: a file or rows that both have stand in it
 * once.
 */
export async function recordRemovals(
  path: string,
  withdrawal: string,
  removed: readonly Removed[],
): Promise<void> {
  const earlier = await earlierAt(path, removalsSchema);
  const all = [...(earlier?.removed ?? []), ...removed];
  const byName = Map.groupBy(all, ({ what, name, sha256 }) => `${what} ${name} ${sha256}`);
  const facts = { version: 1, withdrawal, removed: [...byName.values()].flatMap(([first]) => first ?? []) };
  await mkdir(dirname(path), { recursive: true });
  await write(path, removalsSchema.parse({ ...facts, deletedAt: new Date().toISOString() }));
}

async function write(path: string, statement: object): Promise<void> {
  await writeFile(`${path}.tmp`, await signed(TYPE, statement));
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

async function earlierAt<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S> | null> {
  const text = await readFile(path, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return schema.parse(await readSigned(text, TYPE, path));
  } catch (error) {
    if (!(error instanceof BacklotError && error.code === 'signature-invalid')) throw error;
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
    await rename(path, path.replace(/\.json$/, `-${hash}.json`));
    return null;
  }
}
