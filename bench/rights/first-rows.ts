import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Report } from '../../src/contract/index.ts';
import { closeDb, openDb } from '../../src/db/index.ts';
import type { Size } from './catalogue.ts';
import { fill } from './explain.ts';
import type { Row } from './index.ts';

/** Processes that open the workspace and ask one question each, of different shots. */
const PROCESSES = 7;
const SCRIPT = fileURLToPath(new URL('first.ts', import.meta.url));

/** What a person waits for who opens a workspace on disk and asks: opening it, then the first answer, by the clock. */
export async function firstRows(size: Size, shots: number, report: Report): Promise<Row[]> {
  const root = await mkdtemp(join(tmpdir(), 'backlot-bench-first-'));
  try {
    report({ phase: 'filling a workspace on disk', done: 0, total: 1, unit: 'workspace' });
    const db = await openDb(join(root, 'db'));
    await fill({ db }, size, shots);
    await closeDb(db);
    const times: { opening: number; first: number }[] = [];
    for (let n = 0; n < PROCESSES; n++) times.push(await asked(root, `sht_${(n * 7919) % shots}`));
    return [
      ...rowsOf(
        'opening the workspace',
        times.map(({ opening }) => opening),
      ),
      ...rowsOf(
        'explain, the first after opening',
        times.map(({ first }) => first),
      ),
    ];
  } finally {
    await rm(root, { recursive: true });
  }
}

async function asked(root: string, shot: string): Promise<{ opening: number; first: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, root, shot]);
  return JSON.parse(stdout);
}

function rowsOf(what: string, times: readonly number[]): Row[] {
  const sorted = times.toSorted((a, b) => a - b).map(Math.round);
  const n = sorted.length;
  return [
    { what: `${what}, median`, value: sorted[Math.floor(n / 2)] ?? null, unit: 'ms', n },
    { what: `${what}, slowest`, value: sorted.at(-1) ?? null, unit: 'ms', n },
  ];
}
