import { realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * A workspace is made for its owner alone; one that an earlier version made, or somebody opened, stays as it is. That other accounts
 * reach into it is told where people look: at `status`, `serve` and before long work, on stderr.
 */
export async function tellOpenFolder(workspace: string): Promise<void> {
  // The folders above a link do not close what it leads to.
  const root = await realpath(workspace).catch(() => resolve(workspace));
  const modes = await Promise.all([root, ...above(root)].map(modeOf));
  const words = openWords(root, modes);
  if (words !== null) process.stderr.write(`notice: ${words}\n`);
}

const above = (path: string): string[] => {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...above(parent)];
};

const modeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ mode }) => mode & 0o777,
    () => 0,
  );

/**
 * What other accounts can do with a folder; null: nothing, as far as modes say.
 * @param modes of the folder and of those above it, the nearest first; 0 of one that is not there
 */
export function openWords(root: string, [own = 0, ...folders]: readonly number[]): string | null {
  const others = folders.every((mode) => mode & 0o001) ? own & 0o007 : 0;
  // Who is of the folder's group need not be of the group of those above it.
  const group = folders.every((mode) => mode & 0o011) ? own & 0o070 : 0;
  const all = others === 0 ? null : `other accounts of this machine can ${deed(others)}`;
  const some = group === 0 ? null : `the accounts of its group can ${deed(group)}`;
  if (all === null && some === null) return null;
  const who =
    deed(group) === deed(others) || deed(others) === 'change'
      ? (all ?? some)
      : [all, some].filter(Boolean).join(' and ');
  return `${who} what lies in ${root} (mode ${own.toString(8).padStart(4, '0')}): \`chmod 700 ${quoted(root)}\` closes it.`;
}

const deed = (bits: number): 'change' | 'reach' => (bits & 0o022 ? 'change' : 'reach');

/** As a shell takes it. */
const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
