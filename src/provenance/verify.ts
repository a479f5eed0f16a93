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
import { type Facts, signedFacts, takesNamedIn, unsignedFacts, withUnhashed } from './signed-facts.ts';
import { allAsSigned, unhashedIn } from './unhashed.ts';
import { factsOfUnread } from './unread.ts';

/**
 * What the signature in a file, or beside it, proves, in facts and in words. Reads those alone; nothing is fetched.
 * @param anchors root certificates (PEM) of signers to trust; null: none
 * @throws BacklotError `file-unreadable` where the bytes are not a file of the kind its name says, `format-unknown` where its kind is none in
 *   which signatures are read, and no picture can be read in it either; `no-such-file`
 */
export async function verifyFile(name: string, anchors: string | null = null): Promise<Verification> {
  const path = resolve(name);
  return explained(path, await readFacts(path, anchors), await fileHash(path));
}

function explained(
  file: string,
  { facts, sidecar, carries }: Omit<Read, 'named'>,
  sha256: string,
): Verification {
  const verification = { file, sha256, sidecar, ...facts, withdrawn: null, found: null };
  return { ...verification, words: explain(verification, carries) };
}

interface Read {
  facts: Facts;
  /** The takes that its manifests name, also those of what it was made from. */
  named: string[];
  sidecar: string | null;
  /** Whether a manifest can lie in a file of this kind. */
  carries: boolean;
}

async function readFacts(path: string, anchors: string | null): Promise<Read> {
  try {
    const { reading, boxed, ...where } = await readSignature(path, anchors);
    if (!reading) return { facts: unsignedFacts, named: [], ...where };
    const [facts, named] = [signedFacts(reading), takesNamedIn(reading)];
    if (!boxed || where.sidecar || reading.state === 'Invalid') return { facts, named, ...where };
    return { facts: withUnhashed(facts, await unhashedIn(path, reading)), named, ...where };
  } catch (error) {
    const facts = await factsOfUnread(path, error, anchors);
    return { facts, named: [], sidecar: null, carries: true };
  }
}

/**
 * What the signature proves, and where there is a workspace whether the take was withdrawn; of a file without a signature that holds
 * also what is known of its bytes, and what `findTakes` says of it.
 * @throws BacklotError as `verifyFile`
 */
export async function verifyOrFind(context: Context, path: string): Promise<Verification> {
  const anchors = await readAnchors(context.paths.keys);
  if (!('db' in context)) return verifyFile(path, anchors);
  const read = await readFacts(resolve(path), anchors);
  const known = await verifyKnown(context.db, resolve(path), read);
  const verification = await withWithdrawals(context.db, known, read.named);
  if (holds(verification)) return verification;
  const own = await ownWords(context.db, path, verification.sha256);
  const found = await findTakes(context, path).catch(notComparable);
  const said = 'words' in found ? found.words : [`It was not compared with the takes: ${found.message}`];
  return {
    ...verification,
    found: 'words' in found ? found : null,
    words: [...verification.words, ...own, ...said],
  };
}

const holds = ({ state }: Facts): boolean => state === 'trusted' || state === 'valid-unknown-signer';

/** Of bytes that were signed here it is known that they are all as they were, whatever their signature states. */
async function verifyKnown(db: Db, path: string, { facts, ...read }: Read): Promise<Verification> {
  const sha256 = await fileHash(path);
  if (!holds(facts) || !(await isOwn(db, sha256))) return explained(path, { facts, ...read }, sha256);
  const known = withUnhashed(facts, allAsSigned(facts.unhashed));
  const { words, ...said } = explained(path, { facts: known, ...read }, sha256);
  const [verdict = '', ...rest] = words;
  return { ...said, words: [verdict, 'It is byte for byte a file that was signed here.', ...rest] };
}

const isOwn = async (db: Db, sha256: string): Promise<boolean> =>
  (await takesOfFiles(db, [sha256])).some(({ by }) => by === 'bytes');

/**
 * A file is of a take by its bytes, or by what its signature names, also where that does not hold any more. What other programs have signed names
 * the takes that it was made from in the manifests of these alone.
 */
async function withWithdrawals(
  db: Db,
  verification: Verification,
  named: readonly string[],
): Promise<Verification> {
  const { sha256, lineages, words } = verification;
  const own = (await takesOfFiles(db, [sha256])).flatMap(({ id, by }) => (by === 'bytes' ? [id] : []));
  const takes = new Set([...lineages.map(({ take }) => take), ...own]);
  const reached = await withdrawnOf(db, 'take', [...new Set([...takes, ...named])]);
  const withdrawn = reached.map(({ id, row, at }) => ({ take: id, row, at }));
  const [verdict = '', ...rest] = words;
  const said = withdrawn.map(
    ({ take, row, at }) =>
      `WITHDRAWN: ${row}, withdrawn ${at.slice(0, 10)}, has reached take ${take}, which this ${takes.has(take) ? 'is' : 'was made from, says who signed it'}.`,
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
