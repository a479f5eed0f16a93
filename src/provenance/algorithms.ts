import { constants, sign, verify, X509Certificate } from 'node:crypto';
import { BacklotError } from '../contract/index.ts';

/** The signatures that C2PA allows and that certificates of the four usual kinds of key make. */
interface Algorithm {
  /** Number in COSE (RFC 9053), as CBOR. */
  cose: readonly number[];
  hash: string | null;
  /** Bytes of each half of an elliptic signature. */
  half: number;
}

export type AlgorithmName = 'es256' | 'es384' | 'ps256' | 'ed25519';

export const algorithms: Record<AlgorithmName, Algorithm> = {
  es256: { cose: [0x26], hash: 'sha256', half: 32 },
  es384: { cose: [0x38, 0x22], hash: 'sha384', half: 48 },
  ps256: { cose: [0x38, 0x24], hash: 'sha256', half: 0 },
  ed25519: { cose: [0x27], hash: null, half: 0 },
};

/** The algorithm of a certificate's key. @throws BacklotError `signing-settings` where C2PA has none for it */
export function algorithmOf(certificate: string): AlgorithmName {
  const { asymmetricKeyType: type = '', asymmetricKeyDetails } = new X509Certificate(certificate).publicKey;
  const kind = type === 'ec' ? (asymmetricKeyDetails?.namedCurve ?? '') : type;
  const name = ({ prime256v1: 'es256', secp384r1: 'es384', rsa: 'ps256', ed25519: 'ed25519' } as const)[kind];
  if (name) return name;
  throw new BacklotError('signing-settings', {
    expected: 'a certificate of a P-256, P-384, RSA or Ed25519 key',
    where: "the signer's certificate",
    found: kind || 'a key of unknown kind',
    remedy: 'Ask who issues your certificates for one of these kinds.',
  });
}

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
const optionsOf = (name: AlgorithmName) => (name === 'ps256' ? pss : { dsaEncoding: 'ieee-p1363' as const });

/** Signs `content` with a private key (PEM), in the form that COSE keeps. */
export const signWith = (name: AlgorithmName, key: string, content: Uint8Array): Buffer =>
  sign(algorithms[name].hash, content, { key, ...optionsOf(name) });

/** Whether `signature`, in COSE's form, is one of `content` by the certificate's key. */
export const isSignedBy = (
  name: AlgorithmName,
  certificate: string,
  content: Uint8Array,
  signature: Uint8Array,
): boolean =>
  verify(
    algorithms[name].hash,
    content,
    { key: new X509Certificate(certificate).publicKey, ...optionsOf(name) },
    signature,
  );

/**
 * An elliptic signature as COSE keeps it: two numbers of fixed length. OpenSSL and key services write them as DER
 * (SEQUENCE of two INTEGERs, RFC 3279); what is not that stays as it is.
 */
export function plainSignature(name: AlgorithmName, signature: Buffer): Buffer {
  const { half } = algorithms[name];
  if (half === 0 || signature.length === 2 * half || signature[0] !== 0x30) return signature;
  const firstLength = signature[3] ?? 0;
  const first = signature.subarray(4, 4 + firstLength);
  const second = signature.subarray(6 + firstLength);
  return Buffer.concat([first, second].map((number) => fixed(number, half)));
}

/** The last `length` bytes, zeros in front where there are fewer. */
const fixed = (number: Buffer, length: number): Buffer =>
  Buffer.concat([Buffer.alloc(Math.max(0, length - number.length)), number.subarray(-length)]);
