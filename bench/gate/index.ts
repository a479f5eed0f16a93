import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/contract/index.ts';
import { wilson } from '../../src/review/index.ts';

/** Does anything unsigned ever train, and what does it cost to be sure? */

const SEED = 5;
const ATTACKS = 1000;
/** Steps of the demo's adapter: the gate is opened once for all of them (docs/LOG.md). */
const RUN_STEPS = 254;
const SCRIPT = fileURLToPath(new URL('run.py', import.meta.url));
const ENGINE = fileURLToPath(new URL('../../engine', import.meta.url));
const PYTHON = fileURLToPath(new URL('../../.backlot/venv/bin/python', import.meta.url));

interface Measured {
  tried: Record<string, number>;
  through: Record<string, number>;
  controls: number;
  costs: { gate: number; hash: number; mark: number; step: number };
}

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'backlot-bench-gate-'));
  try {
    const measured = await attack(folder, quick ? 48 : ATTACKS, report);
    const seconds = (performance.now() - began) / 1000;
    return { bench: 'gate', seed: SEED, rows: [...attackRows(measured), ...costRows(measured)], seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All attacks in one process of the engine, with keys of its own. */
async function attack(folder: string, attacks: number, report: Report): Promise<Measured> {
  const path = [ENGINE, join(ENGINE, 'tests')].join(':');
  const env = { ...process.env, PYTHONPATH: path, BACKLOT_KEYS: join(folder, 'keys') };
  const args = ['-B', SCRIPT, folder, String(attacks), String(SEED)];
  const child = spawn(process.env.BACKLOT_PYTHON ?? PYTHON, args, {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last: { done?: number } & Partial<Measured> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    last = JSON.parse(line);
    if (last.done !== undefined) report({ phase: 'attacks', done: last.done, total: attacks, unit: 'runs' });
  }
  if (!last.costs) throw new Error('bench/gate/run.py ended without a result: see above');
  return last as Measured;
}

function attackRows({ tried, through, controls }: Measured) {
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0);
  const all = wilson(sum(through), sum(tried));
  return [
    { what: 'runs that nobody attacked and that trained', value: controls, unit: 'runs', n: controls },
    {
      what: 'attacked runs that trained on anything unsigned',
      value: sum(through),
      unit: 'runs',
      n: sum(tried),
    },
    {
      what: 'the same, as a share',
      value: all.value,
      unit: 'share',
      low: all.low,
      high: all.high,
      n: sum(tried),
    },
    ...Object.entries(tried).map(([name, n]) => ({
      what: `through: ${name}`,
      value: through[name] ?? 0,
      unit: 'runs',
      n,
    })),
  ];
}

function costRows({ costs: { gate, hash, mark, step } }: Measured) {
  const percent = (part: number) => Number((100 * part).toFixed(4));
  return [
    {
      what: 'a training step (LoRA-32 on the shipped base, 32 clips, one thread)',
      value: step,
      unit: 'CPU s',
    },
    { what: 'the gate, once a run: keys, permit, seal', value: gate, unit: 'CPU s' },
    { what: 'the same, as a share of one step', value: percent(gate / step), unit: '%' },
    { what: 'marking a checkpoint and checking the mark', value: mark, unit: 'CPU s' },
    { what: 'marking, as a share of one step', value: percent(mark / step), unit: '%' },
    {
      what: `the gate, spread over ${RUN_STEPS} steps`,
      value: percent(gate / step / RUN_STEPS),
      unit: '% of a step',
    },
    {
      what: 'reading and hashing 142 clips, once a run (done before the gate too)',
      value: hash,
      unit: 'CPU s',
    },
    {
      what: `gate and hashing, spread over ${RUN_STEPS} steps`,
      value: percent((gate + hash) / step / RUN_STEPS),
      unit: '% of a step',
    },
  ];
}
