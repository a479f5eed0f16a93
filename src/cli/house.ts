import { resolve } from 'node:path';
import type { Command } from 'commander';
import { doctor } from '../../setup/doctor.ts';
import { BacklotError } from '../contract/index.ts';
import type { JobRow } from '../jobs/index.ts';
import { mustExist } from '../jobs/workspace.ts';
import { type GlobalOptions, withGlobals } from './globals.ts';
import { tellOpenFolder } from './open-folder.ts';
import { holderClient, openedHost, retryJob, runAction } from './run.ts';

/** The commands that belong to no stage. */
export function addHouseCommands(program: Command): void {
  addStatus(program);
  addJobs(program);
  addServe(program);
  addWorkspace(program);
  addDoctor(program);
}

/** Loaded by the commands that need it: it opens databases and serves. */
const house = () => import('../house.ts');

interface Status {
  workspace: string;
  pid: number | null;
  jobs: JobRow[];
}

/** Asks the holder; where nobody holds the workspace, opens it for the question. */
async function ask<T>(options: GlobalOptions, method: 'GET' | 'POST', path: string): Promise<T> {
  const root = resolve(options.workspace);
  mustExist(root);
  const holder = await holderClient(root);
  if (holder) return (method === 'GET' ? holder.get(path) : holder.post(path, {})) as Promise<T>;
  const host = await openedHost(root, path);
  try {
    const response = await host.app.request(path, { method });
    const body = (await response.json()) as { error?: { code: string; message: string } };
    if (body.error) throw Object.assign(new Error(body.error.message), body.error, { name: 'BacklotError' });
    return body as T;
  } finally {
    await host.close();
  }
}

function define<O extends GlobalOptions>(
  parent: Command,
  usage: string,
  summary: string,
  example: string,
  act: (options: O, ...args: string[]) => Promise<unknown>,
  words: (result: never) => string = (result) => JSON.stringify(result, null, 2),
  exitCode: (result: never) => number = () => 0,
): Command {
  const command = withGlobals(parent.command(usage)).description(summary);
  command.addHelpText('after', `\nExample:\n  ./backlot ${example}`);
  return command.action(async (...given: unknown[]) => {
    const options = command.opts<O>();
    await runAction(options, async () => {
      const result = await act(options, ...(given.slice(0, -2) as string[]));
      process.stdout.write(`${options.json ? JSON.stringify(result) : words(result as never)}\n`);
      return exitCode(result as never);
    });
  });
}

const jobLine = ({ id, operation, state, progress, error }: JobRow): string =>
  [
    id,
    state.padEnd(9),
    operation,
    progress ? `${progress.phase} ${progress.done}/${progress.total}` : '',
    error ?? '',
  ]
    .join('  ')
    .trimEnd();

const jobLines = ({ jobs }: { jobs: JobRow[] }): string => jobs.map(jobLine).join('\n') || 'no jobs';

function addStatus(program: Command): void {
  const words = (status: Status) => `${status.workspace} (process ${status.pid})\n${jobLines(status)}`;
  define(
    program,
    'status',
    'what is going on in the workspace',
    'status',
    async (o) => {
      const status = await ask<Status>(o, 'GET', '/api/status');
      await tellOpenFolder(o.workspace);
      return status;
    },
    words,
  );
}

function addJobs(program: Command): void {
  const jobs = program.command('jobs').description('the durable job queue');
  define(
    jobs,
    'list',
    'all jobs, also those that have ended',
    'jobs list',
    (o) => ask(o, 'GET', '/api/jobs'),
    jobLines,
  );
  define(jobs, 'cancel <id>', 'stop a job at its next safe point', 'jobs cancel 5f0c…', (o, id = '') =>
    ask(o, 'POST', `/api/jobs/${encodeURIComponent(id)}/cancel`),
  );
  define(
    jobs,
    'retry <id>',
    'do a job that was cancelled or failed again, and wait for it',
    'jobs retry 5f0c…',
    (o, id = '') => retryJob(id, o),
  );
}

function addServe(program: Command): void {
  define(
    program,
    'serve',
    'serve the workspace on the loopback address: reports, verdicts and the API',
    'serve --port 4180',
    async (options: GlobalOptions & { port: string }) => {
      await tellOpenFolder(options.workspace);
      const { serveHost } = await house();
      return serveHost(resolve(options.workspace), portOf(options.port));
    },
    () => 'stopped',
  ).option('--port <number>', 'TCP port on 127.0.0.1', '4180');
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new BacklotError('bad-input', {
    expected: 'a TCP port from 1 to 65535',
    where: '--port',
    found: text,
    remedy: 'Name another one, or leave the option out.',
  });
}

function addWorkspace(program: Command): void {
  const workspace =
    program.commands.find((command) => command.name() === 'workspace') ?? program.command('workspace');
  define(workspace, 'upgrade', 'bring an older workspace up to this version', 'workspace upgrade', (o) =>
    house().then(({ upgradeWorkspace }) => upgradeWorkspace(resolve(o.workspace))),
  );
}

type Doctored = Awaited<ReturnType<typeof doctor>>;

function addDoctor(program: Command): void {
  const line = ({ ok, name, found, remedy }: Doctored['checks'][number]) =>
    `${ok ? 'ok ' : 'BAD'} ${name}: ${found}${ok ? '' : `. ${remedy}`}`;
  define(
    program,
    'doctor',
    'what this machine has and lacks; exit code 1 where something is missing',
    'doctor',
    () => doctor(),
    ({ checks }: Doctored) => checks.map(line).join('\n'),
    ({ checks }: Doctored) => (checks.every(({ ok }) => ok) ? 0 : 1),
  );
}
