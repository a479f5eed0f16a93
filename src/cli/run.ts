import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { BacklotError, type Report } from '../contract/index.ts';
import type { Host } from '../host.ts';
import { currentUser, handleAlone, parseInput } from '../jobs/handle.ts';
import type { Operation, Session } from '../jobs/index.ts';
import { holderOf, locked } from '../jobs/lock.ts';
import { urlOf } from '../jobs/urls.ts';
import { mustExist, socketOf } from '../jobs/workspace.ts';
import { type Client, connect } from './client.ts';
import { cliFailureOf } from './exit-codes.ts';
import type { GlobalOptions } from './globals.ts';
import { tellOpenFolder } from './open-folder.ts';
import { progressView } from './progress.ts';
import { shown } from './shown.ts';

/** Runs what a command asks for; prints an error the way the person wants it and sets the exit code. */
export async function runAction(options: GlobalOptions, action: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await action();
  } catch (error) {
    const { exitCode, ...failure } = cliFailureOf(error);
    if (options.json) process.stdout.write(`${JSON.stringify({ error: failure })}\n`);
    process.stderr.write(`${failure.code}: ${failure.message}\n`);
    process.exitCode = exitCode;
  }
}

/** Performs an operation here, or through the process that has the workspace open; the result's exit code. */
export async function runOperation(
  operation: Operation,
  input: object,
  options: GlobalOptions,
): Promise<number> {
  const parsed = parseInput(operation, input);
  if (operation.background) await tellOpenFolder(options.workspace);
  const view = progressView();
  try {
    const output =
      operation.needsWorkspace?.(parsed, resolve(options.workspace)) === false
        ? await handleAlone(operation, parsed, view.report, resolve(options.workspace))
        : await inWorkspace(options.workspace, wishOf(operation, input), view.report);
    view.end();
    print(operation, output, options);
    return operation.exitCode?.(output as z.output<z.ZodType>) ?? 0;
  } finally {
    view.end();
  }
}

/** What is asked of a workspace: by its URL of the process that has it open, or of a session of our own. */
interface Wish {
  command: string;
  url: string;
  input: object;
  /** Whether it may make the workspace where there is none. */
  begins: boolean;
  /** Whether it may be asked for again where the process that did it is gone: durable work goes on where it was. */
  durable: boolean;
  here: (session: Session, report: Report) => Promise<unknown>;
}

const wishOf = (operation: Operation, input: object): Wish => ({
  command: operation.name,
  url: urlOf(operation),
  input,
  begins: operation.begins ?? false,
  durable: operation.background ?? false,
  here: (session, report) => session.perform(operation, input, currentUser(), report),
});

/** Does a job that was cancelled or failed again, and waits for it. */
export async function retryJob(id: string, { workspace }: GlobalOptions): Promise<unknown> {
  const view = progressView();
  const here: Wish['here'] = async (session, report) => ({ id, result: await session.retry(id, report) });
  const url = `/api/jobs/${encodeURIComponent(id)}/retry`;
  try {
    return await inWorkspace(
      workspace,
      { command: 'jobs retry', url, input: {}, begins: false, durable: true, here },
      view.report,
    );
  } finally {
    view.end();
  }
}

async function inWorkspace(workspace: string, wish: Wish, report: Report): Promise<unknown> {
  const root = resolve(workspace);
  const holder = await holderClient(root);
  if (!holder && !wish.begins) mustExist(root);
  if (!holder) return byOurselves(root, wish, report);
  try {
    return await byHolder(holder, wish, report);
  } catch (error) {
    const lost = wish.durable && cliFailureOf(error).code === 'holder-gone';
    if (!lost || !(await nobodyHolds(root))) throw error;
    return byOurselves(root, wish, report);
  }
}

/** Ctrl-C closes the connection, and the process that works cancels the job at its next safe point. */
async function byHolder(holder: Client, { command, url, input }: Wish, report: Report): Promise<unknown> {
  const stop = new AbortController();
  const onSignal = () => stop.abort(stopped(command));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    return await holder.perform(url, input, currentUser(), report, stop.signal);
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

const stopped = (command: string): BacklotError =>
  new BacklotError('cancelled', {
    expected: 'the work to end',
    where: command,
    found:
      'a signal to stop; the process that has the workspace open cancels the work at its next safe point',
    remedy: 'Run the same command again: it goes on where it stopped.',
  });

/** A process that ends closes its socket a moment before it lets go of the workspace. */
const LETS_GO_MS = 2_000;

async function nobodyHolds(root: string): Promise<boolean> {
  const until = Date.now() + LETS_GO_MS;
  while ((await holderOf(root)) !== null) {
    if (Date.now() > until) return false;
    await sleep(50);
  }
  return true;
}

/** Opens the workspace here. The database and its like are loaded by those alone who open one. */
export const openedHost = async (root: string, command: string): Promise<Host> =>
  (await import('../host.ts')).openHost(root, command);

async function byOurselves(root: string, { command, here }: Wish, report: Report): Promise<unknown> {
  const host = await openedHost(root, command);
  const stop = cancelOnSignal(host);
  try {
    return await here(host.session, report);
  } finally {
    stop();
    await host.close();
  }
}

/** A client of the process that holds the workspace, or null where nobody does. */
export async function holderClient(root: string): Promise<Client | null> {
  const holder = await holderOf(root);
  if (!holder) return null;
  const path = socketOf(root);
  if (path === null || !existsSync(path)) throw locked(root, holder);
  return connect(path);
}

/** Ctrl-C cancels the work at its next safe point; a second one ends the process at once. */
function cancelOnSignal(host: Host): () => void {
  const cancel = async () => {
    // At a terminal the line that moves is written over by its next frame: what is said ends it first.
    const line = process.stderr.isTTY ? '\n' : '';
    process.stderr.write(`${line}cancelling at the next safe point; press again to stop at once\n`);
    for (const job of await host.session.queue.list())
      if (job.state === 'working' || job.state === 'waiting') await host.session.queue.cancel(job.id);
  };
  process.once('SIGINT', cancel);
  process.once('SIGTERM', cancel);
  return () => void process.off('SIGINT', cancel).off('SIGTERM', cancel);
}

function print(operation: Operation, output: unknown, options: GlobalOptions): void {
  const words = options.json || !operation.show ? JSON.stringify(output, null, options.json ? 0 : 2) : null;
  process.stdout.write(`${words ?? operation.show?.(shown(output))}\n`);
}
