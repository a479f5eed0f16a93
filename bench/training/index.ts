import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/contract/index.ts';
import { SAMPLING } from '../../src/jobs/index.ts';
import { type Measured, rowsOf } from './rows.ts';

/** What does the training loop cost beside a bare one, what does a take cost, and how many sampling steps does it need? */

const SEED = 5;
const PARTS = ['loops', 'peer', 'loader', 'takes'];
const SCRIPT = fileURLToPath(new URL('measure.py', import.meta.url));
const ENGINE = fileURLToPath(new URL('../../engine', import.meta.url));
const PYTHON = fileURLToPath(new URL('../../.backlot/venv/bin/python', import.meta.url));
/** Pairs of loops compared, batches loaded, sampling steps compared with the last of them. */
const WHOLE = { pairs: 12, loads: 10_000, curve: [4, 8, 12, 16, 24, 32, 64] };
const QUICK = { pairs: 4, loads: 300, curve: [4, 12, 24] };

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'backlot-bench-training-'));
  try {
    const rows = rowsOf(await measure(folder, quick ? QUICK : WHOLE, report));
    return { bench: 'training', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Part by part, each in a process of its own, one after the other. */
async function measure(folder: string, size: typeof WHOLE, report: Report): Promise<Measured> {
  const parts: object[] = [];
  const loads: number[] = [];
  for (const part of PARTS) {
    const { load, ...found } = await measurePart(join(folder, part), part, size, report);
    parts.push(found);
    loads.push(load);
  }
  return Object.assign({ load: loads }, ...parts) as Measured;
}

/** With keys of its own. */
async function measurePart(folder: string, part: string, size: typeof WHOLE, report: Report) {
  mkdirSync(folder);
  const path = [ENGINE, join(ENGINE, 'tests')].join(':');
  const env = {
    ...process.env,
    PYTHONPATH: path,
    BACKLOT_KEYS: join(folder, 'keys'),
    OMP_WAIT_POLICY: 'PASSIVE',
  };
  const { steps, guidance, shift } = SAMPLING;
  const numbers = [size.pairs, size.loads, steps, guidance, shift, size.curve].map(String);
  const child = spawn(process.env.BACKLOT_PYTHON ?? PYTHON, ['-B', SCRIPT, folder, part, ...numbers], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last: { phase?: string; done?: number; total?: number; load?: number } = {};
  for await (const line of createInterface({ input: child.stdout })) {
    last = JSON.parse(line);
    if (last.phase)
      report({ phase: last.phase, done: last.done ?? 0, total: last.total ?? 0, unit: 'batches' });
  }
  if (last.phase || last.load === undefined)
    throw new Error(`bench/training/measure.py ended without a result for ${part}: see above`);
  return { ...last, load: last.load };
}
