import { join } from 'node:path';
import type { DatasetInput, JobInput, Training } from '../contract/index.ts';
import {
  BacklotError,
  OPEN_BASE_RATE,
  PRIOR,
  RANK,
  RATES,
  SCRATCH_SHAPE,
  WARMUP_STEPS,
  WEIGHT_DECAYS,
  WORD_RATE,
} from '../contract/index.ts';
import { isOpenBase, knownWordsOf, worldsOf } from './base.ts';
import type { WorkspacePaths } from './context.ts';
import { shiftOf, sizeIn } from './shift.ts';

/** What is learned from what. */
export interface Lesson {
  dataset: DatasetInput;
  base: JobInput;
  training: Training;
  /** Only this many of the training clips, drawn by the seed; null: all. */
  subset: number | null;
  /** Captions drawn as a sample sheet at each checkpoint; empty: none. */
  captions: string[];
}

/** Everything of an engine job that says how to learn, resolved. */
function learningOf({ dataset, base, training, subset }: Lesson) {
  const { method, rank = RANK, batch, processes, seed, mirror } = training;
  const { decayFrom, clipNorm, emaDecay, captionDropout, precision } = training;
  return {
    seed,
    dataset,
    subset,
    method,
    base,
    shape: method === 'scratch' ? shapeOf(training) : null,
    lora:
      method === 'lora' ? { rank, alpha: rank, words: true, wordRate: training.wordRate ?? WORD_RATE } : null,
    batch,
    processes,
    optimizer: {
      name: method === 'lora' ? ('adamw' as const) : ('muon' as const),
      rate: training.rate ?? RATES[method],
      weightDecay: training.weightDecay ?? WEIGHT_DECAYS[method],
      warmupSteps: training.warmupSteps ?? WARMUP_STEPS,
      decayFrom,
      clipNorm,
    },
    emaDecay,
    captionDropout,
    givenShare: 0.3,
    mirror,
    precision,
    latents: null,
  };
}

const shapeOf = ({ width, depth, heads }: Training) => ({
  ...SCRATCH_SHAPE,
  width: width ?? SCRATCH_SHAPE.width,
  depth: depth ?? SCRATCH_SHAPE.depth,
  heads: heads ?? SCRATCH_SHAPE.heads,
});

/** As `learningOf`, with what an open base wants otherwise: it reads captions itself, and is not shown frames. */
export async function resolved(lesson: Lesson, paths?: WorkspacePaths) {
  const shift = lesson.training.shift ?? (await shiftOf(lesson.base, sizeIn(lesson.dataset)));
  const knownWords = lesson.training.method === 'lora' ? await knownWordsOf(lesson.base) : null;
  const learning = { ...learningOf(lesson), knownWords, shift, prior: await priorOf(lesson) };
  if (!(await isOpenBase(lesson.base))) return learning;
  const { training } = lesson;
  return {
    ...learning,
    lora: learning.lora && { ...learning.lora, words: false, wordRate: 1 },
    optimizer: { ...learning.optimizer, rate: training.rate ?? OPEN_BASE_RATE },
    givenShare: 0,
    latents: paths ? keptLatents(paths) : null,
  };
}

/** Where latents of an open base lie between runs; a withdrawal empties it. */
export const keptLatents = ({ datasets }: Pick<WorkspacePaths, 'datasets'>): string =>
  join(datasets, 'latents');

/** Only an adapter keeps the base's worlds in its batches: the others were not measured with them (ADR 0089). */
export const mayRehearse = ({ method, prior = PRIOR }: Training): boolean => method === 'lora' && prior > 0;

async function priorOf({ training, base }: Lesson) {
  const worlds = mayRehearse(training) ? await worldsOf(base) : null;
  if (worlds && training.batch === 1) throw noRoomForWorlds();
  if (!worlds && training.prior) throw noWorlds(training.prior);
  return worlds && { worlds, share: training.prior ?? PRIOR };
}

const noWorlds = (prior: number): BacklotError =>
  new BacklotError('bad-input', {
    expected: '0 or nothing, as no worlds came with this base',
    where: 'prior',
    found: String(prior),
    remedy: 'Leave it out (--prior), or learn an adapter of the base that ships with Backlot.',
  });

const noRoomForWorlds = (): BacklotError =>
  new BacklotError('bad-input', {
    expected: "a batch of at least 2, as at least one clip of each comes from the base's own worlds",
    where: 'batch',
    found: '1',
    remedy: 'Ask for a larger batch (--batch), or for an adapter that rehearses nothing (--prior 0).',
  });
