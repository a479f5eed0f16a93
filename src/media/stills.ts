import type { DecodeOptions } from './decode-options.ts';
import { frameCutter } from './frame-cutter.ts';
import { type OnFrame, rawOutput, readArguments, videoOf } from './frames.ts';
import { decodeFilter, lumaFilter, oneSize, planarFilter, weaveFilters } from './picture-filters.ts';
import { type PictureFacts, probe } from './probe.ts';
import { runFfmpeg } from './run.ts';
import { firstSeen, fromFilter, leadFilter, type Seek, seekArguments } from './seek.ts';
import { countedFrom, inTicks, type OnStill, sampled, withStillFiles } from './still-files.ts';
import { toneMapFilters } from './tone-map.ts';
import { passesOf, selectFilter } from './wanted.ts';

export interface StillOptions {
  /** Size of the picture that comes out. */
  width: number;
  height: number;
  /** Frames from one to the next, at least; half as many more where frames made from two others would come. */
  every: number;
}

export interface StillsOptions extends DecodeOptions {
  stills: StillOptions;
  /** The frame to begin at, and the last still before it. */
  seek?: (Seek & { lastStill: number }) | undefined;
}

/** A frame that stands alone most often begins a shot: it is taken soon after another, too. */
const soonest = 4;

/**
 * Which frames: none made from two others, whose blocks keep their edges where decoding is rough (but where a film has
 * hardly any else), and those that stand alone. In films that have no others, one of four at most.
 */
function anyFew({ stills: { every }, seek }: StillsOptions): string {
  // Before the film's first frame lies none, as good as far away.
  const before = seek ? seek.frame - seek.lastStill : 2 * every;
  const since = `if(selected_n,n-prev_selected_n,n+${before})`;
  const terms = [
    `gte(${since},${Math.ceil(1.5 * every)})`,
    `gte(${since},${every})*not(eq(pict_type,B))`,
    `gte(${since},${Math.min(soonest, every)})*eq(pict_type,I)`,
  ];
  return `select='${terms.join('+')}'`;
}

/** The descriptor by which the number of each still's frame is told. */
const numbersTo = 3;

/** Each still prints its frame's number; `metadata` prints only frames that carry some, so one is added. */
const numbered = `metadata=add:key=b:value=1,metadata=print:direct=1:file=pipe\\\\:${numbersTo}`;

/**
 * Decodes a film once for two readers: each frame small, as `decodeFrames` gives it, and few frames as stills, HDR in
 * BT.709's range. A still comes a few frames after its frame, at the end at the latest. Where a frame is sought, both begin there.
 * @returns how many frames there are, those before a sought one counted
 * @throws BacklotError `no-video`, `ffmpeg-failed`, `frame-torn`, `no-zimg`
 */
export async function decodeWithStills(
  path: string,
  options: StillsOptions,
  onFrame: OnFrame,
  onStill: OnStill,
): Promise<number> {
  const { stills, seek, signal } = options;
  const begin = seek?.frame ?? 0;
  const video = options.video ?? videoOf(path, await probe(path, options.signal));
  const small = decodeFilter(video, { ...options, pulldown: undefined, deinterlace: undefined });
  const even = evenFilters(video, options, firstSeen(seek));
  const sought = [...fromFilter(seek), ...even, ...leadFilter(seek)];
  const graph = [
    `[0:V:0]${[...sought, countedFrom(begin), 'split[all][some]'].join(',')}`,
    `[all]${small}[small]`,
    ...stillGraph('[some]', [anyFew(options)], video, stills),
  ];
  const read = [...seekArguments(seek), ...(await readArguments(path, video, { ...options, toneMap: true }))];
  const size = options.width * options.height * (options.pixelFormat === 'rgb24' ? 3 : 1);
  const cutter = frameCutter(size, options.lent ?? false, (n, bytes) => onFrame(begin + n, bytes));
  const smalls = ['-map', '[small]', ...inTicks, ...rawOutput(options.pixelFormat, 1)];
  return withStillFiles(video, stills, onStill, async (files) => {
    const args = [...read, '-filter_complex', graph.join(';'), ...smalls, ...files.arguments()];
    await runFfmpeg(args, { signal, onStdout: cutter.take, outputs: [files.takeNumbers] });
    files.end(path);
    return begin + cutter.end(path);
  });
}

