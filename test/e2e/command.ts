import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runFfmpeg } from '../../src/media/index.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  child: ChildProcess;
  /** What it has said on stderr so far: progress and errors. */
  said: () => string;
  ended: Promise<Ended>;
}

/** Starts a command as a person would, in a process of its own. */
export function start(args: readonly string[], env: NodeJS.ProcessEnv = {}, wrap: string[] = []): Started {
  const [program = '', ...rest] = [...wrap, process.execPath, main, ...args];
  const child = spawn(program, rest, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout: string[] = [];
  const stderr: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => stdout.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text));
  const said = () => stderr.join('');
  const ended = new Promise<Ended>((done) =>
    child.once('close', (code) => done({ code, stdout: stdout.join(''), stderr: said() })),
  );
  return { child, said, ended };
}

/** A network namespace of its own has no interface but a loopback that is down. */
const WRAPS = [
  ['unshare', '-n'],
  ['unshare', '-rn'],
];

/** What runs a command without a network; undefined where this machine allows no namespace. */
export const withoutNetwork = (): string[] | undefined =>
  WRAPS.find(([program = '', ...args]) => spawnSync(program, [...args, 'true']).status === 0);

export const backlot = (...args: string[]): Promise<Ended> => start(args).ended;

/** The one JSON object that `--json` prints; anything beside it on stdout fails. */
export const answerOf = <T>({ stdout }: Ended): T => JSON.parse(stdout) as T;

export interface Place {
  at: (name: string) => string;
  films: string;
  workspace: string;
  remove: () => Promise<void>;
}

/** A folder for films and one for a workspace; their names have a space, quotes and letters outside ASCII. */
export async function place(): Promise<Place> {
  const root = await mkdtemp(join(tmpdir(), `backlot "it's" ü `));
  const films = join(root, 'films é');
  await mkdir(films);
  return {
    at: (name) => join(films, name),
    films,
    workspace: join(root, 'work space'),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** A second of film with a cut in its middle: 24 frames, 48 by 32; its name is in it, so that films differ. */
export async function tinyFilm(path: string): Promise<void> {
  const half = (source: string) => ['-f', 'lavfi', '-i', `${source}=s=48x32:r=24:d=0.5`];
  const joined = ['-filter_complex', '[0:v][1:v]concat=n=2', '-pix_fmt', 'yuv420p'];
  const named = ['-metadata', `title=${basename(path)}`];
  const coded = [...named, '-c:v', 'libx264', '-preset', 'ultrafast', '-movflags', '+faststart'];
  await runFfmpeg([
    '-v',
    'error',
    ...half('testsrc2'),
    ...half('rgbtestsrc'),
    ...joined,
    ...coded,
    '-y',
    `file:${path}`,
  ]);
}

/** A port that nobody listens on at the moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address ? address.port : 0;
}

export interface Served {
  url: string;
  serving: Started;
  /** The server's token, as it lies in the workspace. */
  token: string;
  /** Asks as a program of the same account does. */
  ask: (path: string, init?: RequestInit) => Promise<Response>;
}

/** `serve` on a free port, once it answers. */
export async function served(workspace: string, wrap: string[] = []): Promise<Served> {
  const port = await freePort();
  const serving = start(['serve', '--port', String(port), '--workspace', workspace], {}, wrap);
  await until(() => serving.said().includes('serving') || serving.child.exitCode !== null);
  const token = (await readFile(join(workspace, `token-${port}`), 'utf8')).trim();
  const url = `http://127.0.0.1:${port}`;
  const ask: Served['ask'] = (path, init = {}) =>
    fetch(`${url}${path}`, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } });
  return { url, serving, token, ask };
}

export interface Hanging extends Started {
  /** Resolves once ffmpeg was asked for a file with `slow` in its name, or the command has ended. */
  reached: Promise<void>;
}

/** Starts a command whose ffmpeg hangs at every file with `slow` in its name. */
export async function startHanging(args: readonly string[], folder: string): Promise<Hanging> {
  const script = join(folder, `ffmpeg-${crypto.randomUUID()}`);
  const real = process.env.BACKLOT_FFMPEG ?? 'ffmpeg';
  const hangs = `case "$*" in *slow*) touch "$0.reached"; exec sleep 600;; esac`;
  await writeFile(script, `#!/bin/sh\n${hangs}\nexec '${real}' "$@"\n`, { mode: 0o755 });
  const started = start(args, { BACKLOT_FFMPEG: script });
  const reached = until(() => existsSync(`${script}.reached`) || started.child.exitCode !== null);
  return { ...started, reached };
}

export async function until(holds: () => Promise<unknown> | unknown): Promise<void> {
  while (!(await holds())) await sleep(100);
}
