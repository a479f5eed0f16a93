import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BacklotError, type Job, messageOf, type Report } from '../contract/index.ts';
import { closeDb, type Db, openDb } from '../db/index.ts';
import { type ClearJob, refuseKeysInside } from '../trust/index.ts';
import { auditHeadKeeper } from './audit-head.ts';
import { auditStanding, refuseOlderLog, standingWords } from './audit-standing.ts';
import type { Context, Operation } from './context.ts';
import { localEngine } from './engine-process.ts';
import { handle, parseInput } from './handle.ts';
import { takeLock } from './lock.ts';
import { makeFolder } from './new-file.ts';
import { openQueue, type Queue, type QueuedOperation } from './queue.ts';
import { WORKSPACE_MARK, workspacePaths } from './workspace.ts';

const WORKSPACE_VERSION = 1;

/** Pictures of films, takes and the ledger lie in it. One that is there stays as its owner made it. */
const OWNER_ALONE = 0o700;

/** An open workspace: this process holds its lock until `close`. */
export interface Session {
  root: string;
  queue: Queue;
  /**
   * Runs an operation at once, or through the durable queue where it is background work.
   * @param gone aborted when whoever asked does not wait any more: the job is cancelled
   */
  perform(
    operation: Operation,
    input: unknown,
    who: string,
    report: Report,
    gone?: AbortSignal,
  ): Promise<unknown>;
  /** Does a job that was cancelled or failed again, and waits for it; its result. */
  retry(id: string, report: Report, gone?: AbortSignal): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Opens (and at first makes) the workspace at `root`.
 * @param operations that may be asked of it
 * @param command that holds it open, for people who find it locked
 * @param clear decides again, before each engine run, on what the run reads; not asked where the audit log is that of an older copy
 * @throws BacklotError `folder-unwritable`, `workspace-locked`, `workspace-too-new`
 */
export async function openSession(
  root: string,
  operations: readonly Operation[],
  command: string,
  clear: (db: Db, job: Job) => ReturnType<ClearJob>,
): Promise<Session> {
  const paths = workspacePaths(root);
  refuseKeysInside(paths.root);
  await makeFolder(paths.root, OWNER_ALONE);
  const lock = await takeLock(paths.root, command);
  try {
    await checkVersion(paths.root);
    const [db] = await Promise.all([openDb(paths.db), ...operations.map(({ loads }) => loads?.())]);
    const engine = localEngine(paths.runs, async (job) => {
      await refuseOlderLog({ db, paths });
      return clear(db, job);
    });
    const base = { paths, db, engine };
    const kept = handleKept(base);
    const queue = await openQueue(db, (queued, report, signal) => {
      const operation = find(operations, queued.operation);
      return kept(operation, { ...base, report, signal, who: queued.who }, saidIn(operation, queued));
    });
    const close = async () => {
      await queue.close();
      await closeDb(db);
      await lock.release();
    };
    return {
      root: paths.root,
      queue,
      close,
      perform: performWith(base, queue, kept),
      retry: retryWith(queue),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * As `handle`; then how far the audit log has come is kept outside the workspace. What permits something is refused before, where the log
 * does not hold what was kept of it; before the first act that is told.
 */
function handleKept(of: Pick<Context, 'db' | 'paths'>) {
  const keep = auditHeadKeeper(of);
  let told = false;
  return async (operation: Operation, context: Context, input: unknown): Promise<unknown> => {
    if (operation.permits) await refuseOlderLog(of);
    if (!told) await tellStanding(of, context.report);
    told = true;
    try {
      return await handle(operation, context, input);
    } finally {
      await keep().catch((error) => context.report(unkept(error)));
    }
  };
}

/** A head that cannot be read is told of when the next one is to be kept. */
async function tellStanding(of: Pick<Context, 'db' | 'paths'>, report: Report): Promise<void> {
  const notice = await auditStanding(of).then(standingWords, () => null);
  if (notice !== null) report({ phase: 'audit log', done: 0, total: 0, unit: '', notice });
}

const unkept = (error: unknown): Parameters<Report>[0] => ({
  ...{ phase: 'audit log', done: 0, total: 0, unit: '' },
  notice:
    error instanceof BacklotError && error.code === 'audit-replaced'
      ? `${error.facts.found}. ${error.facts.remedy}`
      : `How far the audit log has come could not be kept beside the keys, so rows cut off its end would not be seen: ${messageOf(error)}`,
});

const performWith =
  (
    base: Pick<Context, 'paths' | 'db' | 'engine'>,
    queue: Queue,
    kept: ReturnType<typeof handleKept>,
  ): Session['perform'] =>
  async (operation, input, who, report, gone) => {
    const parsed = parseInput(operation, input);
    if (!operation.background)
      return kept(operation, { ...base, report, who, signal: new AbortController().signal }, parsed);
    await queue.begin();
    const id = await queue.submit({ operation: operation.name, input, asGiven: true, who });
    return waitUnlessGone(queue, id, report, gone);
  };

const retryWith =
  (queue: Queue): Session['retry'] =>
  async (id, report, gone) => {
    await queue.retry(id);
    const ended = waitUnlessGone(queue, id, report, gone);
    await queue.begin();
    return ended;
  };

/** The job's result. Where the one who asked is gone before, the job is cancelled, unless it has ended by then. */
function waitUnlessGone(queue: Queue, id: string, report: Report, gone?: AbortSignal): Promise<unknown> {
  const cancel = () => void queue.cancel(id).catch(() => {});
  if (gone?.aborted) cancel();
  gone?.addEventListener('abort', cancel, { once: true });
  return queue.wait(id, report);
}

const saidIn = (operation: Operation, { input, asGiven }: QueuedOperation): unknown =>
  asGiven || !operation.asGiven ? input : operation.asGiven({ ...(input as object) });

function find(operations: readonly Operation[], name: string): Operation {
  const operation = operations.find((candidate) => candidate.name === name);
  if (operation) return operation;
  throw new BacklotError('no-such-operation', {
    expected: 'an operation of this version',
    where: 'the job queue',
    found: name,
    remedy: 'Cancel the job, or use the version of Backlot that queued it.',
  });
}

/** A workspace says which version of its layout it has; one from a newer Backlot is left alone. */
async function checkVersion(root: string): Promise<void> {
  const path = join(root, WORKSPACE_MARK);
  if (!existsSync(path)) {
    const facts = { version: WORKSPACE_VERSION, createdAt: new Date().toISOString() };
    return writeFile(path, `${JSON.stringify(facts, null, 2)}\n`);
  }
  const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: number };
  if (version > WORKSPACE_VERSION)
    throw new BacklotError('workspace-too-new', {
      expected: `a workspace of version ${WORKSPACE_VERSION} or older`,
      where: path,
      found: `version ${version}`,
      remedy: 'Use the newer Backlot that made it.',
    });
}
