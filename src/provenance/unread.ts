import { open } from 'node:fs/promises';
import { BacklotError } from '../contract/index.ts';
import { isText, noFilm, outermostBoxes, probe } from '../media/index.ts';
import { readManifest } from './c2pa.ts';
import { inMemoryBytes } from './formats.ts';
import type { C2paReading } from './reading.ts';
import { type Facts, signedFacts, unsignedFacts } from './signed-facts.ts';

/**
 * What can be said of a file in which no signature could be read: a damaged one may hold its manifest still, and what shows a picture, of whatever kind,
 * may be a copy of a take.
 * @param error why it could not be read
 * @throws that error, where it is another one or the file shows nothing
 */
export async function factsOfUnread(path: string, error: unknown, anchors: string | null): Promise<Facts> {
  if (!(error instanceof BacklotError) || !isOf(path, error)) throw error;
  const why = { code: error.code, explanation: error.facts.found };
  const reading = error.code === 'file-unreadable' ? await readDamaged(path, anchors) : null;
  if (reading) return damagedFacts(reading, why);
  if (!(await showsPicture(path))) throw error;
  return { ...unsignedFacts, state: 'unread', failures: [why] };
}

/** A sidecar that cannot be read is no matter of the file's. */
const isOf = (path: string, { code, facts }: BacklotError): boolean =>
  /^(format-unknown|file-unreadable)$/.test(code) && facts.where === path;

/** What was signed was whole. The hash of the content was not compared with the file's, so what was said of it is left out. */
function damagedFacts(reading: C2paReading, why: Facts['failures'][number]): Facts {
  const facts = signedFacts(reading);
  const others = facts.failures.filter(({ code }) => !/^assertion\..*Hash\.mismatch$/.test(code));
  return { ...facts, state: 'invalid', trusted: false, altered: true, failures: [why, ...others] };
}

/** The manifest of an MP4 or MOV whose boxes do not end where the file does, which c2pa-rs refuses whole; null: none is found. */
async function readDamaged(path: string, anchors: string | null): Promise<C2paReading | null> {
  const boxes = await boxesOfManifest(path);
  return readManifest(boxes, 'video/mp4', anchors).catch(() => null);
}

/** The boxes that say what a file is and hold its manifest, without the picture. */
async function boxesOfManifest(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const kept: Buffer[] = [];
    for await (const { type, at, length } of outermostBoxes(file)) {
      if (!/^(ftyp|uuid)$/.test(type) || length > inMemoryBytes) continue;
      kept.push((await file.read(Buffer.alloc(length), 0, length, at)).buffer);
    }
    return Buffer.concat(kept);
  } finally {
    await file.close();
  }
}

/** Of text ffmpeg makes a film of letters, as on a terminal. */
async function showsPicture(path: string): Promise<boolean> {
  if (await isText(path)) return false;
  try {
    const { format, video } = await probe(path);
    return noFilm(format) === null && (video?.width ?? 0) > 0;
  } catch (error) {
    if (error instanceof BacklotError && error.code === 'ffprobe-failed') return false;
    throw error;
  }
}
