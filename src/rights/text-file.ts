import { readFile, stat } from 'node:fs/promises';
import { BacklotError, messageOf } from '../contract/index.ts';

/** Ledgers are written by people; more than this is another file named by mistake, or one to be split. */
const MAX_BYTES = 64 * 2 ** 20;

/**
 * The text of a ledger, a register or a mapping.
 * @param what it is, for errors
 * @throws BacklotError `ledger-unreadable`
 */
export async function readText(path: string, what: string): Promise<{ bytes: Buffer; text: string }> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw unreadable(path, what, `${size} bytes`);
    const bytes = await readFile(path);
    return { bytes, text: decoded(bytes, path, what) };
  } catch (error) {
    throw error instanceof BacklotError ? error : unreadable(path, what, messageOf(error), error);
  }
}

function decoded(bytes: Buffer, path: string, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw unreadable(path, what, 'bytes that are not UTF-8', error);
  }
}

const unreadable = (where: string, what: string, found: string, cause?: unknown): BacklotError =>
  new BacklotError(
    'ledger-unreadable',
    {
      expected: `${what} in UTF-8 of at most ${MAX_BYTES / 2 ** 20} MiB`,
      where,
      found,
      remedy: 'Name the right file, save it as UTF-8, or split it.',
    },
    cause,
  );
