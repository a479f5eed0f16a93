import { execFile } from 'node:child_process';
import { readFile, statfs } from 'node:fs/promises';
import { arch, availableParallelism, cpus, freemem, platform, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** One thing this machine should have: what was found, and what to do where it is not enough. */
export interface Check {
  name: string;
  ok: boolean;
  found: string;
  remedy: string;
}

interface Found {
  ok: boolean;
  found: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const GIB = 2 ** 30;
/** The demo's largest process may take 3 GB; the system and ffmpeg need the rest. */
const MEMORY_GIB = 4;
/** An allowance for a workspace and its runs, beside what is installed already. */
const FREE_DISK_GIB = 3;
/** libavcodec of FFmpeg 5.1: release names differ from build to build, this number does not. */
const AVCODEC_5_1 = [59, 37] as const;

/** Looks at this machine and says what Backlot has and lacks. Changes nothing; never throws. */
export async function doctor(): Promise<{ checks: Check[] }> {
  const checks = [
    check('node', node, 'Run ./backlot: it fetches Node 24.'),
    check('ffmpeg', () => tool('ffmpeg'), 'Install ffmpeg 5.1 or newer, or name it in BACKLOT_FFMPEG.'),
    check(
      'ffprobe',
      () => tool('ffprobe'),
      'Install ffmpeg 5.1 or newer, or name ffprobe in BACKLOT_FFPROBE.',
    ),
    check('encoder', encoder, 'Install an ffmpeg that was built with libx264.'),
    check('python', python, 'Install Python 3.11 to 3.14 and run ./backlot.'),
    check('torch', torch, 'Run ./backlot: it installs the engine. The log is .backlot/setup.log.'),
    check(
      'device',
      device,
      'Set BACKLOT_DEVICE to cpu, to cuda where there is a GPU and a torch built for it, or to nothing.',
    ),
    check('threads', threads, 'Two processor cores are the least that the demo is planned for.'),
    check('avx512_bf16', bf16, 'Nothing to do: training runs in float32, more slowly.'),
    check('memory', memory, `Free memory, or use a machine with ${MEMORY_GIB} GiB.`),
    check('disk', disk, `Free ${FREE_DISK_GIB} GiB, or put the workspace on another disk with --workspace.`),
  ];
  return { checks: await Promise.all(checks) };
}

async function check(name: string, look: () => Promise<Found> | Found, remedy: string): Promise<Check> {
  try {
    return { name, ...(await look()), remedy };
  } catch (error) {
    const found = error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);
    return { name, ok: false, found, remedy };
  }
}

const node = (): Found => ({
  ok: Number(process.versions.node.split('.')[0]) >= 24,
  found: `${process.versions.node} on ${platform()} ${arch()}`,
});

const program = (name: 'ffmpeg' | 'ffprobe'): string =>
  process.env[name === 'ffmpeg' ? 'BACKLOT_FFMPEG' : 'BACKLOT_FFPROBE'] || name;

async function output(file: string, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(file, args, { timeout: 60_000, maxBuffer: 2 ** 24 });
  return stdout;
}

async function tool(name: 'ffmpeg' | 'ffprobe'): Promise<Found> {
  const said = await output(program(name), ['-version']);
  return { ok: atLeast51(said), found: `${said.split(' Copyright')[0] ?? ''} (${program(name)})` };
}

/** Whether what `ffmpeg -version` printed is FFmpeg 5.1 or newer. */
export function atLeast51(said: string): boolean {
  const [, major = '0', minor = '0'] = /libavcodec\s+(\d+)\.\s*(\d+)/.exec(said) ?? [];
  const [needMajor, needMinor] = AVCODEC_5_1;
  return Number(major) > needMajor || (Number(major) === needMajor && Number(minor) >= needMinor);
}

async function encoder(): Promise<Found> {
  const ok = / libx264 /.test(await output(program('ffmpeg'), ['-hide_banner', '-encoders']));
  return { ok, found: ok ? 'libx264' : 'no libx264' };
}

const enginePython = (): string => process.env.BACKLOT_PYTHON ?? `${root}.backlot/venv/bin/python`;

async function python(): Promise<Found> {
  const said = (await output(enginePython(), ['--version'])).trim();
  const minor = Number(/^Python 3\.(\d+)/.exec(said)?.[1]);
  return { ok: minor >= 11 && minor <= 14, found: `${said} (${enginePython()})` };
}

async function torch(): Promise<Found> {
  const script =
    'import torch; print(torch.__version__, "cuda" if torch.cuda.is_available() else "cpu", torch.get_num_threads())';
  const [version = '', device = '', count = ''] = (await output(enginePython(), ['-c', script]))
    .trim()
    .split(' ');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return { ok: major > 2 || (major === 2 && minor >= 11), found: `${version}, ${device}, ${count} threads` };
}

/** Where models learn and takes are drawn. */
async function device(): Promise<Found> {
  const wanted = process.env.BACKLOT_DEVICE || 'cpu';
  if (wanted !== 'cuda') return { ok: wanted === 'cpu', found: wanted };
  const script = 'import torch; print(torch.cuda.get_device_name() if torch.cuda.is_available() else "")';
  const name = (await output(enginePython(), ['-c', script])).trim();
  return { ok: name !== '', found: name || 'cuda, and no GPU that torch sees' };
}

const threads = (): Found => ({
  ok: availableParallelism() >= 2,
  found: `${availableParallelism()} (${cpus()[0]?.model.trim() ?? 'unknown processor'})`,
});

/** bfloat16 in hardware lets the engine train in it; it is not required. */
async function bf16(): Promise<Found> {
  const flags = platform() === 'linux' ? await readFile('/proc/cpuinfo', 'utf8') : '';
  return { ok: true, found: /\bavx512_bf16\b/.test(flags) ? 'yes' : 'no (not required)' };
}

const memory = (): Found => ({
  ok: totalmem() >= MEMORY_GIB * GIB,
  found: `${(totalmem() / GIB).toFixed(1)} GiB, ${(freemem() / GIB).toFixed(1)} GiB free`,
});

async function disk(): Promise<Found> {
  const { bavail, bsize } = await statfs(process.cwd());
  const free = (bavail * bsize) / GIB;
  return { ok: free >= FREE_DISK_GIB, found: `${free.toFixed(1)} GiB free at ${process.cwd()}` };
}
