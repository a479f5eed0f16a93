import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EngineBrief, type TakeLine, takeLineSchema } from '../contract/index.ts';
import { type Context, progressOf, SAMPLING } from '../jobs/index.ts';
import { getModel, type Model, registerBase } from '../train/index.ts';
import { firstFrameInput } from './first-frame.ts';
import { type Batch, batchesOf, takeId } from './plan.ts';
import type { Brief, GenerateInput, Take } from './schema.ts';
import { saveTakes } from './store.ts';
import { takeVideo } from './video.ts';

/** Takes drawn together: keeps memory small; the fastest number has not been measured. */
const BATCH = 8;
const FRAME = { width: 96, height: 64 };

/** Makes every brief's takes; those that exist already are not made again. */
export async function generate(context: Context, input: GenerateInput): Promise<Take[]> {
  const model =
    input.model === undefined ? await registerBase(context) : await getModel(context.db, input.model);
  await mkdir(context.paths.takes, { recursive: true });
  const takes: Take[] = [];
  for (const batch of batchesOf(input.briefs)) takes.push(...(await drawBatch(context, model, batch)));
  return takes;
}

async function drawBatch(context: Context, model: Model, batch: Batch): Promise<Take[]> {
  const adapters = await Promise.all(
    batch.adapters.map(async ({ id, weight }) => {
      const { path, sha256 } = await getModel(context.db, id);
      return { path, sha256, weight };
    }),
  );
  const briefs = await Promise.all(batch.briefs.map((brief) => engineBrief(context, brief)));
  const { id, directory } = await context.engine.run(
    {
      kind: 'generate',
      seed: 0,
      base: { path: model.path, sha256: model.sha256 },
      adapters,
      briefs,
      sampling: SAMPLING,
      batch: BATCH,
      precision: 'bf16',
    },
    progressOf(context.report, 'takes'),
    context.signal,
  );
  const takes = await register(
    context,
    directory,
    { runId: id, modelId: shownModel(model, batch) },
    batch.briefs,
  );
  await saveTakes(context, takes);
  return takes;
}

/** A take with one adapter is that adapter's; with none or several it is the base's, and the brief names them. */
const shownModel = (model: Model, { adapters: [first, second] }: Batch): string =>
  first !== undefined && second === undefined ? first.id : model.id;

/** Only what the model may know: `expect` stays behind. */
async function engineBrief(context: Context, brief: Brief): Promise<EngineBrief> {
  const { id, text, mode, candidates, seed } = brief;
  const folder = join(context.paths.takes, 'first-frames');
  const first = brief.first === undefined ? null : await firstFrameInput(brief.first, FRAME, folder);
  return { id, text, mode, first, candidates, seed };
}

async function register(
  context: Context,
  directory: string,
  of: Pick<Take, 'runId' | 'modelId'>,
  briefs: readonly Brief[],
): Promise<Take[]> {
  const text = await readFile(join(directory, 'takes.jsonl'), 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => takeLineSchema.parse(JSON.parse(line)));
  const takes: Take[] = [];
  for (const line of lines) {
    const brief = briefs.find(({ id }) => id === line.brief);
    if (brief) takes.push(await takeOf(context, directory, line, brief, of));
    context.report({ phase: 'takes: videos', done: takes.length, total: lines.length, unit: 'takes' });
  }
  return takes;
}

async function takeOf(
  context: Context,
  directory: string,
  line: TakeLine,
  brief: Brief,
  of: Pick<Take, 'runId' | 'modelId'>,
): Promise<Take> {
  const id = takeId(of.runId, brief.id, line.candidate);
  const rawPath = join(directory, line.path);
  const video = await takeVideo(line, rawPath, context.paths.takes, id);
  return {
    id,
    briefId: brief.id,
    brief,
    ...of,
    candidate: line.candidate,
    seed: line.seed,
    rawPath,
    rawSha256: line.sha256,
    videoPath: video.path,
    videoSha256: video.sha256,
  };
}
