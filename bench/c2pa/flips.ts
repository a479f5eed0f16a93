import { readFile } from 'node:fs/promises';
import type { Context } from '../../src/jobs/index.ts';
import { readManifest } from '../../src/provenance/c2pa.ts';
import { readAnchors } from '../../src/provenance/index.ts';
import { rngOf } from '../../src/sample/random.ts';
import { type Box, boxesOf, isHashed } from './boxes.ts';

/** Flips a bit at so many places of the boxes that are hashed, and lists those that are not. */
export async function flipRows(context: Context, signed: string, flips: number, seed: number) {
  const content = await readFile(signed);
  const anchors = await readAnchors(context.paths.keys);
  const found = async (at: number) => {
    content[at] = (content[at] ?? 0) ^ 1;
    const state = await readManifest(content, 'video/mp4', anchors).then(
      (reading) => reading?.state ?? 'no manifest',
      () => 'unreadable',
    );
    content[at] = (content[at] ?? 0) ^ 1;
    return state !== 'Trusted';
  };
  const boxes = boxesOf(content);
  const places = placesIn(boxes.filter(isHashed), flips, seed);
  const noticed = await counted(places, found);
  const rest = boxes.filter((box) => !isHashed(box));
  const unhashed = [];
  for (const box of rest) unhashed.push(await unhashedRow(box, seed, found));
  const what = `bytes flipped in hashed boxes (${boxes.filter(isHashed).map(words).join(', ')}) that were found`;
  return [{ what, value: noticed, unit: 'places', n: places.length }, ...unhashed];
}

const words = ({ name, offset, bytes }: Box) => `${name} at ${offset}, ${bytes} bytes`;

/** Places drawn evenly from all bytes of the boxes. */
function placesIn(boxes: readonly Box[], count: number, seed: number): number[] {
  const random = rngOf(seed);
  const total = boxes.reduce((sum, { bytes }) => sum + bytes, 0);
  return Array.from({ length: count }, () => {
    let left = random.int(0, total - 1);
    for (const { offset, bytes } of boxes) {
      if (left < bytes) return offset + left;
      left -= bytes;
    }
    throw new RangeError('a place beyond all boxes');
  });
}

async function counted(places: readonly number[], found: (at: number) => Promise<boolean>): Promise<number> {
  let count = 0;
  for (const at of places) if (await found(at)) count++;
  return count;
}

/** At most so many flips in a box that is not hashed: each shows the same. */
const UNHASHED_FLIPS = 20;

/** The manifest's own box is not hashed but signed, except for room that is left in it. */
async function unhashedRow(box: Box, seed: number, found: (at: number) => Promise<boolean>) {
  const inside = { ...box, offset: box.offset + 8, bytes: box.bytes - 8 };
  const places = placesIn([inside], Math.min(UNHASHED_FLIPS, inside.bytes), seed);
  const name = box.name === 'uuid' ? `${words(box)}, the manifest` : words(box);
  const what = `not hashed: ${name}; flips in it that were found`;
  return { what, value: await counted(places, found), unit: 'places', n: places.length };
}
