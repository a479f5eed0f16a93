import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { BacklotError } from '../contract/index.ts';

export interface RunOptions {
  /** Written to the process as fast as it reads. */
  stdin?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Called for each piece of output; the process waits while a returned promise is open. */
  onStdout?: (chunk: Buffer) => void | Promise<void>;
  /** Called for each line that the process says on stderr. */
  onStderrLine?: (line: string) => void;
  /** Open files that the process gets as its descriptors 3, 4 and so on. */
  files?: readonly number[] | undefined;
  /** Called for each piece that the process writes to its descriptors after those of `files`. */
  outputs?: readonly ((chunk: Buffer) => void)[] | undefined;
  /** Kills the process when aborted; the call then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

type Tool = 'ffmpeg' | 'ffprobe';
type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Characters of stderr that an error quotes. */
const tailLength = 2000;

/** All cores; ffmpeg itself advises against more than 16 threads for one stream. */
export const mediaThreads = (): number => Math.min(16, availableParallelism());

/** Pixels of a picture of H.264 that one thread decodes some twenty times as fast as it is shown: 720p. */
const pixelsAThread = 1280 * 720;

interface Decoded {
  codec: string;
  pixelFormat: string | null;
  width: number;
  height: number;
}

/**
 * As few threads as decode a film fast enough. Several wait for each other's rows and fetch pictures from each other's caches: two
 * take a sixth to a fifth more of the processor than one (ADR 0194). Of other codecs, and of 10 bits or 4:2:2 as masters have, a
 * frame may cost many times more, and was not measured: they get all cores.
 */
export const fewThreads = ({ codec, pixelFormat, width, height }: Decoded): number =>
  codec === 'h264' && /^yuvj?420p$/.test(pixelFormat ?? '')
    ? Math.min(mediaThreads(), Math.ceil((width * height) / pixelsAThread))
    : mediaThreads();

/** Runs ffmpeg. @throws BacklotError `ffmpeg-failed`, `ffmpeg-missing` */
export const runFfmpeg = (args: readonly string[], options: RunOptions = {}): Promise<void> =>
  runTool('ffmpeg', ['-hide_banner', '-nostdin', ...args], options);

/** Runs ffprobe and returns what it printed. @throws BacklotError `ffprobe-failed`, `ffprobe-missing` */
export async function runFfprobe(args: readonly string[], signal?: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  await runTool('ffprobe', ['-hide_banner', ...args], {
    signal,
    onStdout: (chunk) => void chunks.push(chunk),
  });
  return Buffer.concat(chunks).toString('utf8');
}

/** `file:` keeps ffmpeg from reading a colon, a leading hyphen or a protocol into a file's name. */
export const fileUrl = (path: string): string => `file:${path}`;

function toolPath(tool: Tool): string {
  return process.env[tool === 'ffmpeg' ? 'BACKLOT_FFMPEG' : 'BACKLOT_FFPROBE'] || tool;
}

/** Of every process: stdin, stdout and stderr. */
const pipes = ['pipe', 'pipe', 'pipe'] as const;

async function runTool(tool: Tool, args: readonly string[], options: RunOptions): Promise<void> {
  options.signal?.throwIfAborted();
  const stdio = [...pipes, ...(options.files ?? []), ...(options.outputs ?? []).map(() => 'pipe' as const)];
  const child = spawn(toolPath(tool), args, { stdio }) as Child;
  const kill = () => void child.kill('SIGKILL');
  options.signal?.addEventListener('abort', kill);
  try {
    await followed(tool, child, options);
  } finally {
    options.signal?.removeEventListener('abort', kill);
    kill();
  }
}

async function followed(tool: Tool, child: Child, options: RunOptions): Promise<void> {
  const ended = exitOf(child);
  const tail = stderrTail(child.stderr, options.onStderrLine);
  const fed = feed(child.stdin, options.stdin ?? []);
  fed.catch(() => child.kill('SIGKILL'));
  const read = readAll(child, options);
  read.catch(() => child.kill('SIGKILL'));
  const [exit] = await Promise.allSettled([ended, fed, read]);
  options.signal?.throwIfAborted();
  await Promise.all([fed, read]);
  if (exit.status === 'rejected') throw missing(tool, exit.reason);
  if (exit.value !== 0) throw failed(tool, exit.value, tail());
}

async function readAll(child: Child, { onStdout, files, outputs }: RunOptions): Promise<void> {
  const further = (outputs ?? []).map((take, i) => {
    const stream = child.stdio[pipes.length + (files ?? []).length + i];
    return drain(stream as unknown as Readable, take);
  });
  await Promise.all([drain(child.stdout, onStdout ?? (() => {})), ...further]);
}

function exitOf(child: Child): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
}

/**
 * By events: a promise for each of a film's many small pieces costs more than to take it. Where one is given, what comes after
 * waits for it, also what Node hands over unasked once the process has ended.
 */
function drain(stdout: Readable, onStdout: NonNullable<RunOptions['onStdout']>): Promise<void> {
  return new Promise((resolve, reject) => {
    let open: Promise<void> | null = null;
    const fail = (error: unknown) => {
      reject(error);
      stdout.destroy();
    };
    const take = (chunk: Buffer) => {
      const taken = open ? open.then(() => onStdout(chunk)) : onStdout(chunk);
      if (!(taken instanceof Promise)) return;
      stdout.pause();
      open = taken;
      taken.then(() => {
        if (open !== taken) return;
        open = null;
        stdout.resume();
      }, fail);
    };
    stdout.once('error', fail);
    stdout.once('close', () => void Promise.resolve(open).then(() => resolve(), reject));
    stdout.on('data', (chunk: Buffer) => {
      try {
        take(chunk);
      } catch (error) {
        fail(error);
      }
    });
  });
}

/** A process that stops reading early (it has enough, or it failed) is no error here: its exit status decides. */
async function feed(stdin: Writable, source: NonNullable<RunOptions['stdin']>): Promise<void> {
  let closed = false;
  stdin.on('error', () => {});
  stdin.once('close', () => {
    closed = true;
  });
  for await (const chunk of source) {
    if (closed) return;
    if (!stdin.write(chunk)) await drained(stdin);
  }
  stdin.end();
}

function drained(stdin: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stdin.off('drain', done);
      stdin.off('close', done);
      resolve();
    };
    stdin.once('drain', done);
    stdin.once('close', done);
    if (stdin.destroyed) done();
  });
}

function stderrTail(stderr: Readable, onLine: RunOptions['onStderrLine']): () => string {
  let tail = '';
  let open = '';
  stderr.setEncoding('utf8');
  stderr.on('data', (text: string) => {
    tail = (tail + text).slice(-tailLength);
    const lines = (open + text).split('\n');
    open = lines.pop() ?? '';
    for (const line of lines) onLine?.(line);
  });
  stderr.on('end', () => open && onLine?.(open));
  return () => tail.trim();
}

function missing(tool: Tool, cause: unknown): BacklotError {
  const facts = {
    expected: `a working ${tool}`,
    where: toolPath(tool),
    found: String(cause),
    remedy: `Install ffmpeg 5.1 or newer, or name the program in BACKLOT_${tool.toUpperCase()}.`,
  };
  return new BacklotError(`${tool}-missing`, facts, cause);
}

function failed(tool: Tool, exit: number | string, tail: string): BacklotError {
  return new BacklotError(`${tool}-failed`, {
    expected: 'exit status 0',
    where: tool,
    found: `exit status ${exit}: ${tail || 'nothing on stderr'}`,
    remedy:
      'What was found is in its own words; the file may be no film, damaged, or in a form that it cannot read.',
  });
}
