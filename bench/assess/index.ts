import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Calibration, ENOUGH, predictUsable, verdictOf } from '../../src/assess/index.ts';
import type { JobInput, Report } from '../../src/contract/index.ts';
import { baseInput } from '../../src/jobs/index.ts';
import { benchIn, inLanes } from '../lanes.ts';
import { studioSnapshot } from '../studio.ts';
import { measurePoint, type Point, SEED, TRIAL_STEPS } from './point.ts';

/** Titles that the demo does not train on. */
const TITLES = ['sugar-mountain', 'little-comet', 'under-the-glass-sea'];
const SIZES = [5, 40, 160];
const CALIBRATION = fileURLToPath(new URL('../../assets/assess/calibration.json', import.meta.url));

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
