import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, constants, existsSync, openSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join, resolve } from 'node:path';
import {
  BacklotError,
  type Job,
  type JobInput,
  jobSchema,
  type Outcome,
  type PermittedSnapshot,
  type RunEvent,
  trainJobSchema,
} from '../contract/index.ts';
import {
  type ClearJob,
  clearRendered,
  issuePermit,
  LATENTS_KEY_VARIABLE,
  latentsKey,
  RUN_KEY_VARIABLE,
} from '../trust/index.ts';
import { canonical } from './canonical.ts';
import { endOfEvents, followEvents, noticeOf, readEvents } from './events.ts';
import { goesOnInPlace, isWhole, setAside, setOutcomeAside, standsAlone } from './go-on.ts';
import { engineVersion } from './hash.ts';
import { livePid, PID_FILE, requestCancel } from './live-run.ts';
import { stopOthers, tellOfOther } from './older-runs.ts';
import { jobText, markedOutcome, refuseExchanged } from './outcome.ts';
import { childEnvironment, ENGINE_FOLDER, processAlive, pythonProgram } from './process.ts';
import { refuseLinks } from './run-folder.ts';
import { type JobDraft, wordless, writeWords } from './run-words.ts';

export type { JobDraft } from './run-words.ts';

type Notice = Extract<RunEvent, { type: 'notice' }>;

export interface EngineRunResult {
  id: string;
  directory: string;
  outcome: Extract<Outcome, { status: 'succeeded' }>;
  /** True where an earlier run of the very same job had succeeded. */
  reused: boolean;
  /** What the engine had to say that is not a failure. */
  notices: Pick<Notice, 'code' | 'message'>[];
  /** Decides again on all that the run has read, as before it began; what it threw then it throws where that holds now. */
  mustStand: () => Promise<void>;
}

/**
 * The one door to Python. The same job is not run twice: a run that succeeded is returned, one without an outcome
 * goes on in its directory from its newest checkpoint that bears its mark, a cancelled one is continued by a new run.
 */
export interface EngineRunner {
  run(draft: JobDraft, onEvent?: (event: RunEvent) => void, signal?: AbortSignal): Promise<EngineRunResult>;
}

/** As many as a job may name. */
const MOST_THREADS = 256;
/** @throws BacklotError `bad-input` for what is no number of threads */
const threads = (): number => {
  const wanted = process.env.BACKLOT_THREADS || Math.min(availableParallelism(), MOST_THREADS);
  const known = trainJobSchema.shape.threads.safeParse(Number(wanted));
  if (known.success) return known.data;
  const remedy = 'Set it to such a number, or to nothing: then it is as many as there are cores.';
  throw badSetting('BACKLOT_THREADS', `a whole number from 1 to ${MOST_THREADS}`, String(wanted), remedy);
};

/** @throws BacklotError `bad-input` for a device that the engine does not know */
const device = (): Job['device'] => {
  const wanted = process.env.BACKLOT_DEVICE || 'cpu';
  const known = trainJobSchema.shape.device.safeParse(wanted);
  if (known.success) return known.data;
  const remedy = 'Set it to one of these, or to nothing: then it is the processor.';
  throw badSetting('BACKLOT_DEVICE', trainJobSchema.shape.device.options.join(' or '), wanted, remedy);
};

const badSetting = (where: string, expected: string, found: string, remedy: string): BacklotError =>
  new BacklotError('bad-input', { expected, where, found, remedy });

/** Kinds of jobs that a GPU can do: of all others the id must not depend on whether there is one. */
const ON_A_DEVICE: readonly Job['kind'][] = ['train', 'preflight', 'generate'];
const deviceFor = (kind: Job['kind']): Job['device'] => (ON_A_DEVICE.includes(kind) ? device() : 'cpu');

/**
 * Jobs with the same content have the same id: 12 digits of the sha256 of the job's canonical JSON.
 * @param engine version of the engine that is to do it
 */
export function draftToJob(draft: JobDraft, engine: string): Job {
  const content = {
    ...wordless(draft),
    version: 1,
    engine,
    threads: threads(),
    device: deviceFor(draft.kind),
  };
  const hash = createHash('sha256').update(canonical(content)).digest('hex');
  return jobSchema.parse({ ...content, id: `run_${hash.slice(0, 12)}` });
}

