import type { FileHandle } from 'node:fs/promises';
import { decodeFirst } from 'cborg';
import { z } from 'zod';
import type { Mark } from './schema.ts';

/**
 * What a file itself says about mining and training: CAWG's training and data mining assertion in a C2PA manifest, and IPTC's
 * Data Mining property (PLUS vocabulary) in XMP. Both are found by their names wherever they lie, so the container does
 * not matter, and neither is believed or doubted by a signature: a wish not to be trained on needs no proof.
 */

/** In the label of the assertion; older manifests write it with `c2pa.` in front. */
const assertionName = Buffer.from('training-mining');
const prefixes = ['cawg.', 'c2pa.'];
/** In the value of the property, before its name. */
const vocabulary = Buffer.from('ldf/vocab/DMI-');
const tailBytes = Math.max(assertionName.length, vocabulary.length) - 1;

/** More than this in one file are repeats of each other. */
const mostPlaces = 1000;
/** An assertion is some hundred bytes. */
const assertionBytes = 64 * 1024;
const valueBytes = 64;

/** Where marks can lie in the bytes that have passed by. */
export class MarkPlaces {
  readonly assertions = new Set<number>();
  readonly properties = new Set<number>();
  #tail = Buffer.alloc(0);
  #seen = 0;

  /** Looks at the next bytes of the file. A name may begin in one read and end in the next. */
  look(chunk: Buffer): void {
    const seam = Buffer.concat([this.#tail, chunk.subarray(0, tailBytes)]);
    this.#find(seam, this.#seen - this.#tail.length);
    if (chunk.length > tailBytes) this.#find(chunk, this.#seen);
    this.#seen += chunk.length;
    const end = chunk.length < tailBytes ? seam : chunk;
    this.#tail = Buffer.from(end.subarray(Math.max(0, end.length - tailBytes)));
  }

  #find(bytes: Buffer, start: number): void {
    find(bytes, assertionName, start, this.assertions);
    find(bytes, vocabulary, start, this.properties);
  }
}

function find(bytes: Buffer, name: Buffer, start: number, places: Set<number>): void {
  for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + 1)) {
    if (places.size < mostPlaces) places.add(start + at);
  }
}

/** Reads the marks at the places found, each once. */
export async function readMarks(file: FileHandle, places: MarkPlaces): Promise<Mark[]> {
  const marks: Mark[] = [];
  for (const at of places.assertions) marks.push(...(await assertionAt(file, at)));
  for (const at of places.properties) marks.push(await propertyAt(file, at));
  return [...new Map(marks.map((mark) => [JSON.stringify(mark), mark])).values()];
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, Math.max(0, at));
  return buffer.subarray(0, bytesRead);
}

const entriesSchema = z.looseObject({
  entries: z.record(
    z.string(),
    z.looseObject({
      use: z.enum(['allowed', 'notAllowed', 'constrained']),
      constraint_info: z.string().nullish(),
    }),
  ),
});

/** None where the name is only mentioned, such as in a claim's list of assertions. */
async function assertionAt(file: FileHandle, at: number): Promise<Mark[]> {
  const prefixLength = 5;
  const bytes = await bytesAt(file, at - prefixLength, assertionBytes);
  const end = bytes.indexOf(0, prefixLength + assertionName.length);
  const label = bytes.toString('latin1', 0, Math.max(0, end));
  if (!prefixes.some((prefix) => label.startsWith(prefix)) || !/^[\w.-]+$/.test(label)) return [];
  const content = entriesSchema.safeParse(contentAfter(bytes, end)).data;
  const standard = 'cawg.training-mining' as const;
  if (!content) return [{ standard, says: label, permission: 'unreadable', info: null }];
  return Object.entries(content.entries).map(([says, { use, constraint_info: info }]) => ({
    ...{ standard, says, permission: use, info: info ?? null },
  }));
}

/** Room for the optional fields of a JUMBF description box before its content box (ISO 19566-5). */
const descriptionBytes = 256;

/** What the assertion's content box holds: CBOR, in old manifests JSON. */
function contentAfter(bytes: Buffer, end: number): unknown {
  const near = bytes.subarray(end, end + descriptionBytes);
  const [cbor, json] = [near.indexOf('cbor'), near.indexOf('json')];
  try {
    if (cbor >= 0) return decodeFirst(bytes.subarray(end + cbor + 4))[0];
    const length = json < 4 ? 0 : near.readUInt32BE(json - 4);
    return JSON.parse(bytes.toString('utf8', end + json + 4, end + json - 4 + length));
  } catch {
    return null;
  }
}

/** Values of the PLUS vocabulary that leave the matter open, or free. */
const free = ['UNSPECIFIED', 'ALLOWED'];
const forbidding = /^PROHIBITED(-AIMLTRAINING|-GENAIMLTRAINING|-EXCEPTSEARCHENGINEINDEXING)?$/;

async function propertyAt(file: FileHandle, at: number): Promise<Mark> {
  const bytes = await bytesAt(file, at + vocabulary.length, valueBytes);
  const value = /^[A-Z-]*/.exec(bytes.toString('latin1'))?.[0] ?? '';
  return { standard: 'iptc.data-mining', says: `DMI-${value}`, permission: permissionOf(value), info: null };
}

function permissionOf(value: string): Mark['permission'] {
  if (free.includes(value)) return 'allowed';
  if (forbidding.test(value)) return 'notAllowed';
  return /^PROHIBITED-SEE/.test(value) ? 'constrained' : 'unreadable';
}
