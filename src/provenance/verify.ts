import { resolve } from 'node:path';
import { BacklotError } from '../contract/index.ts';
import type { Db } from '../db/index.ts';
import { takesOfFiles } from '../generate/index.ts';
import { type Context, fileHash } from '../jobs/index.ts';
import { readAnchors } from './anchors.ts';
import { withdrawnOf } from './blocks.ts';
import { explain } from './explain.ts';
import { findTakes } from './find.ts';
import { ownWords } from './own-bytes.ts';
import type { Verification } from './schema.ts';
import { readSignature } from './signature.ts';
import { type Facts, signedFacts, unsignedFacts } from './signed-facts.ts';
import { factsOfUnread } from './unread.ts';

/**
 * What the signature in a file, or beside it, proves, in facts and in words. Reads those alone; nothing is fetched.
 * @param anchors root certificates (PEM) of signers to trust; null: none
 * @throws BacklotError `file-unreadable` where the bytes are not a file of the kind its name says, `format-unknown` where its kind is none in
 *   which signatures are read, and no picture can be read in it either; `no-such-file`
 */
export async function verifyFile(name: string, anchors: string | null = null): Promise<Verification> {
  const path = resolve(name);
  const { facts, sidecar, carries } = await readFacts(path, anchors);
  const unasked = { withdrawn: null, found: null };
  const verification = { file: path, sha256: await fileHash(path), sidecar, ...facts, ...unasked };
  return { ...verification, words: explain(verification, carries) };
}

interface Read {
  facts: Facts;
  sidecar: string | null;
  /** Whether a manifest can lie in a file of this kind. */
  carries: boolean;
}

async function readFacts(path: string, anchors: string | null): Promise<Read> {
  try {
    const { reading, ...where } = await readSignature(path, anchors);
    return { facts: reading ? signedFacts(reading) : unsignedFacts, ...where };
  } catch (error) {
    const facts = await factsOfUnread(path, error, anchors);
    return { facts, sidecar: null, carries: true };
  }
}

/**
 * What the signature proves, and where there is a workspace whether the take was withdrawn; of a file without a signature that holds
 * also what is known of its bytes, and what `findTakes` says of it.
 * @throws BacklotError as `verifyFile`
 */
export async function verifyOrFind(context: Context, path: string): Promise<Verification> {
  const read = await verifyFile(path, await readAnchors(context.paths.keys));
  if (!('db' in context)) return read;
  const verification = await withWithdrawals(context.db, read);
  if (/^(trusted|valid-unknown-signer)$/.test(verification.state)) return verification;
  const own = await ownWords(context.db, path, verification.sha256);
  const found = await findTakes(context, path).catch(notComparable);
  const said = 'words' in found ? found.words : [`It was not compared with the takes: ${found.message}`];
  return {
    ...verification,
    found: 'words' in found ? found : null,
    words: [...verification.words, ...own, ...said],
  };
}

/** A file is of a take by its bytes, or by what its signature names, also where that does not hold any more. */
async function withWithdrawals(db: Db, verification: Verification): Promise<Verification> {
  const { sha256, lineages, words } = verification;
  const own = (await takesOfFiles(db, [sha256])).flatMap(({ id, by }) => (by === 'bytes' ? [id] : []));
  const takes = [...new Set([...lineages.map(({ take }) => take), ...own])];
  const reached = await withdrawnOf(db, 'take', takes);
  const withdrawn = reached.map(({ id, row, at }) => ({ take: id, row, at }));
  const [verdict = '', ...rest] = words;
  const said = withdrawn.map(
    ({ take, row, at }) =>
      `WITHDRAWN: ${row}, withdrawn ${at.slice(0, 10)}, has reached take ${take}, which this is.`,
  );
  return { ...verification, withdrawn, words: [verdict, ...said, ...rest] };
}

/** A picture, a video too short or too long, or one that cannot be decoded, has no signature that holds all the same. */
function notComparable(error: unknown): BacklotError {
  if (
    error instanceof BacklotError &&
    /^(no-video|video-too-.*|ffprobe-failed|ffmpeg-failed)$/.test(error.code)
  )
    return error;
  throw error;
}
