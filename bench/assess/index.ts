import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Calibration, ENOUGH, predictUsable, verdictOf } from '../../src/assess/index.ts';
import type { JobInput, Report } from '../../src/contract/index.ts';
import { baseInput } from '../../src/jobs/index.ts';
import { wilson } from '../../src/review/index.ts';
import { benchIn, inLanes } from '../lanes.ts';
import { studioSnapshot } from '../studio.ts';
import { checkerRow, theChecker } from '../takes.ts';
import { FULL_STEPS, measurePoint, type Point, SEED, TRIAL_STEPS } from './point.ts';

/** Studios of one title each, none of which the demo trains on. */
const STUDIOS = [
  'sugar-mountain',
  'little-comet',
  'under-the-glass-sea',
  'night-mail',
  'clockmakers-moon',
  'spice-caravan',
  'paper-kingdom',
  'teatime-pirates',
];
const SIZES = [5, 40, 160];
const CALIBRATION = fileURLToPath(new URL('../../assets/assess/calibration.json', import.meta.url));

/**
 * What a short trial's held-out loss says about usable takes, measured on sample studios of several sizes. The
 * whole run writes what it measured to assets/assess/calibration.json, which the assess stage reads, unless it would
 * mislead. Each studio's verdicts come from the points of studios without its titles.
 */
export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const dir = mkdtempSync(join(tmpdir(), 'backlot-bench-assess-'));
  try {
    const base = await baseInput();
    const points = await measure(dir, base, quick, report);
    const calibration: Calibration = {
      ...{ base: base.sha256, steps: TRIAL_STEPS, trainedSteps: FULL_STEPS },
      points,
    };
    if (!quick && !misleads(calibration)) keep(calibration);
    const rows = [checkerRow((await theChecker()).sha256), ...tableOf(calibration)];
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
  const studios = quick ? STUDIOS.slice(0, 1) : STUDIOS;
  const sizes = quick ? SIZES.slice(0, 2) : SIZES;
  const wanted = studios.flatMap((title) => sizes.map((clips) => ({ titles: [title], clips })));
  return inLanes(wanted, async ({ titles, clips }) => {
    const name = nameOf({ titles, clips });
    const snapshot = await studioSnapshot(join(dir, name), titles, clips, SEED);
    return measurePoint(benchIn(dir, report, name), base, titles, clips, snapshot);
  });
}

const nameOf = ({ titles, clips }: Pick<Point, 'titles' | 'clips'>) =>
  `${titles.join(' and ')}, ${clips} clips`;

export const tableOf = (calibration: Calibration) => [
  ...calibration.points.flatMap(rowsOf),
  ...verdictRows(calibration),
];

function rowsOf({ gain, briefs, usable, ...studio }: Point) {
  const what = nameOf(studio);
  return [
    { what: `${what}: held-out loss removed by the short trial`, value: gain, unit: 'share' },
    { what: `${what}: briefs with a usable take of four`, value: usable, unit: 'briefs', n: briefs },
  ];
}

/** What the studios that share no title with a point's predict for it. */
function fromOthers(calibration: Calibration, { titles, clips, gain }: Point) {
  const others = calibration.points.filter((point) => !point.titles.some((title) => titles.includes(title)));
  const known = { gain, clips: titles.map(() => clips / titles.length) };
  return predictUsable({ ...calibration, points: others }, known, SEED);
}

/** Whether a studio would be told the opposite of what was counted, beyond chance: such a calibration is not kept. */
const misleads = (calibration: Calibration): boolean =>
  calibration.points.some((point) => {
    const counted = wilson(point.usable, point.briefs);
    const verdict = verdictOf(fromOthers(calibration, point));
    return verdict === 'enough' ? counted.high < ENOUGH : verdict === 'not enough' && counted.low >= ENOUGH;
  });

/** Each studio's verdicts, from the points of others. */
function verdictRows(calibration: Calibration) {
  return calibration.points.map((point) => {
    const usable = fromOthers(calibration, point);
    const interval = usable ? { low: usable.low, high: usable.high } : {};
    return { what: `${nameOf(point)}: verdict`, value: verdictOf(usable), unit: '', ...interval };
  });
}
