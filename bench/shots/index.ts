import { availableParallelism, cpus } from 'node:os';
import type { Report } from '../../src/contract/index.ts';
import { composedRows } from './composed-row.ts';
import { realFilms } from './footage.ts';
import { realRows } from './real-row.ts';
import type { Row } from './rows.ts';
import { sampleRows } from './sample-row.ts';

const seed = 1;

/** Are shots found where they are? On drawn films, on real ones, and on films composed from real ones. */
export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const started = Date.now();
  const films = realFilms();
  const rows: Row[] = [
    machine(),
    ...(await sampleRows(seed, quick ? 'tiny' : 'demo', report)),
    ...(films.length === 0 ? [absent] : await realRows(quick ? films.slice(0, 2) : films, report)),
    ...(await composedRows(
      quick ? films.slice(0, 2) : films.filter(({ path }) => !path.includes('sintel')),
      seed,
      quick ? 20 : 60,
    )),
  ];
  return { bench: 'shots', seed, rows, seconds: (Date.now() - started) / 1000 };
}

const machine = (): Row => ({
  what: `machine: ${availableParallelism()} cores`,
  value: cpus()[0]?.model ?? 'unknown',
  unit: '',
});

const absent: Row = { what: 'real films: ../shared/footage is absent, not measured', value: null, unit: '' };
