import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BacklotError, idOf, type Training, trainingSchema } from '../contract/index.ts';
import { getSnapshot, type Snapshot, whileStanding } from '../dataset/index.ts';
import {
  type Context,
  canonical,
  type EngineRunResult,
  firstMetric,
  learn,
  registerBase,
  stepsFor,
} from '../jobs/index.ts';
import { recordStanding, type Standing } from '../rights/index.ts';
import { calibrationFor } from './calibration.ts';
import { type ClipLoss, lossOver, type Measured, overScenes, powerLaw } from './curve.ts';
import { plotOf } from './plot.ts';
import { predictUsable } from './predict.ts';
import type { AssessInput, Calibration, Forecast, Trial } from './schema.ts';
import { saveForecast } from './store.ts';
import { keepTrial, type TrialBase } from './trial.ts';
import { verdictOf } from './verdict.ts';
import { forecastWords } from './words.ts';

/** Each trial has twice the clips of the one before; the last has all. */
const TRIALS = 3;
const FEWEST_CLIPS = 4;

/** Trains briefly on growing parts of a dataset and says whether it is enough. The same wish gives the same answer. */
export const assess = (context: Context, input: AssessInput): Promise<Forecast> =>
  whileStanding(context, (by) => assessBy(context, input, by));

async function assessBy(context: Context, input: AssessInput, by: Standing): Promise<Forecast> {
  const snapshot = await getSnapshot(context.db, input.dataset);
  refuseTooFew(snapshot);
  const base = await registerBase(context, input.base);
  const calibration = await calibrationFor(input, base.sha256);
  const measured = await trials(context, { input, snapshot, base, calibration, by });
  const forecast = named(context, snapshot, forecastOf(measured, snapshot, calibration, input.seed));
  await recordStanding(context.db, by, measured.mustStand, (tx) => saveForecast(tx, forecast));
  await mkdir(context.paths.reports, { recursive: true });
  await writeFile(forecast.plot, plotOf(forecast));
  return forecast;
}

interface Trials {
  untrainedLoss: number;
  measured: Measured[];
  /** Of the last. */
  mustStand: EngineRunResult['mustStand'];
}

interface Tried {
  input: AssessInput;
  snapshot: Snapshot;
  base: TrialBase;
  calibration: Calibration | null;
  by: Standing;
}

async function trials(context: Context, { input, snapshot, base, calibration, by }: Tried): Promise<Trials> {
  const sizes = sizesOf(snapshot.clips.train);
  const lesson = (subset: number | null, training: Training) => ({
    dataset: { path: snapshot.path, digest: snapshot.digest },
    base: { path: base.path, sha256: base.sha256 },
    training,
    subset,
    captions: [],
  });
  // Without the base's own worlds: the calibration's trials had none.
  const wish = trainingSchema.parse({ seconds: input.seconds / sizes.length, seed: input.seed, prior: 0 });
  const steps = calibration?.steps ?? (await stepsFor(context, lesson(null, wish)));
  const measured: Measured[] = [];
  let untrainedLoss = Number.NaN;
  let mustStand = async () => {};
  for (const [index, clips] of sizes.entries()) {
    context.report({
      phase: 'forecast',
      done: index,
      total: sizes.length,
      unit: 'trials',
      note: `${clips} clips`,
    });
    const subset = clips === snapshot.clips.train ? null : clips;
    const run = await learn(context, lesson(subset, { ...wish, seconds: undefined, steps }));
    await keepTrial(context, { run, snapshot, base, clips, by });
    mustStand = run.mustStand;
    untrainedLoss = (await firstMetric(run.directory, 'heldout/loss')) ?? untrainedLoss;
    measured.push({ clips, losses: run.outcome.result.heldoutByClip as unknown as ClipLoss[] });
  }
  return { untrainedLoss, measured, mustStand };
}

/** All clips, half, a quarter of them ..., the smallest first. */
export function sizesOf(clips: number): number[] {
  const sizes = Array.from({ length: TRIALS }, (_, n) => Math.round(clips / 2 ** (TRIALS - 1 - n)));
  return [...new Set(sizes.filter((size) => size >= 1))];
}

function forecastOf(
  { untrainedLoss, measured }: Pick<Trials, 'untrainedLoss' | 'measured'>,
  snapshot: Snapshot,
  calibration: Calibration | null,
  seed: number,
): Omit<Forecast, 'id' | 'snapshotId' | 'plot'> {
  const scenes = [...new Set(measured[0]?.losses.map(({ scene }) => scene) ?? [])];
  const trial = ({ clips, losses }: Measured): Trial => ({
    clips,
    ...overScenes(scenes, seed, (drawn) => lossOver(losses, drawn)),
  });
  const all = measured.map(trial);
  const loss = all.at(-1)?.value ?? untrainedLoss;
  const gain = 1 - loss / untrainedLoss;
  const clips = snapshot.titles.map(({ train }) => train).filter((count) => count > 0);
  const usableAt4 = calibration ? predictUsable(calibration, { gain, clips }, seed) : null;
  const doubled = measured.length < 2 ? null : doubledOf(measured, scenes, snapshot.clips.train * 2, seed);
  const facts = {
    clips: snapshot.clips.train,
    untrainedLoss,
    scenes: scenes.length,
    trials: all,
    doubled,
    usableAt4,
    verdict: verdictOf(usableAt4),
  };
  return { ...facts, words: forecastWords(facts, usableAt4 && calibration, clips.length) };
}

function doubledOf(measured: readonly Measured[], scenes: string[], clips: number, seed: number): Trial {
  const at = (drawn: readonly string[]) =>
    powerLaw(
      measured.map((trial) => ({ clips: trial.clips, loss: lossOver(trial.losses, drawn) })),
      clips,
    );
  return { clips, ...overScenes(scenes, seed, at) };
}

function named(
  { paths }: Context,
  snapshot: Snapshot,
  forecast: Omit<Forecast, 'id' | 'snapshotId' | 'plot'>,
): Forecast {
  const hash = createHash('sha256')
    .update(canonical({ snapshot: snapshot.id, ...forecast }))
    .digest('hex');
  const id = idOf('fct', hash.slice(0, 12));
  return { id, snapshotId: snapshot.id, ...forecast, plot: join(paths.reports, `${id}.svg`) };
}

function refuseTooFew({ id, clips }: Snapshot): void {
  if (clips.train >= FEWEST_CLIPS && clips.heldout > 0) return;
  throw new BacklotError('too-few-clips', {
    expected: `at least ${FEWEST_CLIPS} training clips and one held-out clip`,
    where: id,
    found: `${clips.train} training and ${clips.heldout} held-out clips`,
    remedy: 'Clear more shots (backlot rights check says which wait for what), then freeze again.',
  });
}
