import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { jsonAs } from './json.ts';

/**
 * Notices in which engines of earlier versions named words of captions. Today's name where they stand; those go as well, as what they
 * point to is gone.
 */

const spokeOfWords = (code: unknown): boolean =>
  typeof code === 'string' && /^words-(shared|known|unread)$/.test(code);

const REMOVED = 'Removed with a withdrawal.';

/** A line of a run's events that speaks of words, and where it lies, in bytes. */
interface Spoken {
  line: string;
  at: number;
  bytes: number;
}

/** Read at once: thousands of small files cost far less so. Told apart as bytes: what is damaged may be no text. */
function spokenIn(directory: string): Spoken[] {
  let read = Buffer.alloc(0);
  try {
    read = readFileSync(join(directory, 'events.jsonl'));
  } catch {
    return [];
  }
  const found: Spoken[] = [];
  for (let at = 0, end = read.indexOf(LINE_END); end >= 0; at = end + 1, end = read.indexOf(LINE_END, at)) {
    const line = read.toString('utf8', at, end);
    if (line.includes('"words-') && speaks(line)) found.push({ line, at, bytes: end - at });
  }
  return found;
}

const LINE_END = 10;

const noticeSchema = z.looseObject({ code: z.unknown(), message: z.unknown() });

/** A line that was damaged may say anything. */
function speaks(line: string): boolean {
  const said = jsonAs(line, noticeSchema);
  return said === null || (spokeOfWords(said.code) && said.message !== REMOVED && said.message !== '');
}

/** Lines of a run's events that a withdrawal takes the words from. */
export const toldWords = (directory: string): string[] => spokenIn(directory).map(({ line }) => line);

/** Writes over the words, in place: a run that goes on appends to the same file. */
export async function purgeToldWords(directory: string): Promise<void> {
  const spoken = spokenIn(directory);
  if (spoken.length === 0) return;
  const file = await open(join(directory, 'events.jsonl'), 'r+');
  try {
    for (const { line, at, bytes } of spoken) {
      // JSON may end in spaces.
      const own = jsonAs(line, noticeSchema);
      const said = own ? [REMOVED, ''].map((message) => JSON.stringify({ ...own, message })) : [];
      const over = Buffer.alloc(bytes, ' ');
      over.write(said.find((text) => Buffer.byteLength(text) <= bytes) ?? '');
      await file.write(over, 0, bytes, at);
    }
  } finally {
    await file.close();
  }
}
