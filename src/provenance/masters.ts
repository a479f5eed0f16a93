import { z } from 'zod';
import { converse } from '../jobs/index.ts';
import { type C2paReading, readingOf } from './reading.ts';
import type { Signer } from './signer.ts';

/** c2pa-rs in a process of its own (ADR 0048): streams files of any size, and writes and reads sidecars. */

const module = 'backlot_credentials';

export interface MasterToSign {
  source: string;
  mime: string;
  /** A copy of the source: with the manifest in it, or unchanged where there is a sidecar. */
  target: string;
  /** Where the manifest goes instead. */
  sidecar: string | null;
  manifest: object;
  /** The signed files that the source was made of. */
  parents: { path: string; mime: string; ingredient: object }[];
}

const signedSchema = z.strictObject({ sha256: z.string(), sidecar: z.string().nullable() });

/**
 * Signs a copy. The process asks for the signature: keys stay here.
 * @returns the sha256 of the copy, and of its sidecar, as they were written
 * @throws BacklotError `module-refused`, what signing throws
 */
export async function signMaster(
  master: MasterToSign,
  signer: Signer,
): Promise<z.infer<typeof signedSchema>> {
  const { algorithm, certificates } = signer;
  const request = { do: 'sign', ...master, algorithm, certificates: certificates.join('\n') };
  const made = await converse(module, request, async ({ sign }) => {
    const signature = await signer.sign(Buffer.from(String(sign), 'base64'));
    return { signature: signature.toString('base64') };
  });
  return signedSchema.parse(made);
}

/**
 * Reads the manifest in a file, or beside it, and checks signature and hashes, offline.
 * @param anchors root certificates (PEM) that make a signer trusted; null: no signer is
 * @returns null where there is no manifest
 * @throws BacklotError `module-refused` where the bytes are not such a file
 */
export async function readMaster(
  file: { path: string; mime: string; sidecar: string | null },
  anchors: string | null,
): Promise<C2paReading | null> {
  const { path, mime, sidecar } = file;
  const request = { do: 'read', file: path, mime, sidecar, anchors };
  return readingOf(await converse(module, request, async () => ({})));
}
