import { mkdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type TakeLine, takeLineSchema } from '../contract/index.ts';
import { type Context, progressOf, samplingOf } from '../jobs/index.ts';
import { takeId } from './plan.ts';
import { prepare, type Ready } from './prepare.ts';
import type { GenerateInput, KeptBrief, Take } from './schema.ts';
import { saveTakes } from './store.ts';
import { takeVideo } from './video.ts';

/** Takes drawn together: keeps memory small; the fastest number has not been measured. */
const BATCH = 8;
/** A video this small does not keep an encoder's threads busy. */
const VIDEOS_AT_ONCE = availableParallelism();

/** Makes every brief's takes; those that exist already are not made again. */
export async function generate(context: Context, input: GenerateInput): Promise<Take[]> {
  const ready = await prepare(context, input);
  await mkdir(context.paths.takes, { recursive: true });
  const takes: Take[] = [];
  for (const batch of ready) takes.push(...(await drawBatch(context, batch)));
  return takes;
}

async function drawBatch(context: Context, { model, adapters, engineBriefs, briefs, size, shownAs }: Ready) {
  const { id, directory } = await context.engine.run(
    {
      kind: 'generate',
      seed: 0,
      base: { path: model.path, sha256: model.sha256 },
      adapters,
      briefs: engineBriefs,
      size,
      sampling: await samplingOf(model),
      batch: BATCH,
      precision: 'bf16',
    },
    progressOf(context.report, 'takes'),
    context.signal,
  );
  const takes = await register(context, directory, { runId: id, modelId: shownAs }, briefs);
  await saveTakes(context, takes);
  return takes;
}

async function register(
  context: Context,
  directory: string,
  of: Pick<Take, 'runId' | 'modelId'>,
  briefs: readonly KeptBrief[],
): Promise<Take[]> {
  const text = await readFile(join(directory, 'takes.jsonl'), 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => takeLineSchema.parse(JSON.parse(line)));
  const takes: Take[] = [];
  for (let start = 0; start < lines.length; start += VIDEOS_AT_ONCE) {
    const part = lines.slice(start, start + VIDEOS_AT_ONCE);
    takes.push(...(await Promise.all(part.map((line) => takeOf(context, directory, line, briefs, of)))));
    context.report({ phase: 'takes: videos', done: takes.length, total: lines.length, unit: 'takes' });
  }
  return takes;
}

async function takeOf(
  context: Context,
  directory: string,
  line: TakeLine,
  briefs: readonly KeptBrief[],
  of: Pick<Take, 'runId' | 'modelId'>,
): Promise<Take> {
  const brief = briefs.find(({ id }) => id === line.brief);
  if (!brief) throw new Error(`${directory}: a take of brief '${line.brief}', which was not asked for`);
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
