import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { forgetLearned } from '../assess/index.ts';
import { targetsOf } from '../contract/index.ts';
import { getSnapshot, listClips, whileStanding } from '../dataset/index.ts';
import {
  type Context,
  type EngineRunResult,
  keepModel,
  learn,
  modelIdFor,
  registerBase,
  stepsFor,
} from '../jobs/index.ts';
import { recordStanding, type Standing } from '../rights/index.ts';
import { cardOf, writeCard } from './card.ts';
import { keptWords } from './kept.ts';
import { nameFor } from './name.ts';
import { refuseNamed } from './named.ts';
import { refuseRetired } from './refuse.ts';
import type { Model, TrainInput } from './schema.ts';
import { sheetCaptions } from './sheet.ts';

/**
 * Trains a model from a frozen dataset; the same wish again continues or returns the same model.
 * @throws BacklotError `not-cleared` where a caption of the sample sheet names somebody else or `name` another model, or what it learned from was
 *   withdrawn meanwhile; `model-retired` where it comes to be a model that is out of use; what learning throws
 */
export const train = (context: Context, input: TrainInput): Promise<Model> =>
  whileStanding(context, (by) => trainBy(context, input, by));

async function trainBy(context: Context, input: TrainInput, by: Standing): Promise<Model> {
  const { dataset, name, base: basePath, captions, ...training } = input;
  const snapshot = await getSnapshot(context.db, dataset);
  const called = nameFor(name, training.method, snapshot);
  const base = await registerBase(context, basePath);
  const sheet = captions.map((text) => ({ where: `caption "${text}"`, text, models: [base.id] }));
  await refuseNamed(context, sheet, targetsOf(snapshot.options));
  const lesson = {
    dataset: { path: snapshot.path, digest: snapshot.digest },
    base: { path: base.path, sha256: base.sha256 },
    training,
    subset: null,
    captions: sheetCaptions(captions, await listClips(context.db, snapshot.id)),
  };
  context.report({ phase: 'preflight', done: 0, total: 0, unit: '', notice: keptWords(snapshot) });
  const steps = await stepsFor(context, lesson);
  const run = await learn(context, { ...lesson, training: { ...training, seconds: undefined, steps } });
  const model = await modelOf(context, run, base, { ...input, name: called });
  // The same weights of the same dataset are the model that was retired (ADR 0186).
  await refuseRetired(context.db, [model.id]);
  await keepLearned(context, run, model, { by, snapshot: snapshot.digest });
  await writeCard(await cardOf(context, model), `${model.path}-card`, writeFile);
  return model;
}

/** Keeps the model where what it learned from stands; else what was learned goes. */
async function keepLearned(
  context: Context,
  run: EngineRunResult,
  model: Model,
  { by, snapshot }: { by: Standing; snapshot: string },
): Promise<void> {
  const { db, who } = context;
  try {
    await recordStanding(db, by, run.mustStand, (tx) => keepModel({ db: tx, who }, model));
  } catch (error) {
    if (!run.reused) await forgetLearned(context, by, { weights: model.path, snapshot });
    throw error;
  }
}

async function modelOf(
  { db }: Pick<Context, 'db'>,
  run: EngineRunResult & { steps: number },
  base: { id: string },
  input: TrainInput & { name: string },
): Promise<Model> {
  const artifact = run.outcome.result.model as { path: string; sha256: string };
  return {
    id: await modelIdFor(db, artifact.sha256, input.dataset),
    name: input.name,
    kind: input.method === 'lora' ? 'adapter' : input.method,
    path: join(run.directory, artifact.path),
    sha256: artifact.sha256,
    baseId: base.id,
    snapshotId: input.dataset,
    runId: run.id,
    record: {
      ...run.outcome.result,
      ...{ steps: run.steps, method: input.method, seed: input.seed, notices: run.notices },
    },
  };
}
