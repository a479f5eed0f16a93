import { join, resolve } from 'node:path';
import type { WorkspacePaths } from './context.ts';

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
