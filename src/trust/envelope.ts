import { type KeyObject, sign, verify } from 'node:crypto';
import {
  BacklotError,
  type Envelope,
  envelopeSchema,
  messageOf,
  type PayloadType,
} from '../contract/index.ts';
import { keyId, publicKeyAt, type SigningKey, signingKey, trustedKeys } from './keys.ts';

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

/**
 * The statement inside an envelope, if one of the trusted keys signed it as this type.
 * @param where the file that the text was read from, for the error
 * @throws BacklotError `signature-invalid`
 */
export function statementIn(
  text: string,
  payloadType: PayloadType,
  trusted: ReadonlyMap<string, KeyObject>,
  where: string,
): unknown {
  const envelope = parsed(text, where);
  const payload = Buffer.from(envelope.payload, 'base64');
  const message = signedBytes(payloadType, payload);
  const isGood = ({ keyid, sig }: Envelope['signatures'][number]) => {
    const key = trusted.get(keyid);
    return key !== undefined && verify(null, message, key, Buffer.from(sig, 'base64'));
  };
  if (envelope.payloadType === payloadType && envelope.signatures.some(isGood))
    return JSON.parse(payload.toString());
  throw invalid(where, `a signed ${payloadType}`, describe(envelope, trusted));
}

/** As `statementIn`, with the keys that this person trusts. @throws BacklotError `signature-invalid` */
export const readSigned = async (text: string, payloadType: PayloadType, where: string): Promise<unknown> =>
  statementIn(text, payloadType, await trustedKeys(), where);

/**
 * As `statementIn`, with the one key in a PEM file: for who has the studio's public key and nothing else.
 * @throws BacklotError `signature-invalid`, `key-unreadable`
 */
export async function readSignedBy(
  keyPath: string,
  text: string,
  payloadType: PayloadType,
  where: string,
): Promise<{ statement: unknown; key: string }> {
  const key = await publicKeyAt(keyPath);
  const id = keyId(key);
  return { statement: statementIn(text, payloadType, new Map([[id, key]]), where), key: id };
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
    throw invalid(where, 'an envelope with a signature', messageOf(error));
  }
}

function describe({ payloadType, signatures }: Envelope, trusted: ReadonlyMap<string, KeyObject>): string {
  const keys = signatures.map(({ keyid }) => keyid);
  if (!keys.some((id) => trusted.has(id))) return `signatures of unknown keys (${keys.join(', ')})`;
  return `a signature that does not hold (type ${payloadType})`;
}

const invalid = (where: string, expected: string, found: string) =>
  new BacklotError('signature-invalid', {
    expected: `${expected} by a key that is trusted here`,
    where,
    found,
    remedy:
      'Make the file again here; if another machine signed it, put its public key into the trusted folder.',
  });
