import { sign, verify } from 'node:crypto';
import {
  BacklotError,
  type Envelope,
  envelopeSchema,
  messageOf,
  type PayloadType,
} from '../contract/index.ts';
import { keyId, publicKeyAt, type SigningKey, signingKey } from './keys.ts';
import { bringBack, historyKeys, type Keyring } from './retired.ts';

/** DSSE envelopes with Ed25519: the type is signed along, so that a permit can never pass as a seal. */

export function envelopeOf(payloadType: PayloadType, statement: object, { id, key }: SigningKey): Envelope {
  const payload = Buffer.from(JSON.stringify(statement));
  const sig = sign(null, signedBytes(payloadType, payload), key).toString('base64');
  return { payloadType, payload: payload.toString('base64'), signatures: [{ keyid: id, sig }] };
}

/** A statement signed with this person's key, as the text of a file. */
export async function signed(payloadType: PayloadType, statement: object): Promise<string> {
  return `${JSON.stringify(envelopeOf(payloadType, statement, await signingKey()), null, 1)}\n`;
}

/** A statement with the key that signed it; `retiredAt`: since when that key is out of use, null where it is not. */
export interface SignedBy {
  statement: unknown;
  key: string;
  retiredAt: string | null;
}

/**
 * The statement inside an envelope, if one of the keys signed it as this type, and while it was in force.
 * @param where the file that the text was read from, for the error
 * @param remedy what to do where none of them has
 * @throws BacklotError `signature-invalid`
 */
export function openedBy(
  keys: Keyring,
  text: string,
  payloadType: PayloadType,
  where: string,
  remedy?: string,
): SignedBy {
  const envelope = parsed(text, where);
  const payload = Buffer.from(envelope.payload, 'base64');
  const message = signedBytes(payloadType, payload);
  const isGood = ({ keyid, sig }: Envelope['signatures'][number]) => {
    const known = keys.get(keyid);
    return known !== undefined && verify(null, message, known.key, Buffer.from(sig, 'base64'));
  };
  const good = envelope.payloadType === payloadType ? envelope.signatures.find(isGood) : undefined;
  const refuse = (found: string) =>
    invalid(where, `a signed ${payloadType}`, found, remedy ?? remedyFor(envelope, keys));
  if (!good) throw refuse(describe(envelope, keys));
  const statement = JSON.parse(payload.toString());
  const retiredAt = keys.get(good.keyid)?.retiredAt ?? null;
  if (isLater(statement, payloadType, retiredAt))
    throw refuse(`a signature of key ${good.keyid} from after ${retiredAt}, when it went out of use`);
  return { statement, key: good.keyid, retiredAt };
}

/** The statement alone, as `openedBy`. @throws BacklotError `signature-invalid` */
export const statementIn = (
  text: string,
  payloadType: PayloadType,
  keys: Keyring,
  where: string,
  remedy?: string,
): unknown => openedBy(keys, text, payloadType, where, remedy).statement;

/** As `readSignedBy`, of whom is not asked. @throws BacklotError `signature-invalid`, `key-unreadable` */
export const readSigned = async (text: string, payloadType: PayloadType, where: string): Promise<unknown> =>
  (await readSignedBy(undefined, text, payloadType, where)).statement;

/**
 * What was signed, for who reads what was done: by a key that is trusted here, or was until it was retired. Nothing that lets a model train
 * is read by this.
 * @param keyPath PEM file of the one key that is believed instead: for who has the studio's public key and nothing else
 * @throws BacklotError `signature-invalid`, `key-unreadable`
 */
export async function readSignedBy(
  keyPath: string | undefined,
  text: string,
  payloadType: PayloadType,
  where: string,
): Promise<SignedBy> {
  if (keyPath === undefined) return openedBy(await historyKeys(), text, payloadType, where);
  const key = await publicKeyAt(keyPath);
  const keys = new Map([[keyId(key), { key, retiredAt: null }]]);
  return openedBy(
    keys,
    text,
    payloadType,
    where,
    `Ask who signed it for their public key: ${keyPath} is another, or the file was changed.`,
  );
}

/** The keys that an envelope says it is signed by; none where it is no envelope. Anybody can write that. */
export const signersOf = (envelope: unknown): string[] =>
  envelopeSchema.safeParse(envelope).data?.signatures.map(({ keyid }) => keyid) ?? [];

/** Where a statement says when it was signed. Others do not say it. */
const DATES: Partial<Record<PayloadType, string>> = {
  'application/vnd.backlot.permit+json': 'issuedAt',
  'application/vnd.backlot.audit-head+json': 'at',
  'application/vnd.backlot.declaration+json': 'deliveredAt',
  'application/vnd.backlot.deletion+json': 'deletedAt',
};

/** Whether a key had gone out of use when it signed; a statement that should say when and does not is taken for later. */
function isLater(statement: object, payloadType: PayloadType, retiredAt: string | null): boolean {
  const field = DATES[payloadType];
  if (retiredAt === null || field === undefined) return false;
  const at = Date.parse(String(new Map(Object.entries(statement)).get(field)));
  return !(at <= Date.parse(retiredAt));
}

/** DSSE's pre-authentication encoding. */
function signedBytes(payloadType: PayloadType, payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

function parsed(text: string, where: string): Envelope {
  try {
    return envelopeSchema.parse(JSON.parse(text));
  } catch (error) {
    throw invalid(where, 'an envelope with a signature', messageOf(error), copyAgain);
  }
}

function describe({ payloadType, signatures }: Envelope, keys: Keyring): string {
  const ids = signatures.map(({ keyid }) => keyid);
  if (!ids.some((id) => keys.has(id))) return `signatures of unknown keys (${ids.join(', ')})`;
  return `a signature that does not hold (type ${payloadType})`;
}

const copyAgain = 'It was changed after it was signed: copy it again from where it was kept.';

function remedyFor({ signatures }: Envelope, keys: Keyring): string {
  const [id] = signatures.map(({ keyid }) => keyid);
  return id === undefined || keys.has(id) ? copyAgain : bringBack(id);
}

const invalid = (where: string, expected: string, found: string, remedy: string) =>
  new BacklotError('signature-invalid', {
    expected: `${expected} by a key that is believed here`,
    where,
    found,
    remedy,
  });
