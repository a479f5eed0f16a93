import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BacklotError, messageOf } from '../contract/index.ts';
import { processAlive, startTime } from './process.ts';

export interface Holder {
  pid: number;
  startTime: string | null;
  command: string;
  since: string;
}

export interface WorkspaceLock {
  release(): Promise<void>;
}

const lockPath = (root: string): string => join(root, 'lock');

/** Who holds the workspace, or null where nobody alive does. @throws BacklotError `workspace-closed` where this account may not look */
export async function holderOf(root: string): Promise<Holder | null> {
  const holder = await readHolder(lockPath(root));
  return holder && isAlive(holder) ? holder : null;
}

/** Null where there is no file, or one without words: `link` shows only whole files, so a power cut emptied it. */
async function readHolder(path: string): Promise<Holder | null> {
  const text = await readFile(path, 'utf8').catch((error) => {
    if (isClosed(error)) throw closedTo(path, error);
    return '';
  });
  return text.trim() === '' ? null : (JSON.parse(text) as Holder);
}

const isAlive = (holder: Holder): boolean =>
  processAlive(holder.pid) && (holder.startTime === null || startTime(holder.pid) === holder.startTime);

/**
 * Takes the workspace for this process alone: PGlite loses rows when two processes open one folder.
 * The lock is a file made by `link`, which is atomic; a dead holder's file is moved away first.
 * @throws BacklotError `workspace-locked`, naming the holder's pid, or `workspace-closed`
 */
export async function takeLock(root: string, command: string): Promise<WorkspaceLock> {
  const own = join(root, `lock.${process.pid}`);
  const holder = {
    pid: process.pid,
    startTime: startTime(process.pid),
    command,
    since: new Date().toISOString(),
  };
  try {
    await writeFile(own, JSON.stringify(holder)).catch((error) => {
      throw isClosed(error) ? closedTo(root, error) : error;
    });
    if (!(await linked(own, root))) {
      await moveDeadAway(root);
      if (!(await linked(own, root))) throw locked(root, await holderOf(root));
    }
  } finally {
    await unlink(own).catch(() => {});
  }
  return { release: () => unlink(lockPath(root)).catch(() => {}) };
}

async function linked(own: string, root: string): Promise<boolean> {
  try {
    await link(own, lockPath(root));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function moveDeadAway(root: string): Promise<void> {
  const holder = await holderOf(root);
  if (holder) throw locked(root, holder);
  const away = join(root, `lock.dead.${process.pid}`);
  await rename(lockPath(root), away).catch(() => {});
  const moved = await readHolder(away);
  // Another process may have taken the lock between our look and our move: then it gets it back.
  if (moved && isAlive(moved)) await link(away, lockPath(root));
  await unlink(away).catch(() => {});
}

/** Whether the system says that this account may not. */
export const isClosed = (error: unknown): boolean => {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EACCES' || code === 'EPERM';
};

export const closedTo = (where: string, cause: unknown): BacklotError =>
  new BacklotError(
    'workspace-closed',
    {
      expected: 'a workspace that this account may read and write',
      where,
      found: `one that the account which made it, or holds it open, keeps for itself (${messageOf(cause)})`,
      remedy:
        'Run the command as the account that the workspace belongs to, or name another one with --workspace.',
    },
    cause,
  );

export function locked(root: string, holder: Holder | null): BacklotError {
  return new BacklotError('workspace-locked', {
    expected: 'a workspace that no other process has open',
    where: root,
    found: holder
      ? `process ${holder.pid} (${holder.command}) working in it since ${holder.since}`
      : 'a lock',
    remedy: holder ? `Wait for process ${holder.pid}, or stop it.` : 'Try again.',
  });
}
