import { createHash, createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  BacklotError,
  envelopeSchema,
  markedSchema,
  markSchema,
  messageOf,
  permitSchema,
} from '../contract/index.ts';
import { readSigned, signersOf, statementIn } from './envelope.ts';
import { keyId } from './keys.ts';
import { historyKeys, type Keyring, trustedKeys } from './retired.ts';

/** The head of an Ed25519 public key as SubjectPublicKeyInfo (RFC 8410), before its 32 bytes. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * A file that a run has left, if the run has marked these very bytes: the mark's key is the one that a permit names which a trusted key
 * signed for this job. Who can write the run's directory can write the file, but no mark.
 * @param job `text`: the bytes of the run's `job.json` as this process knows them, not as they lie there
 * @param by `history`: for who reads what was done, a permit counts that was signed by a key which was retired later as well
 * @throws BacklotError `mark-invalid`
 */
export async function readMarked(
  directory: string,
  name: string,
  job: { id: string; text: string },
  by: 'trusted' | 'history',
): Promise<Buffer> {
  const where = join(directory, name.replace(/\.json$/, '.mark.json'));
  const bytes = await readFile(join(directory, name));
  const text = await readFile(where, 'utf8').catch(() => null);
  if (text === null) throw unmarked(where, 'none');
  const { files } = markIn(text, where, job, await (by === 'history' ? historyKeys() : trustedKeys()));
  if (files[name] === sha256(bytes)) return bytes;
  throw unmarked(where, `a mark of other bytes than those of ${name}`);
}

const keylessPermitSchema = z.looseObject({ run: z.string(), job: z.string(), key: z.never().optional() });

/**
 * The key by which a run's outcome says that it is marked, where nothing here knows it: retired and lost, or stolen, or made up; null where
 * there is no such key.
 */
export async function unknownSigner(directory: string): Promise<string | null> {
  const mark = markedSchema.safeParse(await jsonAt(join(directory, 'outcome.mark.json'))).data;
  const [id] = signersOf(mark?.permit ?? (await keylessPermit(directory)));
  const isId = id !== undefined && /^[0-9a-f]{16}$/.test(id);
  return isId && !(await historyKeys()).has(id) ? id : null;
}

/** A permit of a version that gave runs no keys, whoever wrote it. */
async function keylessPermit(directory: string): Promise<unknown> {
  const permit = envelopeSchema.safeParse(await jsonAt(join(directory, 'permit.json'))).data;
  const said = permit && parsedAs(keylessPermitSchema, Buffer.from(permit.payload, 'base64').toString());
  return said ? permit : null;
}

function parsedAs<S extends z.ZodType>(schema: S, text: string): z.output<S> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const jsonAt = async (path: string): Promise<unknown> =>
  readFile(path, 'utf8')
    .then(JSON.parse)
    .catch(() => null);

/** Whether a run has a permit of a version that gave runs no keys: signed by a key that is or was trusted, for this very job. */
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

function markIn(text: string, where: string, job: { id: string; text: string }, known: Keyring) {
  try {
    const { permit, mark } = markedSchema.parse(JSON.parse(text));
    const said = statementIn(JSON.stringify(permit), 'application/vnd.backlot.permit+json', known, where);
    const { run, job: jobHash, key } = permitSchema.parse(said);
    if (run !== job.id) throw unmarked(where, `one of ${run}`);
    if (jobHash !== sha256(Buffer.from(job.text))) throw unmarked(where, 'one of another job.json');
    const own = publicKeyOf(key);
    const keys = new Map([[keyId(own), { key: own, retiredAt: null }]]);
    return markSchema.parse(
      statementIn(JSON.stringify(mark), 'application/vnd.backlot.mark+json', keys, where),
    );
  } catch (error) {
    if (error instanceof BacklotError && error.code === 'mark-invalid') throw error;
    throw unmarked(where, messageOf(error));
  }
}

const publicKeyOf = (hex: string) =>
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
