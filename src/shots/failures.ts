import type { CatalogFile } from '../catalog/index.ts';
import { BacklotError } from '../contract/index.ts';
import type { Db } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { filmHash } from '../media/index.ts';
import { dropFailure, failureOf, recordFailure } from './store.ts';
import type { Failed } from './tried.ts';

/** What the file's content decides: the same bytes would fail again. */
const ofContent = [
  ...['master-changed', 'ffprobe-failed', 'ffmpeg-failed', 'no-video', 'frame-torn', 'frames-differ'],
];
/** An ffmpeg that something else ended: what it would have said is not known. */
const killed = /exit status SIG/;

/** Why a film failed before, where the same bytes still lie there; null where it is to be tried. */
export async function failedBefore({ db }: Pick<Context, 'db'>, file: CatalogFile): Promise<Failed | null> {
  const row = await failureOf(db, file.id);
  if (!row || (await hashOf(file.path)) !== row.sha256) return null;
  const since = `so it was on ${row.failedAt.toISOString().slice(0, 10)}, and it has not changed`;
  const reason = `${row.reason} (${since}: shots detect --again tries it)`;
  return { id: file.id, file: file.path, code: row.code, reason };
}

/** Keeps why a film failed, with the hash of its bytes, or that it no longer does. */
export async function keepOutcome(db: Db, file: CatalogFile, error: unknown): Promise<void> {
  await dropFailure(db, file.id);
  if (!(error instanceof BacklotError) || !ofContent.includes(error.code) || killed.test(error.message))
    return;
  const sha256 = await hashOf(file.path);
  if (sha256 === null) return;
  const reason = error.message.replaceAll(/\p{Cc}+/gu, ' ');
  await recordFailure(db, { fileId: file.id, sha256, code: error.code, reason });
}

/** Null where nothing lies there that can be read. */
const hashOf = (path: string): Promise<string | null> => filmHash(path).catch(() => null);
