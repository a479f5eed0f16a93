import { fromPglite, type Job, type JobWithMetadata, PgBoss } from 'pg-boss';
import { BacklotError, messageOf, type Progress, type Report } from '../contract/index.ts';
import type { Db } from '../db/index.ts';

const QUEUE = 'operations';
/** pg-boss polls every 30 s once NOTIFY works; a lost notice should cost seconds. */
const BACKSTOP_POLL_SECONDS = 2;
/** A day: longer than any stage; the heartbeat finds a dead worker long before. */
const EXPIRE_SECONDS = 24 * 3600;
const HEARTBEAT_SECONDS = 30;

/** An operation as it waits in the queue. */
export interface QueuedOperation {
  operation: string;
  input: unknown;
  /** Whether the input is what was said; earlier versions queued it with their defaults, and without this. */
  asGiven?: true;
  who: string;
}

export type JobState = 'waiting' | 'working' | 'done' | 'cancelled' | 'failed';

export interface JobRow {
  id: string;
  operation: string;
  input: unknown;
  state: JobState;
  queuedAt: string;
  endedAt: string | null;
  /** The newest progress of a job at work in this process. */
  progress: Progress | null;
  error: string | null;
}

export type Work = (queued: QueuedOperation, report: Report, signal: AbortSignal) => Promise<unknown>;

interface Running {
  controller: AbortController;
  progress: Progress | null;
}

/** The durable queue: what is asked for outlives the process; one job works at a time. */
export interface Queue {
  /** Begins to work, once. Until then jobs wait: a process that only looks at the queue must not start one. */
  begin(): Promise<void>;
  submit(queued: QueuedOperation): Promise<string>;
  /** Resolves with the result, or throws what the job threw. */
  wait(id: string, report: Report): Promise<unknown>;
  list(): Promise<JobRow[]>;
  cancel(id: string): Promise<void>;
  /** Puts a job that was cancelled or failed into the queue again; `wait` tells how it ends this time. */
  retry(id: string): Promise<void>;
  /** Stops working: a job at work has its signal aborted and is marked as interrupted. */
  close(): Promise<void>;
}

/** What this process knows of the jobs it has been asked for. */
interface Live {
  running: Map<string, Running>;
  waiters: Map<string, PromiseWithResolvers<unknown>>;
  listeners: Map<string, Report>;
}

/**
 * Opens the queue in the workspace's database. The caller holds the workspace lock, so a job that is marked as
 * working was left by a dead process: it becomes failed (`interrupted`) and can be retried.
 */
export async function openQueue(db: Db, work: Work): Promise<Queue> {
  const boss = new PgBoss({
    db: fromPglite(db.$client),
    backend: 'pglite',
    useListenNotify: true,
    schedule: false,
  });
  boss.on('error', () => {});
  await boss.start();
  await boss.createQueue(QUEUE, {
    notify: true,
    retryLimit: 0,
    expireInSeconds: EXPIRE_SECONDS,
    heartbeatSeconds: HEARTBEAT_SECONDS,
  });
  await failInterrupted(boss);
  const live: Live = { running: new Map(), waiters: new Map(), listeners: new Map() };
  let begun: Promise<void> | null = null;
  return {
    begin: () => (begun ??= begin(boss, work, live)),
    submit: (queued) => submit(boss, live, queued),
    wait: (id, report) => wait(live, id, report),
    list: async () => (await boss.findJobs<QueuedOperation>(QUEUE)).map((job) => rowOf(job, live)),
    cancel: (id) => cancel(boss, live, id),
    retry: (id) => retry(boss, live, id),
    close: () => close(boss, live),
  };
}

async function begin(boss: PgBoss, work: Work, live: Live): Promise<void> {
  await boss.work<QueuedOperation>(
    QUEUE,
    { pollingIntervalSeconds: BACKSTOP_POLL_SECONDS, notifyPollingIntervalSeconds: BACKSTOP_POLL_SECONDS },
    async ([job]) => (job ? runJob(boss, job, work, live) : null),
  );
}

const INTERRUPTED = { message: 'interrupted: the process that worked on it ended' };

async function close(boss: PgBoss, live: Live): Promise<void> {
  for (const [id, { controller }] of live.running) {
    await boss.fail(QUEUE, id, INTERRUPTED);
    controller.abort(new Error(INTERRUPTED.message));
  }
  await boss.stop({ graceful: false, close: false });
}

