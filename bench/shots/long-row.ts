import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../../src/contract/index.ts';
import { runFfmpeg } from '../../src/media/index.ts';
import type { FoundInFile } from '../../src/shots/index.ts';
import { timed } from './composed-row.ts';
import { cpuOf } from './cpu.ts';
import { inOwnProcess } from './own-process.ts';
import type { Row } from './rows.ts';
import { median, round } from './score.ts';
import { workspaceRows } from './workspace-row.ts';

/** Decoding and both detectors take turns: what else the machine does meanwhile weighs on all three alike. */
const turns = 5;

/** What the whole pass costs over decoding alone, on 720p film; starting programs is counted too. */
export async function costRows(paths: readonly string[], dir: string, report: Report): Promise<Row[]> {
  const film = await joined(paths, join(dir, '720p.mp4'));
  const taken: Turn[] = [];
  for (let i = 0; i < turns; i++) taken.push(await turn(film, report));
  const { frames, network } = (taken[0] as Turn).exact;
  const note = `${paths.length} 720p films end to end, median of ${turns} turns`;
  const over = (name: 'fast' | 'exact'): Row => {
    const ratios = taken.map((one) => one[name].cpu / one.bare);
    const [low, high] = [round(Math.min(...ratios)), round(Math.max(...ratios))];
    const value = round(median(ratios));
    return { what: `${note}: CPU of ${name} over bare decoding`, value, unit: 'x', low, high, n: turns };
  };
  return [
    {
      what: `${note}: bare decoding`,
      value: round((1000 * median(taken.map(({ bare }) => bare))) / frames),
      unit: 'ms a frame',
      n: frames,
    },
    over('fast'),
    over('exact'),
    { what: `${note}: frames that reach the network`, value: network, unit: '' },
    ...(await workspaceRows(film, note, dir)),
  ];
}

type Turn = Awaited<ReturnType<typeof turn>>;

async function turn(film: string, report: Report) {
  const args = ['-v', 'error', '-threads', '2', '-i', `file:${film}`, '-map', '0:V:0', '-f', 'null', '-'];
  const bare = await cpuOf(() => runFfmpeg(args));
  return { bare, fast: await timed(film, 'fast', report), exact: await timed(film, 'exact', report) };
}

/** Frames of two hours at 24 a second. */
const twoHours = 172_800;

/**
 * Composed films laid end to end to two hours: is every frame in one shot or one transition, once, and in what memory? In a
 * process of its own: what the other rows have left is not the detector's.
 */
export async function longRows(
  films: readonly { path: string; frames: number }[],
  dir: string,
): Promise<Row[]> {
  const round = films.reduce((sum, { frames }) => sum + frames, 0);
  const paths = Array.from({ length: Math.ceil(twoHours / round) }, () =>
    films.map(({ path }) => path),
  ).flat();
  const film = await joined(paths, join(dir, 'long.mp4'));
  const { answer, own, all } = await inOwnProcess<FoundInFile>(['shots', 'detect', film]);
  const { frames, shots, transitions } = answer;
  return [
    {
      what: 'two-hour film: frames in no shot or transition, or in two',
      value: untiled(frames, shots, transitions),
      unit: 'frames',
      n: frames,
    },
    {
      what: 'two-hour film: peak memory of `shots detect`, a process of its own',
      value: own,
      unit: 'MB',
      n: frames,
    },
    { what: 'two-hour film: the same with the ffmpeg that it runs', value: all, unit: 'MB', n: frames },
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

/** Lays films of one form end to end without encoding them again. */
async function joined(paths: readonly string[], path: string): Promise<string> {
  const list = `${path}.txt`;
  await writeFile(list, paths.map((one) => `file 'file:${one}'\n`).join(''));
  const input = ['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'file', '-i', `file:${list}`];
  await runFfmpeg(['-v', 'error', ...input, '-map', '0:V:0', '-c', 'copy', '-y', `file:${path}`]);
  return path;
}
