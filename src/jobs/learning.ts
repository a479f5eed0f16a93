import {
  type JobInput,
  type Progress,
  type Report,
  type RunEvent,
  SECONDS,
  type Training,
} from '../contract/index.ts';
import { isOpenBase } from './base.ts';
import type { Context } from './context.ts';
import type { EngineRunResult, JobDraft } from './engine-process.ts';
import { preflightWords } from './preflight.ts';
import { type Lesson, mayRehearse, resolved } from './recipe.ts';
import { type SizeOf, shiftOf, sizeIn } from './shift.ts';
import { refuseLongWarmup, refuseUnfit } from './unfit.ts';

type TrainDraft = JobDraft & { kind: 'train' };
type PreflightDraft = JobDraft & { kind: 'preflight' };

/** What learning needs of a context: no database, and a workspace only to keep latents in. */
type Learning = Pick<Context, 'engine' | 'report' | 'signal'> & Partial<Pick<Context, 'paths'>>;

const TIMED_STEPS = 5;
/** Loading, encoding and the last evaluation, as a share of the time wished for. */
const OVERHEAD_SHARE = 0.08;
/** The newest may be damaged by a crash; then the one before it is gone on from. */
const CHECKPOINTS_KEPT = 2;
const CHECKPOINTS_A_RUN = 4;

/** Told before an adapter learns: how much an adapter forgets without worlds stands in docs/LOG.md. */
const NO_WORLDS =
  'No worlds of this base are at hand to keep in the batches, so this adapter rehearses none (--prior): with it loaded, ' +
  'more of what the base knew by itself may be lost. Without the adapter the base is as before.';

/**
 * Times a few real steps, and tells what it found of clips, time, memory and disk. Seconds that are wished for become steps; steps that are asked for
 * stay as many.
 * @throws BacklotError `out-of-memory`, `disk-full` with what would do; what a lesson is refused for
 */
export async function stepsFor(context: Learning, lesson: Lesson): Promise<number> {
  await refuseUnfit(lesson);
  const draft: PreflightDraft = {
    kind: 'preflight',
    ...(await resolved(lesson, context.paths)),
    keepCheckpoints: CHECKPOINTS_KEPT,
    timedSteps: TIMED_STEPS,
  };
  const { outcome, reused } = await context.engine.run(draft, progressOf(context.report), context.signal);
  const steps = stepsIn(lesson.training, Number(outcome.result.secondsPerStep));
  refuseLongWarmup(lesson.training, steps);
  const notice = preflightWords(outcome.result, { steps, evaluations: evaluationsIn(steps), reused });
  if (notice) context.report({ phase: 'preflight', done: 0, total: 0, unit: '', notice });
  return steps;
}

const stepsIn = ({ steps, seconds = SECONDS }: Training, secondsPerStep: number): number =>
  steps ?? Math.max(1, Math.floor((seconds * (1 - OVERHEAD_SHARE)) / secondsPerStep));

/** Steps from one checkpoint to the next. */
const everyOf = (steps: number): number => Math.max(1, Math.ceil(steps / CHECKPOINTS_A_RUN));

/** How often held-out loss is measured: before the first step, at checkpoints, after the last step. */
const evaluationsIn = (steps: number): number => 2 + Math.floor((steps - 1) / everyOf(steps));

/** Trains for the time or the steps asked for; a run of the same lesson is continued or reused. Steps are not timed beforehand. */
export async function learn(context: Learning, lesson: Lesson): Promise<EngineRunResult & { steps: number }> {
  await refuseUnfit(lesson);
  const steps = lesson.training.steps ?? (await stepsFor(context, lesson));
  const learning = await resolved(lesson, context.paths);
  if (mayRehearse(lesson.training) && learning.prior === null)
    context.report({ phase: 'training', done: 0, total: 0, unit: '', notice: NO_WORLDS });
  const draft: TrainDraft = {
    kind: 'train',
    ...learning,
    steps,
    evalEvery: everyOf(steps),
    checkpointEvery: everyOf(steps),
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
