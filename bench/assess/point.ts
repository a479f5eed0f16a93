import { join } from 'node:path';
import type { Calibration } from '../../src/assess/index.ts';
import { type DatasetInput, type JobInput, type Training, trainingSchema } from '../../src/contract/index.ts';
import { firstMetric, learn } from '../../src/jobs/index.ts';
import { type Bench, briefsFor, judgedTakes } from '../takes.ts';

export const SEED = 21;
const BRIEFS = 16;
/** The short trial from which the forecast is made, and the training whose takes are counted. */
export const TRIAL_STEPS = 24;
export const FULL_STEPS = 180;

export type Point = Calibration['points'][number];

/** What a short trial removes of the held-out loss, and how many briefs get a usable take after the whole training. */
export async function measurePoint(
  bench: Bench,
  base: JobInput,
  titles: string[],
  clips: number,
  dataset: DatasetInput,
): Promise<Point> {
  const trial = await learnFor(bench, base, dataset, { steps: TRIAL_STEPS, prior: 0 });
  const untrained = (await firstMetric(trial.directory, 'heldout/loss')) ?? Number.NaN;
  const full = await learnFor(bench, base, dataset, { steps: FULL_STEPS });
  const model = full.outcome.result.model as { path: string; sha256: string };
  const adapter = { path: join(full.directory, model.path), sha256: model.sha256, weight: 1 };
  const briefs = briefsFor(titles, BRIEFS, SEED);
  const judged = await judgedTakes(bench, { base, adapters: [adapter] }, briefs, dataset);
  const usable = judged.filter((takes) => takes.some(Boolean)).length;
  const gain = 1 - Number(trial.outcome.result.heldoutLoss) / untrained;
  return { titles, clips, gain, briefs: BRIEFS, usable };
}

type Wish = Partial<Pick<Training, 'steps' | 'prior'>>;

function learnFor(bench: Bench, base: JobInput, dataset: DatasetInput, wish: Wish) {
  const training = trainingSchema.parse({ ...wish, seed: SEED });
  return learn(bench, { dataset, base, training, subset: null, captions: [] });
}
