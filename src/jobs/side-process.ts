import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { BacklotError, messageOf } from '../contract/index.ts';
import { childEnvironment, ENGINE_FOLDER, pythonProgram } from './process.ts';

/** Short-lived programs that answer a question: no run directory, no permit, as no model is in it. */

/** Answers are signatures: what prints more than this prints something else. */
const ANSWER_BYTES = 64 * 1024;

/**
 * Runs a program, never through a shell: `input` goes to its stdin, what it prints is the answer.
 * @param command program and arguments
 * @throws BacklotError `command-failed` where it cannot be started, ends with an error, or is not done after `seconds`
 */
export async function ask(command: readonly string[], input: Uint8Array, seconds: number): Promise<Buffer> {
  const [program = '', ...args] = command;
  const limits = { timeout: seconds * 1000, killSignal: 'SIGKILL', maxBuffer: ANSWER_BYTES } as const;
  const asked = promisify(execFile)(program, args, { ...limits, encoding: 'buffer' });
  // A program that does not read its input is judged by its answer.
  asked.child.stdin?.on('error', () => {}).end(input);
  try {
    return (await asked).stdout;
  } catch (error) {
    throw commandFailed(program, seconds, error as Failed);
  }
}

interface Failed extends Error {
  killed?: boolean;
  stderr?: Buffer;
}

const commandFailed = (program: string, seconds: number, error: Failed) =>
  new BacklotError(
    'command-failed',
    {
      expected: `an answer within ${seconds} s`,
      where: program,
      found: error.killed ? 'no end: it was stopped' : error.stderr?.toString().trim() || error.message,
      remedy:
        'Run the command by hand with some bytes on its stdin: it must print the answer and end with 0.',
    },
    error,
  );

type Line = Record<string, unknown>;

/**
 * Starts a Python module beside the engine, gives it `request` and answers its questions, all a line of JSON each.
 * @param reply answers what the module asks
 * @returns the `result` of its last line
 * @throws BacklotError `module-refused` with its own words, `module-failed` where it ends without an answer; what `reply` throws
 */
export async function converse(
  module: string,
  request: Line,
  reply: (asked: Line) => Promise<Line>,
): Promise<unknown> {
  const child = spawn(pythonProgram(), ['-m', module], {
    cwd: ENGINE_FOLDER,
    env: childEnvironment({ PYTHONPATH: ENGINE_FOLDER, PYTHONDONTWRITEBYTECODE: '1' }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  child.stdin.on('error', () => {});
  child.on('error', (error) => {
    said = error.message;
  });
  try {
    return await answered(child, request, reply);
  } catch (error) {
    throw error instanceof Silent ? moduleFailed(module, said.trim() || 'no answer') : error;
  } finally {
    child.kill('SIGKILL');
  }
}

class Silent extends Error {}

async function answered(
  child: ChildProcess & { stdin: Writable; stdout: NodeJS.ReadableStream },
  request: Line,
  reply: (asked: Line) => Promise<Line>,
): Promise<unknown> {
  const tell = (line: Line) => child.stdin.write(`${JSON.stringify(line)}\n`);
  tell(request);
  for await (const text of createInterface({ input: child.stdout })) {
    const line = parsed(text);
    if ('result' in line) return line.result;
    if ('error' in line) throw refused(String(line.error));
    tell(await reply(line));
  }
  throw new Silent();
}

function parsed(text: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch (error) {
    throw moduleFailed('stdout', messageOf(error));
  }
}

const refused = (found: string) =>
  new BacklotError('module-refused', {
    expected: 'an answer',
    where: 'the module that was asked',
    found,
    remedy: 'These are its own words; what it was given may be damaged or of another kind.',
  });

const moduleFailed = (where: string, found: string) =>
  new BacklotError('module-failed', {
    expected: 'an answer',
    where,
    found,
    remedy:
      'Run ./backlot once more: it installs what is missing. `./backlot doctor` says what this machine lacks.',
  });
