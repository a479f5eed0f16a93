import { join } from 'node:path';
import type { DatasetInput, JobInput, Progress, Report, RunEvent, Training } from '../contract/index.ts';
import { BacklotError, OPEN_BASE_RATE, RATES } from '../contract/index.ts';
import { isOpenBase, worldsOf } from './base.ts';
import type { Context, WorkspacePaths } from './context.ts';
import type { EngineRunResult, JobDraft } from './engine-process.ts';
import { preflightWords } from './preflight.ts';
import { refuseOtherRate } from './rate.ts';
import { type SizeOf, shiftOf, sizeIn } from './shift.ts';

type TrainDraft = JobDraft & { kind: 'train' };
type PreflightDraft = JobDraft & { kind: 'preflight' };

/** What learning needs of a context: no database, and a workspace only to keep latents in. */
type Learning = Pick<Context, 'engine' | 'report' | 'signal'> & Partial<Pick<Context, 'paths'>>;

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
const TIMED_STEPS = 5;
/** Loading, encoding and the last evaluation, as a share of the time wished for. */
const OVERHEAD_SHARE = 0.08;
/** The newest may be damaged by a crash; then the one before it is gone on from. */
const CHECKPOINTS_KEPT = 2;
const CHECKPOINTS_A_RUN = 4;

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

/** Where latents of an open base lie between runs; a withdrawal empties it. */
export const keptLatents = ({ datasets }: Pick<WorkspacePaths, 'datasets'>): string =>
  join(datasets, 'latents');

/** Only an adapter keeps the base's worlds in its batches: the others were not measured with them (ADR 0089). */
const mayRehearse = ({ method, prior }: Training): boolean => method === 'lora' && prior > 0;

async function priorOf({ training, base }: Lesson) {
  const worlds = mayRehearse(training) ? await worldsOf(base) : null;
  if (worlds && training.batch === 1) throw noRoomForWorlds();
  return worlds && { worlds, share: training.prior };
}

/** Told before an adapter learns: how much an adapter forgets without worlds stands in docs/LOG.md. */
const NO_WORLDS =
  'No worlds of this base are at hand to keep in the batches, so this adapter rehearses none (--prior): with it loaded, ' +
  'more of what the base knew by itself may be lost. Without the adapter the base is as before.';

const noRoomForWorlds = (): BacklotError =>
  new BacklotError('bad-input', {
    expected: "a batch of at least 2, as at least one clip of each comes from the base's own worlds",
    where: 'batch',
    found: '1',
    remedy: 'Ask for a larger batch (--batch), or for an adapter that rehearses nothing (--prior 0).',
  });

/** As `learningOf`, with what an open base wants otherwise: it reads captions itself, and is not shown frames. */
async function resolved(lesson: Lesson, { paths }: Learning) {
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

/** Times a few real steps and turns the seconds wished for into a number of steps. */
export async function stepsFor(context: Learning, lesson: Lesson): Promise<number> {
  refuseUneven(lesson.training);
  await refuseOtherRate(lesson);
  if (lesson.training.steps !== undefined) return lesson.training.steps;
  const draft: PreflightDraft = {
    kind: 'preflight',
    ...(await resolved(lesson, context)),
    keepCheckpoints: CHECKPOINTS_KEPT,
    timedSteps: TIMED_STEPS,
  };
  const { outcome } = await context.engine.run(draft, progressOf(context.report), context.signal);
  const secondsPerStep = Number(outcome.result.secondsPerStep);
  const steps = Math.max(1, Math.floor((lesson.training.seconds * (1 - OVERHEAD_SHARE)) / secondsPerStep));
  const notice = preflightWords(outcome.result, steps);
  if (notice) context.report({ phase: 'preflight', done: 0, total: 0, unit: '', notice });
  return steps;
}

/** Trains for the time or the steps asked for; a run of the same lesson is continued or reused. */
export async function learn(context: Learning, lesson: Lesson): Promise<EngineRunResult & { steps: number }> {
  const steps = await stepsFor(context, lesson);
  const learning = await resolved(lesson, context);
  if (mayRehearse(lesson.training) && learning.prior === null)
    context.report({ phase: 'training', done: 0, total: 0, unit: '', notice: NO_WORLDS });
  const every = Math.max(1, Math.ceil(steps / CHECKPOINTS_A_RUN));
  const draft: TrainDraft = {
    kind: 'train',
    ...learning,
    steps,
    evalEvery: every,
    checkpointEvery: every,
    keepCheckpoints: CHECKPOINTS_KEPT,
    sample:
      lesson.captions.length > 0
        ? { captions: lesson.captions, sampling: await samplingOf(lesson.base, sizeIn(lesson.dataset)) }
        : null,
    resumeFrom: null,
  };
  const result = await context.engine.run(draft, progressOf(context.report), context.signal);
  return { ...result, steps };
}

/** How takes are drawn: 12 steps gave as many usable takes as 24, guidance 3 fewer than 2 (docs/LOG.md). */
export const SAMPLING = { steps: 12, guidance: 2, shift: 3 };
/** Steps and guidance of diffusers' own Wan pipelines; nothing was measured here. */
const OPEN_BASE_SAMPLING = { steps: 50, guidance: 5 };

/** How takes of this base are drawn: at the shift that it is trained at. `size`: of an open base's takes. */
export const samplingOf = async (base: Pick<JobInput, 'path'>, size: SizeOf) => ({
  ...((await isOpenBase(base)) ? OPEN_BASE_SAMPLING : SAMPLING),
  shift: await shiftOf(base, size),
});

/** Turns the engine's events into progress for people; the newest loss rides along as the note. */
export function progressOf(report: Report, title = ''): (event: RunEvent) => void {
  let current: Progress = { phase: title, done: 0, total: 0, unit: '' };
  return (event) => {
    if (event.type === 'notice') return report({ ...current, notice: event.message });
    if (event.type === 'phase')
      current = { ...current, phase: [title, event.name].filter(Boolean).join(': ') };
    else if (event.type === 'metric')
      current = { ...current, note: `${event.name} ${event.value.toFixed(3)}` };
    else if (event.type === 'progress') {
      const { done, total, unit, etaSeconds, perSecond } = event;
      current = {
        ...current,
        done,
        total,
        unit: perSecond ? `${unit} (${perSecond.toFixed(1)}/s)` : unit,
        etaSeconds,
      };
    } else return;
    report(current);
  };
}
