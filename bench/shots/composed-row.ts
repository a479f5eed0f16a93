import { basename } from 'node:path';
import { decodeFrames } from '../../src/media/index.ts';
import { rngOf } from '../../src/sample/random.ts';
import { createDetector, seenHeight, seenWidth } from '../../src/shots/index.ts';
import { type Composed, composeFilm, type Shot } from './compose.ts';
import type { RealFilm } from './footage.ts';
import type { Row } from './rows.ts';
import { add, exactScore, f1, median, overlapScore, round, type Score, wilson } from './score.ts';

const fps = 24;
/** A shot shorter than this holds no long transition. */
const shortestShot = 40;

interface Outcome {
  name: string;
  sharp: Score;
  soft: { wanted: number; found: number; hits: number; right: number; edgeErrors: number[] };
  flashes: number;
  flashErrors: number;
}

/** Films composed from real shots of one film each, whose transitions are therefore known to the frame. */
export async function composedRows(
  films: readonly RealFilm[],
  seed: number,
  transitions: number,
): Promise<Row[]> {
  const outcomes: Outcome[] = [];
  for (const film of films) {
    const pool = await shotsOf(film);
    if (pool.length < 2) continue;
    const name = basename(film.path).split('.')[0] ?? '';
    outcomes.push(outcomeOf(name, composeFilm(rngOf(seed, name), pool, transitions)));
  }
  return outcomes.length === 0 ? [] : rowsOf(outcomes);
}

async function shotsOf(film: RealFilm): Promise<Shot[]> {
  const shots: Uint8Array[][] = [[]];
  const size = { width: seenWidth, height: seenHeight, pixelFormat: 'rgb24' } as const;
  await decodeFrames(film.path, size, (k, pixels) => {
    const isMixed = film.mixed.some(([from, to]) => k >= from && k <= to);
    if (isMixed || film.cuts.includes(k)) shots.push([]);
    if (!isMixed) shots.at(-1)?.push(pixels);
  });
  return shots.filter(({ length }) => length >= shortestShot);
}

function outcomeOf(name: string, { frames, transitions, flashes }: Composed): Outcome {
  const detector = createDetector({ fps });
  for (const frame of frames) detector.push(frame);
  const found = detector.finish().transitions;
  const cuts = (list: typeof found) => list.filter(({ type }) => type === 'cut');
  const gradual = (['fade', 'dissolve'] as const).map((type) => overlapScore(transitions, found, type));
  const [fade, dissolve] = gradual as [Outcome['soft'], Outcome['soft']];
  const soft = { ...add(fade, dissolve), right: fade.right + dissolve.right };
  const alone = found.filter((f) => !transitions.some((t) => f.start <= t.end + 1 && f.end >= t.start - 1));
  const flashErrors = alone.filter(({ start }) => flashes.some((at) => Math.abs(at - start) <= 8)).length;
  const edgeErrors = [...fade.edgeErrors, ...dissolve.edgeErrors];
  const sharp = exactScore(cuts(transitions), cuts(found));
  return { name, sharp, soft: { ...soft, edgeErrors }, flashes: flashes.length, flashErrors };
}

function rowsOf(outcomes: readonly Outcome[]): Row[] {
  const sharp = outcomes.map((o) => o.sharp).reduce(add);
  const soft = outcomes
    .map((o) => o.soft)
    .reduce((a, b) => ({
      ...add(a, b),
      right: a.right + b.right,
      edgeErrors: [...a.edgeErrors, ...b.edgeErrors],
    }));
  const flashes = outcomes.reduce((sum, o) => sum + o.flashes, 0);
  const worst = outcomes.toSorted(
    (a, b) => a.soft.hits / a.soft.wanted - b.soft.hits / b.soft.wanted,
  )[0] as Outcome;
  const where = `films composed from ${outcomes.length} real ones`;
  return [
    { what: `${where}: F1 of cuts within 1 frame`, value: round(f1(sharp)), unit: '', n: sharp.wanted },
    { what: `${where}: recall of fades and dissolves, 6..48 frames`, ...share(soft.hits, soft.wanted) },
    { what: `${where}: precision of fades and dissolves`, ...share(soft.right, soft.found) },
    {
      what: `${where}: recall on the worst film, ${worst.name}`,
      ...share(worst.soft.hits, worst.soft.wanted),
    },
    {
      what: `${where}: median edge error`,
      value: median(soft.edgeErrors),
      unit: 'frames',
      n: soft.edgeErrors.length,
    },
    {
      what: `${where}: transitions found at flashes`,
      value: outcomes.reduce((sum, o) => sum + o.flashErrors, 0),
      unit: '',
      n: flashes,
    },
  ];
}

const share = (hits: number, count: number) => ({
  value: round(hits / count),
  unit: '',
  n: count,
  ...wilson(hits, count),
});
