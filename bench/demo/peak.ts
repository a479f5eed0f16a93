import { readdirSync, readFileSync } from 'node:fs';

/** The most memory that each process below another has held so far, by process id, in bytes. Linux only. */
export type Peaks = Map<number, { name: string; bytes: number }>;

/** Reads the peaks of a process and of all below it into `peaks`; a process that has ended keeps its last. */
export function readPeaks(root: number, peaks: Peaks): void {
  const parents = new Map(processes().map((pid) => [pid, statusOf(pid)]));
  for (const [pid, status] of parents) {
    if (status === null || !isBelow(pid, root, parents)) continue;
    peaks.set(pid, { name: status.name, bytes: Math.max(status.peak, peaks.get(pid)?.bytes ?? 0) });
  }
}

const processes = (): number[] => readdirSync('/proc').map(Number).filter(Number.isInteger);

interface Status {
  name: string;
  parent: number;
  peak: number;
}

function statusOf(pid: number): Status | null {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(text)?.[1] ?? '0';
    return { name: field('Name'), parent: Number(field('PPid')), peak: Number(field('VmHWM')) * 1024 };
  } catch {
    return null; // It ended between being listed and being read.
  }
}

function isBelow(pid: number, root: number, parents: ReadonlyMap<number, Status | null>): boolean {
  for (let at = pid; at > 1; at = parents.get(at)?.parent ?? 0) if (at === root) return true;
  return false;
}
