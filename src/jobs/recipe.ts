import { join } from 'node:path';
import type { DatasetInput, JobInput, Training } from '../contract/index.ts';
import { BacklotError, OPEN_BASE_RATE, RATES } from '../contract/index.ts';
import { isOpenBase, worldsOf } from './base.ts';
import type { WorkspacePaths } from './context.ts';
import { refuseOtherRate } from './rate.ts';
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

/** The size of a model from scratch: that of the shipped base, so that both learn for the same cost a step. */
const SCRATCH_SHAPE = { width: 192, depth: 6, heads: 3, words: 4096, captionWords: 24 };
/** New words move alone, from anywhere to a meaning, so they take larger steps than matrices; the factor is not tuned. */
const WORD_RATE = 5;

/** Everything of an engine job that says how to learn, resolved. */
function learningOf({ dataset, base, training, subset }: Lesson) {
  const { method, rank, batch, processes, seed } = training;
  return {
    seed,
    dataset,
    subset,
    method,
    base,
    shape: method === 'scratch' ? SCRATCH_SHAPE : null,
    lora: method === 'lora' ? { rank, alpha: rank, words: true, wordRate: WORD_RATE } : null,
    batch,
    processes,
    optimizer: {
      name: method === 'lora' ? ('adamw' as const) : ('muon' as const),
      rate: training.rate ?? RATES[method],
      weightDecay: method === 'lora' ? 0 : 0.02,
      warmupSteps: 20,
      decayFrom: 0.5,
      clipNorm: 1,
    },
    emaDecay: 0.98,
    captionDropout: 0.1,
    givenShare: 0.3,
    mirror: training.mirror,
    precision: 'bf16' as const,
    latents: null,
  };
}

/** As `learningOf`, with what an open base wants otherwise: it reads captions itself, and is not shown frames. */
export async function resolved(lesson: Lesson, paths?: WorkspacePaths) {
  const shift = await shiftOf(lesson.base, sizeIn(lesson.dataset));
  const learning = { ...learningOf(lesson), shift, prior: await priorOf(lesson) };
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
export const mayRehearse = ({ method, prior }: Training): boolean => method === 'lora' && prior > 0;

async function priorOf({ training, base }: Lesson) {
  const worlds = mayRehearse(training) ? await worldsOf(base) : null;
  if (worlds && training.batch === 1) throw noRoomForWorlds();
  return worlds && { worlds, share: training.prior };
}

const noRoomForWorlds = (): BacklotError =>
  new BacklotError('bad-input', {
    expected: "a batch of at least 2, as at least one clip of each comes from the base's own worlds",
    where: 'batch',
    found: '1',
    remedy: 'Ask for a larger batch (--batch), or for an adapter that rehearses nothing (--prior 0).',
  });

/** @throws BacklotError for what cannot be learned so, before the engine is asked */
export async function refuseUnfit(lesson: Lesson): Promise<void> {
  refuseUneven(lesson.training);
  await refuseOtherRate(lesson);
}

/** @throws BacklotError `bad-input` where the processes cannot have even parts of a batch */
function refuseUneven({ batch, processes }: Training): void {
  if (batch % processes === 0) return;
  throw new BacklotError('bad-input', {
    expected: `a number of processes that divides the batch of ${batch}`,
    where: 'processes',
    found: String(processes),
    remedy: `Ask for a batch of ${processes * Math.ceil(batch / processes)}, or for another number of processes.`,
  });
}
