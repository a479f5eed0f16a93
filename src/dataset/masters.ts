import { basename } from 'node:path';
import { assertUnchanged } from '../catalog/index.ts';
import { BacklotError } from '../contract/index.ts';
import type { Film } from './plan.ts';

/** Why no clip can be cut of a film now: its master is not there, does not read, or holds other bytes than were catalogued. */
export interface Gone {
  reason: 'master_missing' | 'master_unreadable' | 'master_changed';
  message: string;
  error: BacklotError;
}

const absent: unknown[] = ['ENOENT', 'ENOTDIR'];

/**
 * What an error while cutting a film says of its master. A master that went away meanwhile is looked for once more; one
 * that is as it was catalogued is not to blame.
 * @throws what was thrown, where the master is not the reason
 */
export async function goneBy(error: unknown, { path, sha256 }: Pick<Film, 'path' | 'sha256'>): Promise<Gone> {
  const found = isOfMaster(error) ? error : await assertUnchanged(path, sha256).catch((late) => late);
  if (!isOfMaster(found)) throw error;
  return goneOf(found, basename(path));
}

const isOfMaster = (error: unknown): error is BacklotError =>
  error instanceof BacklotError && ['master-missing', 'master-changed'].includes(error.code);

/** The message is part of the record, which names no folder of this machine. */
function goneOf(error: BacklotError, name: string): Gone {
  if (error.code === 'master-changed')
    return { error, reason: 'master_changed', message: `${name}: other bytes than were catalogued` };
  const code = (error.cause as NodeJS.ErrnoException | undefined)?.code;
  return absent.includes(code)
    ? { error, reason: 'master_missing', message: `${name}: not where it was catalogued` }
    : {
        error,
        reason: 'master_unreadable',
        message: `${name}: cannot be read (${code ?? 'no reason given'})`,
      };
}
