import { readFile, stat } from 'node:fs/promises';
import { BacklotError, messageOf } from '../contract/index.ts';

/** Ledgers are written by people; more than this is another file named by mistake, or one to be split. */
export const MAX_BYTES = 64 * 2 ** 20;

/**
 * The text of a ledger or a mapping.
 * @param what it is, for errors
 * @throws BacklotError `ledger-unreadable`
 */
export async function readText(path: string, what: string): Promise<{ bytes: Buffer; text: string }> {
  const bounded = `${what} in UTF-8 of at most ${MAX_BYTES / 2 ** 20} MiB`;
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw unreadable(path, bounded, `${size} bytes`);
    const bytes = await readFile(path);
    return { bytes, text: decoded(bytes) };
  } catch (error) {
    throw error instanceof BacklotError ? error : unreadable(path, bounded, wordsOfUnreadable(error), error);
  }
}

const decoded = (bytes: Buffer): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

/**
 * A file's bytes as UTF-8, whatever its size: a part at a time.
 * @param hears each part before it is decoded
 * @throws TypeError where they are not UTF-8
 */
export async function* decodedParts(
  source: AsyncIterable<Buffer>,
  hears: (part: Buffer) => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const part of source) {
    hears(part);
    yield decoder.decode(part, { stream: true });
  }
  yield decoder.decode();
}

/** Text whose lines end as YAML reads them, whatever system wrote them: each break counts once, also within a cell. */
export async function* unixBreaks(parts: AsyncIterable<string>): AsyncGenerator<string> {
  let held = '';
  for await (const part of parts) {
    const text = held + part;
    // What follows may be the other half of the break.
    held = text.endsWith('\r') ? '\r' : '';
    yield (held === '' ? text : text.slice(0, -1)).replace(/\r\n?/g, '\n');
  }
  if (held !== '') yield '\n';
}

/** What stopped the reading of a file: the system's own error, or bytes that are not UTF-8. */
export const wordsOfUnreadable = (error: unknown): string =>
  error instanceof TypeError ? 'bytes that are not UTF-8' : messageOf(error);

export const unreadable = (where: string, expected: string, found: string, cause?: unknown): BacklotError =>
  new BacklotError(
    'ledger-unreadable',
    { expected, where, found, remedy: 'Name the right file, save it as UTF-8, or split it.' },
    cause,
  );
