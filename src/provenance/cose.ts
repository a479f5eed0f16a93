import { algorithms } from './algorithms.ts';
import type { Signer } from './signer.ts';

/**
 * COSE_Sign1 (RFC 9052) with the certificates in the protected header (RFC 9360), as C2PA 2.1 asks, in the little
 * CBOR (RFC 8949) that this takes.
 */

const algorithm = 0x01;
const x5chain = 33;

/** CBOR head of a major type with its argument below 2^32. */
function head(major: number, argument: number): Buffer {
  if (argument < 24) return Buffer.from([(major << 5) | argument]);
  if (argument < 256) return Buffer.from([(major << 5) | 24, argument]);
  if (argument < 65536) return Buffer.from([(major << 5) | 25, argument >> 8, argument & 255]);
  const wide = Buffer.alloc(5);
  wide[0] = (major << 5) | 26;
  wide.writeUInt32BE(argument, 1);
  return wide;
}

const bytes = (content: Uint8Array) => Buffer.concat([head(2, content.length), content]);
const text = (content: string) => Buffer.concat([head(3, Buffer.byteLength(content)), Buffer.from(content)]);
const der = (pem: string) => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');

/** Beside certificates: header, signature (RSA-4096: 512 bytes) and room to spare. */
const besideCertificates = 2048;

/** Bytes that a message of this signer fits into. */
export const coseBytes = ({ certificates }: Signer): number =>
  certificates.reduce((sum, pem) => sum + der(pem).length, besideCertificates);

/** Signs `claim` (CBOR of a C2PA claim, detached). Returns exactly `size` bytes: the C2PA store leaves that room. */
export async function coseSign1(
  claim: Uint8Array,
  signer: Signer,
  size: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { certificates } = signer;
  const chain = [head(0, x5chain), head(4, certificates.length), ...certificates.map(der).map(bytes)];
  const named = Buffer.from([algorithm, ...algorithms[signer.algorithm].cose]);
  const header = Buffer.concat([head(5, 2), named, ...chain]);
  const signed = Buffer.concat([
    head(4, 4),
    text('Signature1'),
    bytes(header),
    bytes(Buffer.alloc(0)),
    bytes(claim),
  ]);
  const signature = await signer.sign(signed);
  return padded((pad) => message(header, signature, pad), size);
}

function message(header: Buffer, signature: Buffer, pad: number): Buffer {
  const unprotected = [head(5, 1), text('pad'), bytes(Buffer.alloc(pad))];
  return Buffer.concat([
    Buffer.from([0xd2, 0x84]),
    bytes(header),
    ...unprotected,
    head(7, 22),
    bytes(signature),
  ]);
}

/** The message whose pad brings it to `size` bytes; the pad's own head grows with it, hence the search downwards. */
function padded(build: (pad: number) => Buffer, size: number): Uint8Array<ArrayBuffer> {
  let pad = size - build(0).length;
  while (pad > 0 && build(pad).length > size) pad--;
  const whole = build(Math.max(pad, 0));
  if (whole.length !== size) throw new RangeError(`COSE message of ${whole.length} bytes, room for ${size}`);
  return Uint8Array.from(whole);
}
