import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initSync, WasmBuilder, WasmReader } from '@contentauth/c2pa-wasm';
import { coseBytes, coseSign1 } from './cose.ts';
import { type C2paReading, readingOf } from './reading.ts';
import type { Signer } from './signer.ts';

/**
 * The C2PA library for what fits into memory: c2pa-rs as WebAssembly, made for web workers, hence the two stand-ins
 * below. Files of any size and sidecars are for `masters.ts`.
 */

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

/** Signs `content`; returns the file's new bytes. Nothing but the manifest's boxes and the offsets behind it changes. */
export async function embedManifest(
  content: Uint8Array,
  mime: string,
  manifest: object,
  signer: Signer,
): Promise<Uint8Array> {
  load();
  const reserveSize = coseBytes(signer);
  const sign = (claim: Uint8Array) => coseSign1(claim, signer, reserveSize);
  const builder = WasmBuilder.fromJson(JSON.stringify(manifest));
  try {
    return await builder.sign(
      { alg: signer.algorithm, reserveSize, sign },
      [],
      mime,
      new MemoryBlob(content, mime),
    );
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
    return readingOf(JSON.parse(reader.json()));
  } finally {
    reader.free();
  }
}

const isMissing = (error: unknown) => /JumbfNotFound|no JUMBF|ManifestNotFound/i.test(String(error));