/**
 * Decodes single frames as stills.
 * @throws BacklotError `no-video`, `ffmpeg-failed`, `frame-torn`, `no-zimg`
 */
export async function decodeStills(path: string, options: FewStills, onStill: OnStill): Promise<void> {
  const video = options.video ?? videoOf(path, await probe(path, options.signal));
  for (const pass of passesOf(options)) {
    if (pass.only.length === 0) continue;
    const read = await readArguments(path, video, { ...options, ...seen });
    const films = [...evenFilters(video, { ...options, ...seen }), countedFrom(0), ...selectFilter(pass)];
    await stillPass(path, video, { ...pass, read, filters: films }, onStill);
  }
}

const seen = { pixelFormat: 'rgb24', toneMap: true } as const;

export type FewStills = Omit<DecodeOptions, 'pixelFormat'> & { only: readonly number[] };

/** A frame, and its time as `checkDecode` tells it. */
export interface TimedFrame {
  index: number;
  /** Ticks of the stream, and seconds: from the container's start. */
  pts: number;
  seconds: number;
}

/** Seconds before the first frame from which on is decoded: what a film is sought by need not be what it is shown by. */
const lead = 2;

/**
 * As `decodeStills`, of frames near each other: reads the film from shortly before the first to the last alone. Frames are known by
 * their timestamps, so these must be the film's own, each another's, and its fields be left woven.
 * @returns how many of them came: where some did not, no still is to be believed
 */
export async function decodeStillsNear(
  path: string,
  { near, ...options }: Omit<FewStills, 'only'> & { near: readonly TimedFrame[] },
  onStill: OnStill,
): Promise<number> {
  const video = options.video ?? videoOf(path, await probe(path, options.signal));
  const from = Math.max(0, (near[0]?.seconds ?? 0) - lead);
  const sought = seekArguments({ seconds: from });
  const read = [...sought, ...(await readArguments(path, video, { ...options, ...seen }))];
  const wanted = `select='${near.map(({ pts }) => `eq(pts,${pts})`).join('+')}'`;
  const filters = [wanted, ...evenFilters(video, { ...options, ...seen }), countedFrom(0)];
  let came = 0;
  await stillPass(path, video, { ...options, read, filters, most: near.length }, (still) => {
    came++;
    onStill({ ...still, index: near[still.index]?.index ?? -1 });
  });
  return came;
}

interface StillPass {
  width: number;
  height: number;
  read: readonly string[];
  filters: readonly string[];
  most?: number;
  signal?: AbortSignal | undefined;
}

async function stillPass(
  path: string,
  video: PictureFacts,
  pass: StillPass,
  onStill: OnStill,
): Promise<void> {
  const graph = [`[0:V:0]${pass.filters.join(',')}[few]`, ...stillGraph('[few]', [], video, pass)];
  await withStillFiles(video, pass, onStill, async (files) => {
    const args = [...pass.read, '-filter_complex', graph.join(';'), ...files.arguments(pass.most)];
    await runFfmpeg(args, { signal: pass.signal, outputs: [files.takeNumbers] });
    files.end(path);
  });
}

const evenFilters = (video: PictureFacts, options: DecodeOptions, from = 0): string[] => [
  oneSize(video),
  ...weaveFilters(video, options, from),
];

function stillGraph(
  from: string,
  select: readonly string[],
  video: PictureFacts,
  size: { width: number; height: number },
): string[] {
  const { rows, columns } = sampled(video);
  const whole = { width: video.width, height: video.height };
  const some = [...select, numbered, ...toneMapFilters(video, whole), 'split=3[large][high][wide]'];
  return [
    `${from}${some.join(',')}`,
    `[large]${planarFilter(video, size)}[picture]`,
    `[high]${lumaFilter(rows)}[rows]`,
    `[wide]${lumaFilter(columns)}[columns]`,
  ];
}
