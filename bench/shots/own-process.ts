import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** The command as a user gives it, with the memory that it lets Node take: it becomes Node, in the same process. */
const cli = fileURLToPath(new URL('../../backlot', import.meta.url));

/** What a command of the CLI answers, and the most memory it had resident, MB: its own, and with the programs it runs. */
export async function inOwnProcess<T>(
  args: readonly string[],
): Promise<{ answer: T; own: number; all: number }> {
  const child = spawn(cli, [...args, '--json'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const memory = peakMemory(child.pid ?? 0);
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const answer = (await json(child.stdout)) as T;
  const peaks = memory.stop();
  if ((await exit) !== 0) throw new Error(`${args.join(' ')} failed`);
  return { answer, ...peaks };
}

/** Reads it five times a second. Linux only. */
function peakMemory(pid: number) {
  let [own, all] = [0, 0];
  const read = () => {
    own = Math.max(own, kibOf(pid, 'VmHWM'));
    all = Math.max(
      all,
      kibOf(pid, 'VmRSS') + childrenOf(pid).reduce((sum, one) => sum + kibOf(one, 'VmRSS'), 0),
    );
  };
  const timer = setInterval(read, 200);
  return {
    stop: () => {
      clearInterval(timer);
      return { own: Math.round(own / 1024), all: Math.round(all / 1024) };
    },
  };
}

/** 0 of a process that has ended. */
function kibOf(pid: number, field: 'VmHWM' | 'VmRSS'): number {
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(ofProcess(pid, 'status'))?.[1] ?? 0);
}

const childrenOf = (pid: number): number[] =>
  ofProcess(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number);

function ofProcess(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
