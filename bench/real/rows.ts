import { readFileSync } from 'node:fs';
import { bootstrap, type ClipLoss, lossOver, rangeOf } from '../../src/assess/curve.ts';
import { type DatasetInput, type JobInput, trainingSchema } from '../../src/contract/index.ts';
import type { Snapshot } from '../../src/dataset/index.ts';
import { generate } from '../../src/generate/index.ts';
import { type Context, firstMetric, learn, progressOf } from '../../src/jobs/index.ts';
import { heldoutBriefs } from '../../src/run/briefs.ts';
import { firstFramePsnr } from './first-frames.ts';

const SEED = 1;
const BRIEFS = 8;

/** What the codec leaves of the films, what is learned of them, and how well a given first frame is kept. */
export async function learnedRows(context: Context, snapshot: Snapshot, base: JobInput, steps: number) {
  const dataset = { path: snapshot.path, digest: snapshot.digest };
  return [
    ...(await codecRows(context, dataset, base)),
    ...(await lossRows(context, dataset, base, steps)),
    await firstFrameRow(context, snapshot),
  ];
}

async function codecRows(context: Context, dataset: DatasetInput, base: JobInput) {
  const job = { kind: 'encode' as const, seed: SEED, dataset, base };
  const { outcome } = await context.engine.run(job, progressOf(context.report, 'codec'), context.signal);
  const titles = outcome.result.psnr as unknown as { title: string; clips: number; psnr: number }[];
  return titles.map(({ title, clips, psnr }) => ({
    what: `codec PSNR, ${title}`,
    value: psnr,
    unit: 'dB',
    n: clips,
  }));
}

/** Held-out loss (whole scenes held out) of the base, and after the same steps of adapter and scratch. */
async function lossRows(context: Context, dataset: DatasetInput, base: JobInput, steps: number) {
  const trained = async (method: 'lora' | 'scratch') => {
    const training = trainingSchema.parse({ method, steps, seed: SEED });
    const run = await learn(context, { dataset, base, training, subset: null, captions: [] });
    return { run, losses: run.outcome.result.heldoutByClip as unknown as ClipLoss[] };
  };
  const [adapter, scratch] = [await trained('lora'), await trained('scratch')];
  const untrained = await firstMetric(adapter.run.directory, 'heldout/loss');
  const scenes = [...new Set(adapter.losses.map(({ scene }) => scene))];
  const row = (what: string, measure: (drawn: string[]) => number) => ({
    what,
    ...rangeOf(bootstrap(scenes, SEED, measure), measure(scenes)),
    unit: 'loss',
    n: scenes.length,
  });
  const [a, s] = [adapter.losses, scratch.losses];
  return [
    { what: 'held-out loss, base as it is', value: untrained ?? Number.NaN, unit: 'loss' },
    row(`held-out loss, adapter after ${steps} steps`, (drawn) => lossOver(a, drawn)),
    row(`held-out loss, scratch after ${steps} steps`, (drawn) => lossOver(s, drawn)),
    row('scratch minus adapter, scene by scene', (drawn) => lossOver(s, drawn) - lossOver(a, drawn)),
  ];
}

/** How well takes of the base keep the first frame that they were given. */
async function firstFrameRow(context: Context, snapshot: Snapshot) {
  const briefs = (await heldoutBriefs(context, snapshot, BRIEFS, SEED)).filter(
    ({ mode }) => mode === 'first',
  );
  const takes = await generate(context, { briefs });
  const values = await Promise.all(takes.map((take) => firstFramePsnr(readFileSync(take.rawPath), take)));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    what: 'first frame of a take against the one given',
    value: mean,
    low: Math.min(...values),
    high: Math.max(...values),
    unit: 'dB (least and most)',
    n: values.length,
  };
}
