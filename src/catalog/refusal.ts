import type { RefusalCode } from './schema.ts';

/** Bytes that were looked at and refused: the same ones need not be tried again. */
export interface Looked {
  sha256: string;
  at: Date;
  /** By an earlier command: they were not tried again by this one. */
  before: boolean;
}

/** A file that the catalogue does not take, and why: a decision, not a failure. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  /** Set where the file's content alone decided. */
  readonly looked: Looked | null;

  /** A reason may quote the file's own bytes; control characters are left out: no database keeps a zero. */
  constructor(code: RefusalCode, reason: string, looked: Looked | null = null) {
    super(reason.replaceAll(/\p{Cc}+/gu, ' '));
    this.code = code;
    this.looked = looked;
  }
}

/** What an error of the file system means for a file. Null where it is none (the disk itself fails: not decided here). */
export function refusalOfFileError(error: unknown): Refusal | null {
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException;
  // Bytes of a name that are no UTF-8 cannot be handed back to the system.
  if (code === 'ENOENT' && path?.includes('\uFFFD')) return unreadable('its name is not UTF-8', 'rename it');
  if (code === 'ENOENT' || code === 'ENOTDIR') return unreadable('there is no such file', 'check the path');
  if (code === 'ENAMETOOLONG') return unreadable('no file has so long a name', 'check the path');
  if (code === 'EACCES' || code === 'EPERM')
    return unreadable('this user may not read it', 'give read permission');
  if (code === 'ELOOP') return unreadable('its symbolic links lead in a circle', 'mend the link');
  if (code === 'EIO') return unreadable('the disk reports an error', 'restore the file from a copy');
  if (code !== undefined && goneAway.includes(code))
    return unreadable(`the disk or share that it lies on went away (${code})`, 'mount it again');
  return null;
}

/** What the system says of files on a server or disk that is no longer there. */
const goneAway = ['ESTALE', 'ENOTCONN', 'EHOSTDOWN', 'ENODEV', 'ENXIO'];

const unreadable = (found: string, remedy: string): Refusal =>
  new Refusal('unreadable', `${found}: ${remedy} and add it again`);
