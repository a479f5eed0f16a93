import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { JobInput, TakeLine } from '../contract/index.ts';
import { type Context, progressOf, samplingOf } from '../jobs/index.ts';
import { recordStanding, type Standing, standing } from '../rights/index.ts';
import { type Model, registerUpscaler } from '../train/index.ts';
import { crispTakes, readTakeLines, takesOf } from './crisp.ts';
import { refuseDrawnBefore } from './drawn-before.ts';
import { takeId } from './plan.ts';
import { clearBriefs, prepare, type Ready } from './prepare.ts';
import type { DrawnBrief, GenerateInput, Take } from './schema.ts';
import { saveTakes, takesKnown } from './store.ts';
import { writeVideo } from './video.ts';

/** Takes drawn together: keeps memory small; the fastest number has not been measured. */
const BATCH = 8;
/** A video this small does not keep an encoder's threads busy. */
const VIDEOS_AT_ONCE = availableParallelism();

/**
 * Makes every brief's takes; those that exist already are not made again.
 * @throws BacklotError `blocked` where they exist and a withdrawal has reached them, what preparing and drawing throw, also where something was withdrawn meanwhile: then none of that run is kept
 */
export async function generate(context: Context, input: GenerateInput): Promise<Take[]> {
  const by = await standing(context.db);
  const ready = await prepare(context, input);
  await mkdir(context.paths.takes, { recursive: true });
  const takes: Take[] = [];
  for (const batch of ready) takes.push(...(await drawBatch(context, batch, by)));
  return takes;
}

async function drawBatch(context: Context, ready: Ready, by: Standing): Promise<Take[]> {
  const { model, adapters, engineBriefs, briefs, size, shownAs, pictures } = ready;
  const run = await context.engine.run(
    {
      kind: 'generate',
      seed: 0,
      base: { path: model.path, sha256: model.sha256 },
      adapters,
      briefs: engineBriefs,
      size,
      sampling: await samplingOf(model, size),
      batch: BATCH,
      precision: 'bf16',
    },
    progressOf(context.report, 'takes'),
    context.signal,
  );
  // The shipped upscaler knows takes of the small family; those of an open base are large as they are.
  const upscaler = size === null ? await registerUpscaler(context) : null;
  const of = { runId: run.id, modelId: shownAs, upscalerId: upscaler?.id ?? null };
  const takes = await register(context, takesOf(run), of, upscaler, briefs);
  await refuseDrawnBefore(context.db, takes);
  await keepTakes(context, takes, by, async () => {
    await clearBriefs(
      context,
      model,
      briefs.map(({ brief }) => brief),
      pictures,
    );
    await run.mustStand();
  });
  return takes;
}

/** Keeps takes where all that they were made from stands; else the videos that nobody was told of go. */
async function keepTakes(
  context: Context,
  takes: readonly Take[],
  by: Standing,
  again: () => Promise<void>,
): Promise<void> {
  const { db, who } = context;
  try {
    await recordStanding(db, by, again, (tx) => saveTakes({ db: tx, who }, takes));
  } catch (error) {
    const known = await takesKnown(db, takes);
    for (const { id, videoPath } of takes) if (!known.has(id)) await rm(videoPath, { force: true });
    throw error;
  }
}

type Origin = Pick<Take, 'runId' | 'modelId' | 'upscalerId'>;

/** Every take of a run with the video that people look at. */
async function register(
  context: Context,
  made: JobInput,
  of: Origin,
  upscaler: Model | null,
  briefs: readonly DrawnBrief[],
): Promise<Take[]> {
  const lines = await readTakeLines(made);
  const plain = lines.map((line) => takeWithout(context, made.path, line, of, briefs));
  const known = await takesKnown(context.db, plain);
  const isMissing = ({ id, videoPath }: Plain) => !known.has(id) || !existsSync(videoPath);
  const hashes = plain.some(isMissing)
    ? await makeVideos(context, made, plain.filter(isMissing), upscaler)
    : new Map<string, string>();
  return plain.map(({ line: _, ...take }) => ({
    ...take,
    ...(known.get(take.id) ?? { videoSha256: hashes.get(take.id) ?? '' }),
  }));
}

type Plain = Omit<Take, 'videoSha256'> & { line: TakeLine };

function takeWithout(
  { paths }: Context,
  takes: string,
  line: TakeLine,
  of: Origin,
  briefs: readonly DrawnBrief[],
): Plain {
  const drawn = briefs.find(({ brief }) => brief.id === line.brief);
  if (!drawn) throw new Error(`${takes}: a take of brief '${line.brief}', which was not asked for`);
  const { id: briefId } = drawn.brief;
  const { candidate, seed, frames, fps } = line;
  const id = takeId(of.runId, briefId, candidate);
  return {
    ...{ id, briefId, ...drawn, ...of, candidate, seed, frames, fps },
    ...{ rawPath: join(dirname(takes), line.path), rawSha256: line.sha256 },
    ...{ videoPath: join(paths.takes, `${id}.mp4`), line },
  };
}

/**
 * Writes the videos that are not there yet, several at once. What lies there under the name of a take that nobody has recorded may be
 * anybody's.
 * @returns the sha256 of each as it was made, by take
 */
async function makeVideos(
  context: Context,
  takes: JobInput,
  missing: readonly Plain[],
  upscaler: Model | null,
): Promise<Map<string, string>> {
  const crisp = upscaler && (await crispTakes(context, takes, upscaler));
  const large = new Map(crisp?.lines.map((line) => [line.id, line]));
  const directory = crisp?.directory ?? dirname(takes.path);
  const hashes = new Map<string, string>();
  const total = missing.length;
  for (let start = 0; start < total; start += VIDEOS_AT_ONCE) {
    context.signal.throwIfAborted();
    const part = missing.slice(start, start + VIDEOS_AT_ONCE);
    const write = async ({ id, line, videoPath }: Plain) =>
      hashes.set(id, await writeVideo(large.get(line.id) ?? line, directory, videoPath));
    await Promise.all(part.map(write));
    context.report({ phase: 'takes: videos', done: start + part.length, total, unit: 'takes' });
  }
  await crisp?.forget();
  return hashes;
}
