import { join } from 'node:path';
import { fileUrl, formatRate, parseRate, probe, runFfmpeg } from '../../src/media/index.ts';

/** A film of which copies are made. */
export interface Source {
  name: string;
  path: string;
  /** Rational, frames a second. */
  fps: string;
}

/** A copy of a film: frame `k` shows frame `from + k - start` of its source for the stretch that holds it. */
export interface MadeCopy {
  kind: Kind;
  source: Source;
  path: string;
  stretches: { start: number; from: number; frames: number }[];
}

/** What is done to the picture: all are encoded anew, smaller than the source, at few bits. */
const filters = {
  encoded: [],
  cropped: ['crop=iw*0.86:ih*0.84:iw*0.04:ih*0.1', 'scale=426:204', 'pad=426:240:0:18'],
  mirrored: ['hflip'],
  regraded: ['eq=contrast=1.25:brightness=0.05:gamma=0.8:saturation=0.5', 'colorbalance=rm=0.15:bs=-0.2'],
  retimed: [],
  trailer: ['scale=426:204', 'pad=426:240:0:18'],
} as const;

export type Kind = keyof typeof filters;
export const kinds = Object.keys(filters) as Kind[];

/** Frames that a trailer takes, and from which frame to which it goes on to the next. */
const taken = 44;
const every = 170;
const first = 31;

/** Makes a copy of a film. Frames are counted, so that each frame of a whole copy is that of its source. */
export async function makeCopy(source: Source, kind: Kind, frames: number, dir: string): Promise<MadeCopy> {
  const path = join(dir, `${source.name}-${kind}.mp4`);
  const stretches = kind === 'trailer' ? trailerOf(frames) : [{ start: 0, from: 0, frames }];
  const rate = kind === 'retimed' ? faster(source.fps) : source.fps;
  const picked = stretches.map(({ from, frames: count }) => `between(n,${from},${from + count - 1})`);
  const chain = [
    `select='${picked.join('+')}'`,
    ...filters[kind],
    'scale=426:240,setsar=1',
    `setpts=N/(${rate}*TB)`,
  ];
  await runFfmpeg([
    ...['-v', 'error', '-i', fileUrl(source.path), '-map', '0:V:0', '-vf', chain.join(',')],
    ...['-fps_mode', 'passthrough', '-enc_time_base', '1/90000', '-c:v', 'libx264', '-preset', 'ultrafast'],
    ...['-crf', '32', '-pix_fmt', 'yuv420p', '-y', fileUrl(path)],
  ]);
  return { kind, source, path, stretches };
}

/** As film is shown on television: 25 frames for 24. */
function faster(fps: string): string {
  const { num, den } = parseRate(fps);
  return formatRate({ num: num * 25, den: den * 24 });
}

function trailerOf(frames: number): MadeCopy['stretches'] {
  const starts = Array.from(
    { length: Math.max(0, Math.floor((frames - first - taken) / every) + 1) },
    (_, i) => first + i * every,
  );
  return starts.map((from, i) => ({ start: i * taken, from, frames: taken }));
}

/** The rate that a film declares. */
export async function sourceOf(name: string, path: string): Promise<Source> {
  const { video } = await probe(path);
  return { name, path, fps: video?.averageRate ?? video?.baseRate ?? '24/1' };
}
