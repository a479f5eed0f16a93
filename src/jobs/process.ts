import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const ENGINE_FOLDER = here('engine');
/** The engine's Python. */
export const pythonProgram = (): string => process.env.BACKLOT_PYTHON ?? here('.backlot/venv/bin/python');

/** What a process of ours is told of the environment: all but keys, which are for this process alone. */
export function childEnvironment(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { BACKLOT_SIGN_KEY: _, BACKLOT_CAPTION_KEY: __, ...rest } = process.env;
  return { ...rest, ...more };
}

/** Whether a process runs, and (where /proc tells) whether its command line holds `word`. */
export function processAlive(pid: number, word?: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid) && (word === undefined || (commandLine(pid)?.includes(word) ?? true));
}

/** When the kernel started the process, in clock ticks since boot; null where /proc does not exist. */
export function startTime(pid: number): string | null {
  return statFields(pid)?.[19] ?? null;
}

const isZombie = (pid: number): boolean => statFields(pid)?.[0] === 'Z';

/** The fields of /proc/PID/stat after the command's name, which may hold spaces and brackets. */
function statFields(pid: number): string[] | null {
  const stat = read(`/proc/${pid}/stat`);
  return stat === null ? null : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

const commandLine = (pid: number): string | null => read(`/proc/${pid}/cmdline`);

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
