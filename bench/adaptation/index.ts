import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DatasetInput, Report } from '../../src/contract/index.ts';
import { baseInput } from '../../src/jobs/index.ts';
import { benchIn, inLanes } from '../lanes.ts';
import { studioSnapshot } from '../studio.ts';
import { checkerRow, theChecker } from '../takes.ts';
import { countCell } from './cell.ts';
import { type Cell, plannedCells, SEEDS } from './cells.ts';
import { plotOf } from './plot.ts';
import { rowsOf } from './rows.ts';

const PLOT = fileURLToPath(new URL('curve.svg', import.meta.url));

/**
 * How many clips does an adapter need, and what would the base alone, a model from scratch, a full fine-tune or a search
 * in the catalogue give? A run stopped half way goes on where it stopped: what was trained stays in one folder
 * until the table is whole.
 */
export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const dir = join(tmpdir(), `backlot-bench-adaptation${quick ? '-quick' : ''}`);
  mkdirSync(dir, { recursive: true });
  const judge = checkerRow((await theChecker()).sha256);
  const counted = rowsOf(await countCells(dir, plannedCells(quick), report));
  const rows = [judge, ...counted];
  if (!quick) writeFileSync(PLOT, plotOf(counted));
  rmSync(dir, { recursive: true, force: true });
  return { bench: 'adaptation', seed: SEEDS[0], rows, seconds: (performance.now() - began) / 1000 };
}

/** Counts the cells, a core each. */
export async function countCells(dir: string, cells: readonly Cell[], report: Report) {
  const base = await baseInput();
  const snapshotOf = snapshots(dir);
  const counted = await inLanes(cells, async (cell) => {
    const { arm, title, clips, seed } = cell;
    const bench = benchIn(dir, report, `${arm}, ${title}, ${clips} clips, seed ${seed}`);
    return countCell(bench, base, cell, await snapshotOf(cell));
  });
  return counted.flat();
}

/** Draws each cell's clips once, however many arms learn from them. */
function snapshots(dir: string): (cell: Cell) => Promise<DatasetInput> {
  const made = new Map<string, Promise<DatasetInput>>();
  return ({ title, clips, seed }) => {
    const name = `${title}-${clips}-${seed}`;
    const snapshot = made.get(name) ?? studioSnapshot(join(dir, name), [title], clips, seed);
    made.set(name, snapshot);
    return snapshot;
  };
}
