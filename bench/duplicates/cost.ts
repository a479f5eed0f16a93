import type { Report } from '../../src/contract/index.ts';
import { rngOf } from '../../src/sample/random.ts';
import { findCopies, type PrintSource } from '../../src/shots/copies/find.ts';
import { createPrints, gridCells, gridHeight, gridWidth, type Print } from '../../src/shots/copies/prints.ts';
import { detectFile } from '../../src/shots/index.ts';
import { cpuOf } from '../shots/cpu.ts';
import type { Row } from '../shots/rows.ts';

const seed = 12;
const frames = 100_000;

/** What prints cost the pass that finds the shots, and how long a large catalogue takes to compare. */
export async function costRows(film: string | null, quick: boolean, report: Report): Promise<Row[]> {
  const shots = quick ? 100 : 1_000;
  return [...(film === null ? [] : await passRows(film, report)), ...(await compareRows(shots, report))];
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
  const prints = Array.from({ length: shots }, (_, i) => drawn(i));
  const onShot = (done: number) => report({ phase: 'compare', done, total: shots, unit: 'shots' });
  let found = 0;
  const seconds = await cpuOf(async () => {
    for await (const _ of findCopies(sourceOf(prints), onShot)) found++;
  });
  return [
    {
      what: `comparing ${shots} made-up shots of four seconds: processor time`,
      value: round(seconds),
      unit: 's',
    },
    { what: 'copies found among them (none is there)', value: found, unit: '', n: shots },
  ];
}

/** Sixteen grids of soft random forms that drift. */
function drawn(number: number): Print {
  const rng = rngOf(`shot ${number}`, seed);
  const waves = Array.from({ length: 12 }, () => ({
    u: rng.range(0, 5),
    v: rng.range(0, 4),
    phase: rng.range(0, 2 * Math.PI),
    drift: rng.range(-0.4, 0.4),
    size: rng.range(4, 20),
  }));
  const grids = new Uint8Array(16 * gridCells);
  for (let i = 0; i < grids.length; i++) {
    const [time, cell] = [Math.floor(i / gridCells), i % gridCells];
    const [x, y] = [(cell % gridWidth) / gridWidth, Math.floor(cell / gridWidth) / gridHeight];
    const sum = waves.reduce(
      (all, w) => all + w.size * Math.cos(Math.PI * (w.u * x + w.v * y) + w.phase + w.drift * time),
      128,
    );
    grids[i] = Math.max(0, Math.min(255, sum));
  }
  return { shot: `${number}`, file: 'made up', first: 0, grids };
}

const sourceOf = (prints: readonly Print[]): PrintSource => ({
  async *all() {
    yield* prints;
  },
  some: async (numbers) => numbers.map((number) => prints[number] as Print),
  detail: async () => null,
});

const round = (value: number): number => Math.round(100 * value) / 100;
