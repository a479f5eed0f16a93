import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { BacklotError } from '../contract/index.ts';
import type { WorkspacePaths } from './context.ts';

/** Lies in every workspace, from its first moment on. */
export const WORKSPACE_MARK = 'backlot.json';

/** Where things lie in the workspace at `root`. Creates nothing. */
export function workspacePaths(root: string): WorkspacePaths {
  const at = (name: string) => join(resolve(root), name);
  return {
    root: resolve(root),
    db: at('db'),
    runs: at('runs'),
    datasets: at('datasets'),
    models: at('models'),
    takes: at('takes'),
    thumbnails: at('thumbnails'),
    reports: at('reports'),
    keys: at('keys'),
  };
}

export const isWorkspace = (root: string): boolean => existsSync(workspacePaths(root).db);

/** @throws BacklotError `no-workspace` where nothing was made at `root` yet: a question makes nothing */
export function mustExist(root: string): void {
  if (isWorkspace(root)) return;
  throw new BacklotError('no-workspace', {
    expected: 'a workspace',
    where: root,
    found: 'none',
    remedy: 'Name the folder with --workspace, or make one with `backlot catalog add FILES`.',
  });
}

/** The kernel keeps 108 bytes for a socket's path, the last one zero. */
const LONGEST_SOCKET_PATH = 107;

/** The socket's path as seen from here, or null where even the shorter of its two spellings is too long. */
export function socketOf(root: string): string | null {
  const absolute = join(root, 'socket');
  const near = relative(process.cwd(), absolute);
  const path = near.length < absolute.length ? near : absolute;
  return Buffer.byteLength(path) <= LONGEST_SOCKET_PATH ? path : null;
}