async function failInterrupted(boss: PgBoss): Promise<void> {
  const jobs = await boss.findJobs<QueuedOperation>(QUEUE);
  for (const job of jobs.filter(({ state }) => state === 'active'))
    await boss.fail(QUEUE, job.id, INTERRUPTED);
}

async function submit(boss: PgBoss, live: Live, queued: QueuedOperation): Promise<string> {
  const id = crypto.randomUUID();
  expectEnd(live, id);
  await boss.send(QUEUE, queued, { id });
  return id;
}

/** Before the job is in the queue: it may end before anybody waits. */
function expectEnd(live: Live, id: string): void {
  const waiter = Promise.withResolvers<unknown>();
  waiter.promise.catch(() => {});
  live.waiters.set(id, waiter);
}

async function runJob(boss: PgBoss, job: Job<QueuedOperation>, work: Work, live: Live): Promise<object> {
  const { id, data } = job;
  const running: Running = { controller: new AbortController(), progress: null };
  const { signal } = running.controller;
  live.running.set(id, running);
  try {
    const result = await work(data, (progress) => tell(live, id, progress), signal);
    live.waiters.get(id)?.resolve(result);
    return { result };
  } catch (error) {
    // However the work says that it was stopped, the one who waits hears that it was cancelled.
    if (signal.aborted) await boss.cancel(QUEUE, id);
    live.waiters.get(id)?.reject(signal.aborted ? signal.reason : error);
    throw error;
  } finally {
    live.running.delete(id);
  }
}

function tell(live: Live, id: string, progress: Progress): void {
  const running = live.running.get(id);
  if (running) running.progress = progress;
  live.listeners.get(id)?.(progress);
}

async function wait(live: Live, id: string, report: Report): Promise<unknown> {
  const waiter = live.waiters.get(id);
  if (!waiter) throw noSuchJob(id);
  live.listeners.set(id, report);
  try {
    return await waiter.promise;
  } finally {
    live.listeners.delete(id);
    live.waiters.delete(id);
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The job, where it is in one of `states`. */
async function jobIn(boss: PgBoss, id: string, states: readonly JobState[]): Promise<JobState> {
  const [job] = UUID.test(id) ? await boss.findJobs(QUEUE, { id }) : [];
  if (!job) throw noSuchJob(id);
  const state = STATES[job.state];
  if (states.includes(state)) return state;
  throw new BacklotError('wrong-job-state', {
    expected: `a job that is ${states.join(' or ')}`,
    where: `job ${id}`,
    found: `one that is ${state}`,
    remedy: 'See `backlot jobs list`.',
  });
}

async function cancel(boss: PgBoss, live: Live, id: string): Promise<void> {
  await jobIn(boss, id, ['waiting', 'working']);
  const reason = new BacklotError('cancelled', cancelledFacts(id));
  const running = live.running.get(id);
  if (running) return running.controller.abort(reason);
  await boss.cancel(QUEUE, id);
  live.waiters.get(id)?.reject(reason);
}

async function retry(boss: PgBoss, live: Live, id: string): Promise<void> {
  const state = await jobIn(boss, id, ['cancelled', 'failed']);
  expectEnd(live, id);
  if (state === 'cancelled') await boss.resume(QUEUE, id);
  else await boss.retry(QUEUE, id);
}

const STATES = {
  created: 'waiting',
  retry: 'waiting',
  active: 'working',
  completed: 'done',
  cancelled: 'cancelled',
  failed: 'failed',
} as const satisfies Record<string, JobState>;

function rowOf(job: JobWithMetadata<QueuedOperation>, live: Live): JobRow {
  return {
    id: job.id,
    operation: job.data.operation,
    input: job.data.input,
    state: STATES[job.state],
    queuedAt: job.createdOn.toISOString(),
    endedAt: job.completedOn?.toISOString() ?? null,
    progress: live.running.get(job.id)?.progress ?? null,
    error:
      job.state === 'failed' ? messageOf((job.output as { message?: string })?.message ?? 'failed') : null,
  };
}

const cancelledFacts = (id: string) => ({
  expected: 'the job to end',
  where: `job ${id}`,
  found: 'a request to cancel it',
  remedy: 'Run the same command again: it goes on where it stopped.',
});

const noSuchJob = (id: string): BacklotError =>
  new BacklotError('no-such-job', {
    expected: 'the id of a job in this workspace',
    where: 'the job queue',
    found: id,
    remedy: 'See `backlot jobs list`.',
  });
