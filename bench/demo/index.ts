import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/contract/index.ts';
import type { RunResult } from '../../src/run/index.ts';
import { type Peaks, readPeaks } from './peak.ts';

/** How long does the demo take on this machine, how much memory, and what comes out of it? */

const SEED = 1;
const BACKLOT = fileURLToPath(new URL('../../backlot', import.meta.url));
const LOOK_EVERY_MS = 500;
const QUICK = ['--seconds', '10', '--briefs', '4'];

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const workspace = mkdtempSync(join(tmpdir(), 'backlot-bench-demo-'));
  try {
    const args = ['--workspace', workspace, '--seed', String(SEED), ...(quick ? QUICK : [])];
    const first = await timedDemo(args, 'demo', report);
    const again = await timedDemo(args, 'demo again', report);
    return {
      bench: 'demo',
      seed: SEED,
      rows: [...costRows(first, again), ...resultRows(first.result)],
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

interface Timed {
  seconds: number;
  peaks: Peaks;
  result: RunResult;
}

async function timedDemo(args: string[], phase: string, report: Report): Promise<Timed> {
  const began = performance.now();
  const peaks: Peaks = new Map();
  const child = spawn(BACKLOT, ['demo', ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const looking = setInterval(() => readPeaks(child.pid ?? 0, peaks), LOOK_EVERY_MS);
  let [said, told] = ['', ''];
  child.stdout.on('data', (data) => {
    said += data;
  });
  child.stderr.on('data', (data) => {
    told = String(data);
    report({ phase, done: 0, total: 0, unit: '', note: told.trim().split('\n').at(-1) ?? '' });
  });
  const code = await new Promise((done) => child.once('close', done));
  clearInterval(looking);
  if (code !== 0) throw new Error(`the demo ended with exit code ${code}: ${told}${said}`);
  return { seconds: (performance.now() - began) / 1000, peaks, result: JSON.parse(said) as RunResult };
}

function costRows(first: Timed, again: Timed) {
  const largest = [...first.peaks.values()].sort((a, b) => b.bytes - a.bytes)[0];
  return [
    { what: 'the whole demo', value: Math.round(first.seconds), unit: 's' },
    { what: 'again, with everything done', value: Math.round(again.seconds), unit: 's' },
    {
      what: `largest process (${largest?.name ?? 'none seen'}), peak memory`,
      value: Math.round((largest?.bytes ?? 0) / 1e6),
      unit: 'MB',
    },
  ];
}

function resultRows({ boundary, arms, takes }: RunResult) {
  const share = (value: number | null | undefined) => ({ value: value ?? null, unit: 'share' });
  return [
    { what: 'boundaries: F1 over cuts and fades', ...share(boundary?.f1) },
    { what: 'boundaries: recall of dissolves', ...share(boundary?.dissolveRecall) },
    ...arms.map(({ name, briefs, usableAt4 }) => ({
      what: `usable@4, ${name}`,
      ...share(usableAt4?.value),
      ...(usableAt4 ? { low: usableAt4.low, high: usableAt4.high } : {}),
      n: briefs,
    })),
    {
      what: 'signed takes',
      value: takes.filter(({ signed }) => signed).length,
      unit: 'takes',
      n: takes.length,
    },
  ];
}
