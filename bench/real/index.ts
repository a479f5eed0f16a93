import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrap, type ClipLoss, lossOver, rangeOf } from '../../src/assess/curve.ts';
import { type DatasetInput, type JobInput, type Report, trainingSchema } from '../../src/contract/index.ts';
import { freeze, type Snapshot } from '../../src/dataset/index.ts';
import { generate } from '../../src/generate/index.ts';
import {
  baseInput,
  type Context,
  firstMetric,
  learn,
  localEngine,
  progressOf,
} from '../../src/jobs/index.ts';
import { clearJob } from '../../src/provenance/index.ts';
import { heldoutBriefs } from '../../src/run/briefs.ts';
import { readFilms } from '../../src/run/films.ts';
import { testContext } from '../../test/support/context.ts';
import { FOOTAGE } from '../footage.ts';
import { firstFramePsnr } from './first-frames.ts';

/** Are real films learned better from the base than from nothing, and what does the codec leave of them? */

const SEED = 1;
const STEPS = 60;
const BRIEFS = 8;
const LEDGER = fileURLToPath(new URL('ledger.yaml', import.meta.url));

/** Which title each file belongs to: the names that the ledger uses, by the beginning of the file's name. */
const TITLES = {
  bbb_: 'Big Buck Bunny',
  popeye_: 'Popeye the Sailor Meets Sindbad the Sailor',
  sintel_: 'Sintel',
  tears_: 'Tears of Steel',
} as const;

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const films = join(FOOTAGE, 'catalog');
  const rows = existsSync(films)
    ? await measured(films, quick ? 8 : STEPS, report)
    : [{ what: 'skipped', value: `no footage at ${FOOTAGE}: name it in BACKLOT_FOOTAGE`, unit: '' }];
  return { bench: 'real', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
}

async function measured(films: string, steps: number, report: Report) {
  const { context, close } = await testContext({ report });
  context.engine = localEngine(context.paths.runs, (job) => clearJob(context.db, job));
  try {
    const { cleared } = await readFilms(context, {
      paths: [films],
      rights: LEDGER,
      map: writeMap(films, context.paths.root),
    });
    const snapshot = await freeze(context, { use: 'train.style' });
    const dataset = { path: snapshot.path, digest: snapshot.digest };
    const base = await baseInput();
    return [
      { what: 'cleared shots', value: cleared, unit: 'shots' },
      { what: 'training clips', value: snapshot.clips.train, unit: 'clips' },
      ...(await codecRows(context, dataset, base)),
      ...(await lossRows(context, dataset, base, steps)),
      await firstFrameRow(context, snapshot),
    ];
  } finally {
    await close();
  }
}

function writeMap(films: string, folder: string): string {
  const lines = Object.entries(TITLES).flatMap(([prefix, title]) =>
    readdirSync(films)
      .filter((name) => name.startsWith(prefix) && !name.endsWith('.srt'))
      .sort()
      .map((name, i) => `${join(films, name)},${title},${i + 1}`),
  );
  const path = join(folder, 'map.csv');
  writeFileSync(path, `file,title,reel\n${lines.join('\n')}\n`);
  return path;
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