/**
 * Runs engine jobs in `runsFolder`, one directory each.
 * @param clear decides again, each time a job is asked for, on all that it reads
 */
export function localEngine(runsFolder: string, clear: ClearJob = clearRendered): EngineRunner {
  const home = { runsFolder: resolve(runsFolder), clear };
  /** Once: what an older engine is at when this one is first asked is all that there will be. */
  let alone: Promise<void> | null = null;
  return {
    run: async (draft, onEvent = () => {}, signal) => {
      signal?.throwIfAborted();
      alone ??= engineVersion().then((version) => stopOthers(home.runsFolder, version, onEvent));
      await alone;
      return runJob(home, draft, onEvent, signal);
    },
  };
}

interface Home {
  runsFolder: string;
  clear: ClearJob;
}

async function runJob(
  home: Home,
  draft: JobDraft,
  onEvent: (event: RunEvent) => void,
  signal?: AbortSignal,
): Promise<EngineRunResult> {
  signal?.throwIfAborted();
  const job = draftToJob(draft, await engineVersion());
  const directory = join(home.runsFolder, job.id);
  // Before anything else: what an earlier run of this job left may be used no more than a new run may be made.
  const snapshots = await home.clear(job);
  await refuseLinks(directory);
  const before = await earlierOutcome(directory, job, onEvent);
  const mustStand = async () => void (await home.clear(job));
  if (before?.status === 'succeeded') return { ...(await resultOf(directory, before, true)), mustStand };
  const next = before?.status === 'cancelled' ? await nextOf(home, draft, before.resumeFrom, onEvent) : null;
  if (next?.draft) return runJob(home, next.draft, onEvent, signal);
  if (next || goesOnInPlace(before)) await setOutcomeAside(directory);
  else if (existsSync(join(directory, 'outcome.json'))) await setAside(directory);
  else if (!existsSync(directory)) await tellOfOther(home.runsFolder, job, onEvent);
  await mkdir(directory, { recursive: true });
  await writeWords(directory, draft);
  const seed = await writeJob(directory, job, snapshots);
  const outcome = await follow({ directory, job, seed }, onEvent, signal);
  // A run that a withdrawal has stopped says so, and not that somebody cancelled it.
  if (outcome.status === 'cancelled' && !signal?.aborted) await mustStand();
  return { ...(await resultOf(directory, succeeded(outcome, directory), false)), mustStand };
}

/** What an earlier run of this job ended with, by its mark. What bears none is told of: it is set aside, and nothing of it is used. */
async function earlierOutcome(
  directory: string,
  job: Job,
  onEvent: (event: RunEvent) => void,
): Promise<Outcome | null> {
  try {
    const outcome = await markedOutcome(directory, job);
    if (outcome?.status === 'succeeded') await refuseExchanged(directory, outcome);
    return outcome;
  } catch (error) {
    if (!(error instanceof BacklotError)) throw error;
    const message = `What lies in ${directory} is not what the run has left (${error.facts.found}). It is set aside, and the run begins anew.`;
    onEvent(noticeOf(error.code, message));
    return null;
  }
}

async function resultOf(
  directory: string,
  outcome: EngineRunResult['outcome'],
  reused: boolean,
): Promise<Omit<EngineRunResult, 'mustStand'>> {
  const events = await readEvents(directory);
  const notices = events
    .filter((event) => event.type === 'notice')
    .map(({ code, message }) => ({ code, message }));
  return { id: basename(directory), directory, outcome, reused, notices };
}

/**
 * What goes on from a cancelled training: a new run from the checkpoint that it names, or with `draft` null the same one, from an older checkpoint,
 * where the named one is damaged. A new run that has succeeded or has checkpoints of its own needs it no more. Null: nothing does.
 */
async function nextOf(
  home: Home,
  draft: JobDraft,
  resumeFrom: JobInput | null,
  onEvent: (event: RunEvent) => void,
): Promise<{ draft: JobDraft | null } | null> {
  if (!resumeFrom || draft.kind !== 'train') return null;
  const next = { ...draft, resumeFrom };
  const job = draftToJob(next, await engineVersion());
  if ((await standsAlone(join(home.runsFolder, job.id), job)) || (await isWhole(resumeFrom)))
    return { draft: next };
  const message = `The checkpoint ${resumeFrom.path} is not as the cancelled run left it: the run goes on from the one before, or begins anew.`;
  onEvent(noticeOf('checkpoint-damaged', message));
  return { draft: null };
}

