import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Calibration, ENOUGH, predictUsable, verdictOf } from '../../src/assess/index.ts';
import { type DatasetInput, type JobInput, type Report, trainingSchema } from '../../src/contract/index.ts';
import { baseInput, firstMetric, learn, localEngine } from '../../src/jobs/index.ts';
import { type Bench, briefsFor, judgedTakes } from './arm.ts';
import { studioSnapshot } from './studio.ts';

/** Titles that the demo does not train on. */
const TITLES = ['sugar-mountain', 'little-comet', 'under-the-glass-sea'];
const SIZES = [5, 40, 160];
const SEED = 21;
const BRIEFS = 16;
/** The short trial from which the forecast is made, and the training whose takes are counted. */
const TRIAL_STEPS = 24;
const FULL_STEPS = 180;
const CALIBRATION = fileURLToPath(new URL('../../assets/assess/calibration.json', import.meta.url));

type Point = Calibration['points'][number];

/**
 * What a short trial's held-out loss says about usable takes, measured on sample studios of several sizes. The
 * whole run writes what it measured to assets/assess/calibration.json, which the assess stage reads, unless it would
 * mislead. Verdicts are given for each title from the points of the other titles alone.
 */
export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const dir = mkdtempSync(join(tmpdir(), 'backlot-bench-assess-'));
  try {
    const base = await baseInput();
    const points = await measure(dir, base, quick, report);
    const calibration: Calibration = { base: base.sha256, steps: TRIAL_STEPS, points };
    if (!quick && !misleads(calibration)) keep(calibration);
    const rows = [...points.flatMap(rowsOf), ...verdictRows(calibration)];
    return { bench: 'assess', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function keep(calibration: Calibration): void {
  mkdirSync(dirname(CALIBRATION), { recursive: true });
  writeFileSync(CALIBRATION, `${JSON.stringify(calibration, null, 1)}\n`);
}

async function measure(dir: string, base: JobInput, quick: boolean, report: Report): Promise<Point[]> {
  const titles = quick ? TITLES.slice(0, 1) : TITLES;
  const sizes = quick ? [5, 40] : SIZES;
  const wanted = titles.flatMap((title) => sizes.map((clips) => ({ title, clips })));
  return inLanes(wanted, async ({ title, clips }) => {
    const bench = benchIn(dir, report, `${title}, ${clips} clips`);
    const snapshot = await studioSnapshot(join(dir, `${title}-${clips}`), title, clips, SEED);
    return measurePoint(bench, base, title, clips, snapshot);
  });
}

/** A run on each core, of one thread: two such do more than one of two threads (docs/LOG.md). */
async function inLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  process.env.BACKLOT_THREADS = '1';
  const left = [...items.entries()];
  const done: R[] = [];
  const lane = async () => {
    for (let next = left.shift(); next; next = left.shift()) done[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return done;
}

const benchIn = (dir: string, report: Report, note: string): Bench => ({
  engine: localEngine(join(dir, 'runs')),
  report: (progress) => report({ ...progress, phase: `${note}: ${progress.phase}` }),
  signal: new AbortController().signal,
});

async function measurePoint(
  bench: Bench,
  base: JobInput,
  title: string,
  clips: number,
  dataset: DatasetInput,
): Promise<Point> {
  const trial = await learnFor(bench, base, dataset, TRIAL_STEPS);
  const untrained = (await firstMetric(trial.directory, 'heldout/loss')) ?? Number.NaN;
  const full = await learnFor(bench, base, dataset, FULL_STEPS);
  const model = full.outcome.result.model as { path: string; sha256: string };
  const adapter = { path: join(full.directory, model.path), sha256: model.sha256, weight: 1 };
  const briefs = briefsFor(title, BRIEFS, SEED);
  const judged = await judgedTakes(bench, { base, adapters: [adapter] }, briefs, dataset);
  const usable = judged.filter((takes) => takes.some(Boolean)).length;
  const gain = 1 - Number(trial.outcome.result.heldoutLoss) / untrained;
  return { title, clips, gain, briefs: BRIEFS, usable };
}

function learnFor(bench: Bench, base: JobInput, dataset: DatasetInput, steps: number) {
  const training = trainingSchema.parse({ steps, seed: SEED });
  return learn(bench, { dataset, base, training, subset: null, captions: [] });
}

function rowsOf({ title, clips, gain, briefs, usable }: Point) {
  const what = `${title}, ${clips} clips`;
  return [
    { what: `${what}: held-out loss removed by the short trial`, value: gain, unit: 'share' },
    { what: `${what}: briefs with a usable take of four`, value: usable, unit: 'briefs', n: briefs },
  ];
}

/** What the other titles' points predict for a point. */
function fromOthers(calibration: Calibration, { title, gain }: Point) {
  const others = calibration.points.filter((point) => point.title !== title);
  return predictUsable({ ...calibration, points: others }, gain, SEED);
}

/** Whether a title would be told the opposite of what was counted: such a calibration is not kept. */
const misleads = (calibration: Calibration): boolean =>
  calibration.points.some((point) => {
    const verdict = verdictOf(fromOthers(calibration, point));
    return verdict === (point.usable / point.briefs < ENOUGH ? 'enough' : 'not enough');
  });

/** Each title's verdicts, from the other titles' points. */
function verdictRows(calibration: Calibration) {
  return calibration.points.map((point) => {
    const { title, clips } = point;
    const usable = fromOthers(calibration, point);
    const interval = usable ? { low: usable.low, high: usable.high } : {};
    return { what: `${title}, ${clips} clips: verdict`, value: verdictOf(usable), unit: '', ...interval };
  });
}
