import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../src/contract/index.ts';
import { composedFilms, type KnownFilm } from './composed-films.ts';
import { composedRows } from './composed-row.ts';
import { type RealFilm, realFilms } from './footage.ts';
import { costRows, longRows } from './long-row.ts';
import { askPeers } from './peers.ts';
import { realRows } from './real-row.ts';
import type { Row } from './rows.ts';
import { sampleRows } from './sample-row.ts';

const seed = 1;
/** Films of these are composed too. */
const furtherSeeds = [3, 4];

/** Are shots found where they are? On drawn films, on real ones, and on films composed from real ones. */
export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const started = Date.now();
  const dir = await mkdtemp(join(tmpdir(), 'bench-shots-'));
  try {
    const films = realFilms();
    const rows: Row[] = [
      machine(),
      ...(await sampleRows(seed, report)),
      ...(films.length === 0 ? [absent] : await footageRows(films, dir, { quick, report })),
    ];
    return { bench: 'shots', seed, rows, seconds: (Date.now() - started) / 1000 };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function footageRows(
  films: readonly RealFilm[],
  dir: string,
  { quick, report }: { quick: boolean; report: Report },
): Promise<Row[]> {
  const real = quick ? films.slice(0, 2) : films;
  // Of the trailer only cuts are listed, and it is full of fades.
  const stocks = (quick ? films.slice(0, 2) : films).filter(({ path }) => !path.includes('sintel'));
  const compose = async (one: number) => {
    const folder = await mkdtemp(join(dir, `seed-${one}-`));
    return composedFilms(stocks, { dir: folder, seed: one, count: quick ? 6 : 16, report });
  };
  const composed = await compose(seed);
  const further: KnownFilm[] = [];
  for (const one of quick ? [] : furtherSeeds) further.push(...(await compose(one)));
  const [ofComposed, ofReal] = await Promise.all(
    [composed, real].map((list) => askPeers(list.map(({ path }) => path))),
  );
  return [
    ...(await composedRows({ films: composed, further }, ofComposed ?? new Map(), report)),
    ...(await realRows(real, ofReal ?? new Map(), report)),
    ...(await costRows(
      films.filter(({ path }) => path.includes('bbb')).map(({ path }) => path),
      dir,
      report,
    )),
    ...(quick ? [] : await longRows(composed, dir)),
  ];
}

const machine = (): Row => ({
  what: `machine: ${availableParallelism()} cores`,
  value: cpus()[0]?.model ?? 'unknown',
  unit: '',
});

const absent: Row = { what: 'real films: ../shared/footage is absent, not measured', value: null, unit: '' };
