import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BacklotError, markedSchema, markSchema, messageOf, permitSchema } from '../contract/index.ts';
import { readSigned, statementIn } from './envelope.ts';
import { keyId, trustedKeys } from './keys.ts';

/** The head of an Ed25519 public key as SubjectPublicKeyInfo (RFC 8410), before its 32 bytes. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * A file that a run has left, if the run has marked these very bytes: the mark's key is the one that a permit names which a trusted key
 * signed for this job. Who can write the run's directory can write the file, but no mark.
 * @param jobText the bytes of the run's `job.json` as this process knows them, not as they lie there
 * @throws BacklotError `mark-invalid`
 */
export async function readMarked(
  directory: string,
  name: string,
  job: { id: string; text: string },
): Promise<Buffer> {
  const where = join(directory, name.replace(/\.json$/, '.mark.json'));
  const bytes = await readFile(join(directory, name));
  const text = await readFile(where, 'utf8').catch(() => null);
  if (text === null) throw unmarked(where, 'none');
  const { files } = markIn(text, where, job, await trustedKeys());
  if (files[name] === sha256(bytes)) return bytes;
  throw unmarked(where, `a mark of other bytes than those of ${name}`);
}

const keylessPermitSchema = z.looseObject({ run: z.string(), job: z.string(), key: z.never().optional() });

/** Whether a run has a permit of a version that gave runs no keys: signed by a trusted key, for this very job. */
export async function hasKeylessPermit(
  directory: string,
  job: { id: string; text: string },
): Promise<boolean> {
  const where = join(directory, 'permit.json');
  const text = await readFile(where, 'utf8').catch(() => '');
  const said = await readSigned(text, 'application/vnd.backlot.permit+json', where).catch(() => null);
  const permit = keylessPermitSchema.safeParse(said).data;
  return permit?.run === job.id && permit.job === sha256(Buffer.from(job.text));
}

function markIn(
  text: string,
  where: string,
  job: { id: string; text: string },
  trusted: ReadonlyMap<string, KeyObject>,
) {
  try {
    const { permit, mark } = markedSchema.parse(JSON.parse(text));
    const said = statementIn(JSON.stringify(permit), 'application/vnd.backlot.permit+json', trusted, where);
    const { run, job: jobHash, key } = permitSchema.parse(said);
    if (run !== job.id) throw unmarked(where, `one of ${run}`);
    if (jobHash !== sha256(Buffer.from(job.text))) throw unmarked(where, 'one of another job.json');
    const own = publicKeyOf(key);
    const keys = new Map([[keyId(own), own]]);
    return markSchema.parse(
      statementIn(JSON.stringify(mark), 'application/vnd.backlot.mark+json', keys, where),
    );
  } catch (error) {
    if (error instanceof BacklotError && error.code === 'mark-invalid') throw error;
    throw unmarked(where, messageOf(error));
  }
}

const publicKeyOf = (hex: string): KeyObject =>
  createPublicKey({
    key: Buffer.concat([SPKI_HEAD, Buffer.from(hex, 'hex')]),
    format: 'der',
    type: 'spki',
  });

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const unmarked = (where: string, found: string): BacklotError =>
  new BacklotError('mark-invalid', {
    expected: 'the mark of the run, made with the key that its permit names',
    where,
    found,
    remedy: 'What the run did not mark is not used. Move its folder away and run the command again.',
  });