/** The job, and the permit to run it: bound to the bytes written here, whatever lay there before. @returns the seed of the run's key */
async function writeJob(directory: string, job: Job, snapshots: PermittedSnapshot[]): Promise<string> {
  const path = join(directory, 'job.json');
  const text = jobText(job);
  await writeFile(`${path}.tmp`, text);
  await rename(`${path}.tmp`, path);
  return issuePermit(directory, job, text, snapshots);
}

/** Starts the engine, or re-adopts the one that still works in this directory, and reads until it ends. */
async function follow(
  { directory, job, seed }: { directory: string; job: Job; seed: string },
  onEvent: (event: RunEvent) => void,
  signal?: AbortSignal,
): Promise<Outcome> {
  // Counted before the engine starts: its first events may come before we look again.
  const told = await endOfEvents(directory);
  const live = await livePid(directory);
  const child = live === null ? await start(directory, seed) : null;
  const pid = live ?? child?.pid;
  const cancel = () => void requestCancel(directory, pid);
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  try {
    await followEvents(directory, told, onEvent, () => ended(child, live));
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
  return (await markedOutcome(directory, job)) ?? engineDied(directory, job, child);
}

const ended = (child: ChildProcess | null, live: number | null): boolean =>
  child ? child.exitCode !== null || child.signalCode !== null : live === null || !processAlive(live);

const PYTHON = { PYTHONPATH: ENGINE_FOLDER, PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' };

/** Appends, and follows no link. */
const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;

/** In a process group of its own: ctrl-C reaches this process, which then asks the engine to stop at a step. */
async function start(directory: string, seed: string): Promise<ChildProcess> {
  // A request that the last engine died before it could follow is not one to this engine.
  await rm(join(directory, 'cancel'), { force: true });
  const keys = { [RUN_KEY_VARIABLE]: seed, [LATENTS_KEY_VARIABLE]: await latentsKey() };
  const log = openSync(join(directory, 'log.txt'), APPEND);
  const child = spawn(pythonProgram(), ['-m', 'backlot_engine', directory], {
    cwd: ENGINE_FOLDER,
    env: childEnvironment({ ...PYTHON, ...keys }),
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  if (child.pid !== undefined) writeFileSync(join(directory, PID_FILE), `${child.pid}\n`);
  child.on('error', () => {});
  return child;
}

/** The kernel says nothing to whom it ends so. Who was asked to stop and did not in time is killed here (`live-run.ts`). */
function killedWords(directory: string, kind: Job['kind']): string {
  if (existsSync(join(directory, 'cancel'))) return '';
  const smaller = kind === 'train' || kind === 'preflight' ? ', or ask for a smaller batch (--batch)' : '';
  return ` Where nobody has killed it, the system did for want of memory: close other programs${smaller}.`;
}

async function engineDied(directory: string, { kind }: Job, child: ChildProcess | null): Promise<Outcome> {
  const log = await readFile(join(directory, 'log.txt'), 'utf8').catch(() => '');
  const how = child?.signalCode ?? child?.exitCode ?? 'unknown';
  return {
    status: 'failed',
    code: 'engine-died',
    message: `the engine ended (${how}) without an outcome: ${log.trim().split('\n').slice(-3).join(' | ')}`,
    retryable: true,
    hint: `Run the same command again: it goes on from the newest checkpoint that it has left.${how === 'SIGKILL' ? killedWords(directory, kind) : ''}`,
  };
}

function succeeded(outcome: Outcome, directory: string): Extract<Outcome, { status: 'succeeded' }> {
  if (outcome.status === 'succeeded') return outcome;
  const failed = outcome.status === 'failed';
  const error = new BacklotError(failed ? outcome.code : 'cancelled', {
    expected: 'the engine run to succeed',
    where: directory,
    found: failed ? outcome.message : 'a cancelled run',
    remedy: failed ? outcome.hint : 'Run the same command again: it goes on where it stopped.',
  });
  // The engine's own words say what was expected, where and what was found: people are not told twice.
  if (failed) error.message = `${sentence(outcome.message)} ${sentence(outcome.hint)} The run: ${directory}.`;
  throw error;
}

const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);
