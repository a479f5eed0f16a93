import { type Asset, BMFF, PNG } from '@trustnxt/c2pa-ts/asset';
import { SuperBox } from '@trustnxt/c2pa-ts/jumbf';
import { ManifestStore, ValidationResult } from '@trustnxt/c2pa-ts/manifest';

/**
 * Reads content credentials with c2pa-ts, which shares no code with c2pa-rs, the library that signs and reads in the
 * product. It checks hashes and signatures, not chains of certificates.
 * @param sidecar the manifest, where it does not lie in the file
 */
export async function secondReading(
  content: Buffer,
  sidecar: Buffer | null = null,
): Promise<{ valid: boolean; failures: string[] }> {
  const result = await validated(content, sidecar).catch((error) =>
    ValidationResult.fromError(error as Error),
  );
  const failures = result.statusEntries.filter(({ success }) => !success).map(({ code }) => String(code));
  return { valid: result.isValid, failures };
}

/** It takes HEIC alone for a file of boxes, though it hashes boxes of MP4 and QuickTime files as well. */
(Reflect.get(BMFF, 'canReadBrands') as Set<string>).add('isom').add('qt  ');

async function validated(content: Buffer, sidecar: Buffer | null): Promise<ValidationResult> {
  const asset = sidecar ? plain(content) : PNG.canRead(content) ? new PNG(content) : new BMFF(content);
  const manifest = sidecar ?? asset.getManifestJUMBF();
  if (!manifest) throw new Error('no manifest');
  return ManifestStore.read(SuperBox.fromBuffer(Uint8Array.from(manifest))).validate(asset);
}

/** A file whose insides are nobody's affair: it is hashed whole. */
const plain = (content: Buffer) =>
  ({
    getDataLength: () => content.length,
    getDataRange: async (start = 0, length = content.length - start) =>
      Uint8Array.from(content.subarray(start, start + length)),
  }) as Asset;
