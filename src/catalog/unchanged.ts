import { stat } from 'node:fs/promises';
import { BacklotError, messageOf } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { filmHash, sequenceAt } from '../media/index.ts';
import type { CatalogFile } from './schema.ts';
import { addedAt } from './store.ts';

/** What the file system says of a film: while it stays, so do its bytes. */
export interface Standing {
  bytes: number;
  /** When it noted the last change: no program sets that time, as copying does the time of writing. */
  changedMs: number;
}

/**
 * Refuses to work on a film in whose place something else lies by now. Its bytes are read only where they may be others: where their
 * number differs, or the file system noted a change after the film was added (ADR 0187).
 * @param before how it stood when it was last looked at, and was the one that was catalogued
 * @throws BacklotError `master-changed`, `master-missing`; the signal's reason
 */
export async function mustBeAsCatalogued(
  { db, signal }: Pick<Context, 'db' | 'signal'>,
  { id, path, bytes, sha256 }: CatalogFile,
  before?: Standing,
): Promise<Standing> {
  const since = await addedAt(db, id);
  const now = await standing(path).catch((error) => {
    throw masterMissing(path, error);
  });
  const untilMs = Math.max(since?.getTime() ?? 0, before?.changedMs ?? 0);
  if (now.bytes !== bytes || now.changedMs > untilMs) await assertUnchanged(path, sha256, signal);
  return now;
}

async function standing(path: string): Promise<Standing> {
  const files = (await sequenceAt(path))?.files ?? [path];
  const facts = await Promise.all(files.map((file) => stat(file)));
  return {
    bytes: facts.reduce((sum, { size }) => sum + size, 0),
    changedMs: facts.reduce((latest, { ctimeMs }) => Math.max(latest, ctimeMs), 0),
  };
}

/** @throws BacklotError `master-changed`, `master-missing`; the signal's reason */
export async function assertUnchanged(path: string, expected: string, signal?: AbortSignal): Promise<void> {
  const found = await filmHash(path, signal).catch((error) => {
    signal?.throwIfAborted();
    throw masterMissing(path, error);
  });
  if (found === expected) return;
  throw new BacklotError('master-changed', {
    expected: `sha256 ${expected}, as catalogued`,
    where: path,
    found: `sha256 ${found}`,
    remedy: 'Bring the original back, or add the file to the catalogue again.',
  });
}

function masterMissing(path: string, cause: unknown): BacklotError {
  const facts = {
    expected: 'a master that can be read',
    where: path,
    found: messageOf(cause),
    remedy: 'Mount the disk it lies on, or add the file to the catalogue from where it lies now.',
  };
  return new BacklotError('master-missing', facts, cause);
}
