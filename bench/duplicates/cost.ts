import type { Report } from '../../src/contract/index.ts';
import { findCopies } from '../../src/shots/copies/find.ts';
import { createPrints } from '../../src/shots/copies/prints.ts';
import { detectFile } from '../../src/shots/index.ts';
import { cpuOf } from '../shots/cpu.ts';
import type { Row } from '../shots/rows.ts';
import { madeUp } from './made-up.ts';

/** Shots in catalogues of which no two show the same: how the cost of comparing grows. */
const catalogues = [1_000, 10_000, 100_000];
const frames = 100_000;

/** What prints cost the pass that finds the shots, and how long a large catalogue takes to compare. */
export async function costRows(film: string | null, quick: boolean, report: Report): Promise<Row[]> {
  const rows = film === null ? [] : await passRows(film, report);
  for (const shots of quick ? [100] : catalogues) rows.push(...(await compareRows(shots, report)));
  return rows;
}

async function passRows(film: string, report: Report): Promise<Row[]> {
  const luma = new Float32Array(64 * 36).fill(90);
  const taker = createPrints(24);
  const taking = await cpuOf(async () => {
    for (let i = 0; i < frames; i++) taker.add(luma);
  });
  let count = 0;
  const passing = await cpuOf(async () => {
    count = (await detectFile(film, { detector: 'fast', report })).frames;
  });
  const [own, all] = [taking / frames, passing / count];
  return [
    { what: 'processor time of prints, a frame', value: round(1e6 * own), unit: 'us' },
    { what: 'of the pass that finds the shots (720p)', value: round((100 * own) / all), unit: '%', n: count },
  ];
}

async function compareRows(shots: number, report: Report): Promise<Row[]> {
  const onShot = (done: number) => report({ phase: 'compare', done, total: shots, unit: 'shots' });
  let found = 0;
  const seconds = await cpuOf(async () => {
    for await (const _ of findCopies(madeUp(shots), onShot)) found++;
  });
  const what = `comparing ${shots} made-up shots of four seconds, drawing them twice: processor time`;
  return [
    { what, value: round(seconds), unit: 's' },
    { what: 'copies found among them (none is there)', value: found, unit: '', n: shots },
  ];
}

const round = (value: number): number => Math.round(100 * value) / 100;
