import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../../src/contract/index.ts';
import { runFfmpeg } from '../../src/media/index.ts';
import { detectFile } from '../../src/shots/index.ts';
import { timed } from './composed-row.ts';
import { cpuOf } from './cpu.ts';
import type { Row } from './rows.ts';
import { round } from './score.ts';

/** Times that the 720p films are laid end to end, so that starting programs weighs little, as in a whole film. */
const rounds = 3;

/** What the whole pass costs over decoding alone, on 720p film. */
export async function costRows(paths: readonly string[], dir: string, report: Report): Promise<Row[]> {
  const film = await joined(Array.from({ length: rounds }, () => paths).flat(), join(dir, '720p.mp4'));
  const bare = await cpuOf(() =>
    runFfmpeg(['-v', 'error', '-threads', '2', '-i', `file:${film}`, '-map', '0:V:0', '-f', 'null', '-']),
  );
  const [fast, exact] = [await timed(film, 'fast', report), await timed(film, 'exact', report)];
  const note = `${paths.length} 720p films end to end ${rounds} times`;
  return [
    {
      what: `${note}: bare decoding`,
      value: round((1000 * bare) / fast.frames),
      unit: 'ms a frame',
      n: fast.frames,
    },
    { what: `${note}: CPU of fast over bare decoding`, value: round(fast.cpu / bare), unit: 'x' },
    { what: `${note}: CPU of exact over bare decoding`, value: round(exact.cpu / bare), unit: 'x' },
    { what: `${note}: frames that reach the network`, value: exact.network, unit: '' },
  ];
}

/** Frames of two hours at 24 a second. */
const twoHours = 172_800;

/** Composed films laid end to end to two hours: is every frame in one shot or one transition, once, and in what memory? */
export async function longRows(
  films: readonly { path: string; frames: number }[],
  dir: string,
  report: Report,
): Promise<Row[]> {
  const round = films.reduce((sum, { frames }) => sum + frames, 0);
  const paths = Array.from({ length: Math.ceil(twoHours / round) }, () =>
    films.map(({ path }) => path),
  ).flat();
  const film = await joined(paths, join(dir, 'long.mp4'));
  const memory = peakMemory();
  const { frames, shots, transitions } = await detectFile(film, { detector: 'fast', report });
  const peak = memory.stop();
  return [
    {
      what: 'two-hour film: frames in no shot or transition, or in two',
      value: untiled(frames, shots, transitions),
      unit: 'frames',
      n: frames,
    },
    {
      what: 'two-hour film: peak memory of this process, which also ran the other rows',
      value: peak,
      unit: 'MB',
      n: frames,
    },
  ];
}

function untiled(
  frames: number,
  shots: readonly { in: number; out: number }[],
  transitions: readonly { start: number; end: number; type: string }[],
): number {
  const seen = new Uint8Array(frames);
  const mark = (from: number, to: number) => {
    for (let k = from; k < to; k++) seen[k] = (seen[k] as number) + 1;
  };
  for (const shot of shots) mark(shot.in, shot.out);
  for (const { start, end, type } of transitions) if (type !== 'cut') mark(start, end + 1);
  return seen.reduce((wrong, count) => wrong + (count === 1 ? 0 : 1), 0);
}

/** Resident memory of this process, MB, read five times a second. */
function peakMemory() {
  let peak = 0;
  const read = () => {
    const kib = /VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    peak = Math.max(peak, Math.round(Number(kib) / 1024));
  };
  const timer = setInterval(read, 200);
  return {
    stop: () => {
      clearInterval(timer);
      return peak;
    },
  };
}

/** Lays films of one form end to end without encoding them again. */
async function joined(paths: readonly string[], path: string): Promise<string> {
  const list = `${path}.txt`;
  await writeFile(list, paths.map((one) => `file 'file:${one}'\n`).join(''));
  const input = ['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'file', '-i', `file:${list}`];
  await runFfmpeg(['-v', 'error', ...input, '-map', '0:V:0', '-c', 'copy', '-y', `file:${path}`]);
  return path;
}
