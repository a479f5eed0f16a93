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

/** Read at once: thousands of small files cost far less so. */
function spokenIn(directory: string): Spoken[] {
  let text = '';
  try {
    text = readFileSync(join(directory, 'events.jsonl'), 'utf8');
  } catch {
    return [];
  }
  const found: Spoken[] = [];
  let at = 0;
  for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
    const bytes = Buffer.byteLength(line);
    if (line.includes('"words-') && speaks(line)) found.push({ line, at, bytes });
    at += bytes + 1;
  }
  return found;
}

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
      await file.write((said.find(({ length }) => length <= bytes) ?? '').padEnd(bytes), at);
    }
  } finally {
    await file.close();
  }
}
