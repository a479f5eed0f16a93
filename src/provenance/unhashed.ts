import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import { BacklotError } from '../contract/index.ts';
import { outermostBoxes } from '../media/index.ts';
import type { C2paReading } from './reading.ts';
import type { Verification } from './schema.ts';

/**
 * Boxes at the top of an MP4 or QuickTime file that C2PA leaves out of its hash (ADR 0175): anything may be put into them, or behind the file
 * as one of them, and its signature still holds. So what Backlot signs states which there were.
 */

export const unhashedLabel = 'backlot.unhashed';

/** The kinds that are boxes. */
export const isBoxed = (mime: string): boolean => /^video\/(mp4|x-m4v|quicktime)$/.test(mime);

const statedSchema = z.strictObject({
  box: z.string(),
  bytes: z.int().min(8),
  sha256: z.string().nullable(),
});
const assertionSchema = z.strictObject({ boxes: z.array(statedSchema) });

/** A box as the signature states it; the sha256 is null where the signer writes its content anew. */
export type StatedBox = z.infer<typeof statedSchema>;
type Found = StatedBox & { offset: number };

const UNHASHED = /^(ftyp|free|skip|mfra)$/;
/** Its offsets of what lies behind the manifest are moved when that is put in. */
const REWRITTEN = 'mfra';
/** The extended type of the box that holds a manifest. */
const MANIFEST = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex');
const HEADER = 8;

/** What the signature of a file is to state, before there is a manifest in it. */
export async function boxesToState(path: string): Promise<StatedBox[]> {
  return (await unhashedBoxes(path)).map(({ offset: _, ...box }) => box);
}

/** All but the manifest itself, which is signed. */
async function unhashedBoxes(path: string): Promise<Found[]> {
  const file = await open(path, 'r');
  try {
    const found: Found[] = [];
    let manifests = 0;
    for await (const { type: box, at: offset, length: bytes } of outermostBoxes(file)) {
      const manifest = box === 'uuid' && (await isManifest(file, offset));
      if (!UNHASHED.test(box) && !(manifest && manifests++ > 0)) continue;
      const sha256 = box === REWRITTEN ? null : await hashOf(file, offset, bytes);
      found.push({ box, bytes, sha256, offset });
    }
    return found;
  } finally {
    await file.close();
  }
}

async function isManifest(file: FileHandle, at: number): Promise<boolean> {
  const { buffer } = await file.read(Buffer.alloc(MANIFEST.length), 0, MANIFEST.length, at + HEADER);
  return buffer.equals(MANIFEST);
}

async function hashOf(file: FileHandle, at: number, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  const range = { start: at, end: at + bytes - 1, autoClose: false };
  for await (const chunk of file.createReadStream(range)) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * What lies outside of what a file's signature covers, beside what the signature says of it.
 * @param manifest the file's own; of one that does not state it nobody knows what there was
 */
export async function unhashedIn(
  path: string,
  { manifests }: C2paReading,
): Promise<Verification['unhashed']> {
  return compared(await unhashedBoxes(path), statedIn(manifests[0]));
}

function statedIn(manifest: C2paReading['manifests'][number] | undefined): StatedBox[] | null {
  const assertion = manifest?.assertions.find(({ label }) => label === unhashedLabel);
  return assertionSchema.safeParse(assertion?.data).data?.boxes ?? null;
}

/** @param stated null: nothing is */
export function compared(found: readonly Found[], stated: readonly StatedBox[] | null) {
  const left = [...(stated ?? [])];
  const boxes = found.map((one) => {
    const place = left.findIndex((other) => isSame(one, other));
    if (place >= 0) left.splice(place, 1);
    return { box: one.box, offset: one.offset, bytes: one.bytes, asSigned: stated && place >= 0 };
  });
  return { boxes, gone: left.map(({ box, bytes }) => ({ box, bytes })) };
}

const isSame = (a: StatedBox, b: StatedBox): boolean =>
  a.box === b.box && a.bytes === b.bytes && (a.sha256 === b.sha256 || b.sha256 === null);

/** Whether something is there that was not, or is not any more; false also where nobody knows. */
export const isChanged = (unhashed: Verification['unhashed']): boolean =>
  unhashed !== null &&
  (unhashed.gone.length > 0 || unhashed.boxes.some(({ asSigned }) => asSigned === false));

/** What is known of a file that is byte for byte the one that was signed. */
export const allAsSigned = (unhashed: Verification['unhashed']): Verification['unhashed'] =>
  unhashed && { boxes: unhashed.boxes.map((one) => ({ ...one, asSigned: true })), gone: [] };

/**
 * A file whose boxes come out otherwise than its signature states would be called altered ever after.
 * @throws BacklotError `signing-failed`
 */
export async function mustBeAsStated(path: string, stated: readonly StatedBox[]): Promise<void> {
  const { boxes, gone } = compared(await unhashedBoxes(path), stated);
  const others = boxes.filter(({ asSigned }) => !asSigned);
  if (others.length + gone.length === 0) return;
  throw new BacklotError('signing-failed', {
    expected: `the boxes that C2PA does not hash as they were before: ${listed(stated)}`,
    where: path,
    found: `${listed(others) || 'none'} that were not there, ${listed(gone) || 'none'} gone`,
    remedy:
      'Sign it once more; where that does not help, write the file anew without these boxes (`ffmpeg -c copy`).',
  });
}

const listed = (boxes: readonly { box: string; bytes: number }[]): string =>
  boxes.map(({ box, bytes }) => `${box} of ${bytes} bytes`).join(', ');
