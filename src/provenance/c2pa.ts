import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initSync, WasmBuilder, WasmReader } from '@contentauth/c2pa-wasm';
import { z } from 'zod';
import { coseSign1 } from './cose.ts';
import type { Identity } from './identity.ts';

/** The one door to the C2PA library: c2pa-rs as WebAssembly, made for web workers, hence the two stand-ins below. */

/** Room for two P-256 certificates and a signature, with as much again to spare. */
const signatureBytes = 4096;

/** A Blob over bytes in memory: slices are views, where the built-in one would copy. */
class MemoryBlob extends Blob {
  readonly content: Uint8Array;
  constructor(content: Uint8Array, type: string) {
    super([], { type });
    this.content = content;
    Object.defineProperty(this, 'size', { value: content.length });
  }
  override slice(start = 0, end = this.content.length): Blob {
    return new MemoryBlob(this.content.subarray(Number(start), Number(end)), this.type);
  }
  override async arrayBuffer(): Promise<ArrayBuffer> {
    return Uint8Array.from(this.content).buffer;
  }
}

class MemoryReader {
  readAsArrayBuffer(blob: MemoryBlob): ArrayBuffer {
    return Uint8Array.from(blob.content).buffer;
  }
}

let ready = false;
function load(): void {
  if (ready) return;
  Object.assign(globalThis, { FileReaderSync: MemoryReader });
  const path = createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm');
  initSync({ module: readFileSync(path) });
  ready = true;
}

const statusSchema = z.looseObject({ code: z.string(), explanation: z.string().optional() });
const manifestSchema = z.looseObject({
  title: z.string().nullish(),
  claim_generator_info: z.array(z.looseObject({ name: z.string(), version: z.string().nullish() })).nullish(),
  signature_info: z
    .looseObject({ issuer: z.string().nullish(), common_name: z.string().nullish() })
    .nullish(),
  assertions: z.array(z.looseObject({ label: z.string(), data: z.unknown() })).default([]),
});
const storeSchema = z.looseObject({
  active_manifest: z.string().nullish(),
  manifests: z.record(z.string(), manifestSchema).default({}),
  validation_state: z.enum(['Trusted', 'Valid', 'Invalid']),
  validation_status: z.array(statusSchema).nullish(),
});

/** What the library says of a signed file: state, what failed, and the active manifest. */
export interface C2paReading {
  state: 'Trusted' | 'Valid' | 'Invalid';
  failures: { code: string; explanation: string }[];
  manifest: z.infer<typeof manifestSchema> | null;
}

/** Signs `content`; returns the file's new bytes. Nothing but the manifest's boxes and the offsets behind it changes. */
export async function embedManifest(
  content: Uint8Array,
  mime: string,
  manifest: object,
  identity: Identity,
): Promise<Uint8Array> {
  load();
  const sign = async (claim: Uint8Array) => coseSign1(claim, identity, signatureBytes);
  const signer = { alg: 'es256', reserveSize: signatureBytes, sign };
  const builder = WasmBuilder.fromJson(JSON.stringify(manifest));
  try {
    return await builder.sign(signer, [], mime, new MemoryBlob(content, mime));
  } finally {
    builder.free();
  }
}

/**
 * Reads the manifest in `content` and checks signature and hashes, offline.
 * @param anchors root certificates (PEM) that make a signer trusted; null: no signer is
 * @returns null where the file carries no manifest
 * @throws whatever the library throws on bytes that are not such a file
 */
export async function readManifest(
  content: Uint8Array,
  mime: string,
  anchors: string | null,
): Promise<C2paReading | null> {
  load();
  const offline = { remote_manifest_fetch: false, ocsp_fetch: false };
  const trust = anchors ? { trust: { user_anchors: anchors } } : {};
  const settings = { ...trust, verify: { ...offline, verify_trust: true } };
  let reader: WasmReader;
  try {
    reader = await WasmReader.fromBytes(mime, content as Uint8Array<ArrayBuffer>, JSON.stringify(settings));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    return readingOf(storeSchema.parse(JSON.parse(reader.json())));
  } finally {
    reader.free();
  }
}

const isMissing = (error: unknown) => /JumbfNotFound|no JUMBF|ManifestNotFound/i.test(String(error));

function readingOf(store: z.infer<typeof storeSchema>): C2paReading {
  const failures = (store.validation_status ?? []).map(({ code, explanation }) => ({
    code,
    explanation: explanation ?? '',
  }));
  const manifest = store.manifests[store.active_manifest ?? ''] ?? null;
  return { state: store.validation_state, failures, manifest };
}
