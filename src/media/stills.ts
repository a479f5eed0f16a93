import type { DecodeOptions } from './decode-options.ts';
import { frameCutter } from './frame-cutter.ts';
import { type OnFrame, rawOutput, readArguments, videoOf } from './frames.ts';
import { decodeFilter, scaleFilter, weaveFilters } from './picture-filters.ts';
import { probe, type VideoFacts } from './probe.ts';
import { runFfmpeg } from './run.ts';
import { toneMapFilters } from './tone-map.ts';
import { passesOf, selectFilter, type Wanted } from './wanted.ts';

/** One of few frames of a film that are looked at more closely than the others. */
export interface Still {
  /** 0-based frame of the film. */
  index: number;
  /** `width * height * 3` RGB bytes, the whole picture scaled. */
  picture: Buffer;
  /** Luma of the decoded picture, 0..255: all its lines with few pixels of each, and few lines with all pixels of each. */
  rows: Buffer;
  columns: Buffer;
}

/** `rows` and `columns` are large: what is to be kept of them is to be taken at once. */
export type OnStill = (still: Still) => void;

export interface StillOptions {
  /** Size of the picture that comes out. */
  width: number;
  height: number;
  /** Frames from one to the next, at least; half as many more where frames made from two others would come. */
  every: number;
}

/** Most pixels that are taken of a line, and lines of a picture: enough to know a line's brightest hundredth. */
const mostAcross = 320;
const mostDown = 180;

export const sampled = ({ width, height }: { width: number; height: number }) => ({
  rows: { width: Math.min(mostAcross, width), height },
  columns: { width, height: Math.min(mostDown, height) },
});

/** A frame that stands alone most often begins a shot: it is taken soon after another, too. */
const soonest = 4;

/**
 * Which frames: none made from two others, whose blocks keep their edges where decoding is rough (but where a film has
 * hardly any else), and those that stand alone. In films that have no others, one of four at most.
 */
function anyFew(every: number): string {
  const since = 'n-prev_selected_n';
  const terms = [
    'eq(n,0)',
    `gte(${since},${Math.ceil(1.5 * every)})`,
    `gte(${since},${every})*not(eq(pict_type,B))`,
    `gte(${since},${Math.min(soonest, every)})*eq(pict_type,I)`,
  ];
  return `select='${terms.join('+')}'`;
}

/** The four outputs of a still, by their descriptors: picture, rows, columns, and the frame's number in words. */
const outputs = { picture: 3, rows: 4, columns: 5, numbers: 6 };

/** Each still prints its frame's number; `metadata` prints only frames that carry some, so one is added. */
const numbered = `metadata=add:key=b:value=1,metadata=print:direct=1:file=pipe\\\\:${outputs.numbers}`;

/**
 * Decodes a film once for two readers: each frame small, as `decodeFrames` gives it, and few frames as stills, HDR in
 * BT.709's range. A still comes a few frames after its frame, at the end at the latest.
 * @returns how many frames there are
 * @throws BacklotError `no-video`, `ffmpeg-failed`, `frame-torn`, `no-zimg`
 */
export async function decodeWithStills(
  path: string,
  options: DecodeOptions & { stills: StillOptions },
  onFrame: OnFrame,
  onStill: OnStill,
): Promise<number> {
  const { stills } = options;
  const video = options.video ?? videoOf(path, await probe(path, options.signal));
  const small = decodeFilter(video, { ...options, pulldown: undefined, deinterlace: undefined });
  const graph = [
    `[0:V:0]${[...evenFilters(video, options), 'setpts=N', 'split[all][some]'].join(',')}`,
    `[all]${small}[small]`,
    ...stillGraph('[some]', [anyFew(stills.every)], video, stills),
  ];
  const args = [
    ...oneGraph,
    ...(await readArguments(path, video, { ...options, toneMap: true })),
    ...['-filter_complex', graph.join(';')],
    ...['-map', '[small]', ...rawOutput(options.pixelFormat, 1), ...stillOutputs],
  ];
  const size = options.width * options.height * (options.pixelFormat === 'rgb24' ? 3 : 1);
  const cutter = frameCutter(size, options.lent ?? false, onFrame);
  const joiner = stillJoiner(video, stills, onStill);
  const { signal } = options;
  await runFfmpeg(args, { signal, onStdout: cutter.take, outputs: joiner.takes });
  joiner.end(path);
  return cutter.end(path);
}

/**
 * Decodes single frames as stills.
 * @throws BacklotError `no-video`, `ffmpeg-failed`, `frame-torn`, `no-zimg`
 */
export async function decodeStills(
  path: string,
  options: Omit<DecodeOptions, 'pixelFormat'> & { only: readonly number[] },
  onStill: OnStill,
): Promise<void> {
  const video = options.video ?? videoOf(path, await probe(path, options.signal));
  for (const pass of passesOf(options)) if (pass.only.length > 0) await stillPass(path, video, pass, onStill);
}

async function stillPass(
  path: string,
  video: VideoFacts,
  options: Parameters<typeof decodeStills>[1],
  onStill: OnStill,
): Promise<void> {
  const decode = { ...options, pixelFormat: 'rgb24', toneMap: true } as const;
  const [first, ...rest] = stillGraph('[all]', selectFilter(options as Wanted), video, options);
  const graph = [`[0:V:0]${[...evenFilters(video, decode), 'setpts=N[all]'].join(',')}`, first, ...rest];
  const joiner = stillJoiner(video, options, onStill);
  const args = [
    ...oneGraph,
    ...(await readArguments(path, video, decode)),
    ...['-filter_complex', graph.join(';'), ...stillOutputs],
  ];
  await runFfmpeg(args, { signal: options.signal, outputs: joiner.takes });
  joiner.end(path);
}

/**
 * Where a film's format changes, ffmpeg would begin its filters anew, and with them the count of frames: they stay, and
 * what follows is brought to the film's size. Frames that have it pass untouched.
 */
const oneGraph = ['-reinit_filter', '0'];
const evenFilters = (video: VideoFacts, options: DecodeOptions): string[] => [
  `scale=${video.width}:${video.height}`,
  ...weaveFilters(video, options),
];

function stillGraph(
  from: string,
  select: readonly string[],
  video: VideoFacts,
  size: { width: number; height: number },
): string[] {
  const { rows, columns } = sampled(video);
  const grey = ({ width, height }: typeof rows) => `scale=${width}:${height}:flags=neighbor,format=gray`;
  const whole = { width: video.width, height: video.height };
  const some = [...select, numbered, ...toneMapFilters(video, whole), 'split=3[large][high][wide]'];
  const picture = scaleFilter(video, { ...size, pixelFormat: 'rgb24' });
  return [
    `${from}${some.join(',')}`,
    `[large]${picture}[picture]`,
    `[high]${grey(rows)}[rows]`,
    `[wide]${grey(columns)}[columns]`,
  ];
}

const stillOutputs = [
  ...['-map', '[picture]', ...rawOutput('rgb24', outputs.picture)],
  ...['-map', '[rows]', ...rawOutput('gray', outputs.rows)],
  ...['-map', '[columns]', ...rawOutput('gray', outputs.columns)],
];

/** Puts together what comes of a still by four ways. */
function stillJoiner(video: VideoFacts, size: { width: number; height: number }, onStill: OnStill) {
  const numbers: number[] = [];
  const { rows: high, columns: wide } = sampled(video);
  const pixels = [3 * size.width * size.height, high.width * high.height, wide.width * wide.height];
  const queues = pixels.map((): Buffer[] => []);
  const join = () => {
    while (numbers.length > 0 && queues.every((queue) => queue.length > 0)) {
      const [picture, rows, columns] = queues.map((queue) => queue.shift()) as [Buffer, Buffer, Buffer];
      onStill({ index: numbers.shift() as number, picture, rows, columns });
    }
  };
  const arrived = <T>(queue: T[], one: T) => {
    queue.push(one);
    join();
  };
  const cutters = queues.map((queue, i) =>
    frameCutter(pixels[i] as number, false, (_, whole) => arrived(queue, whole)),
  );
  const takes = cutters.map(
    ({ take }) =>
      (chunk: Buffer) =>
        void take(chunk),
  );
  return {
    takes: [...takes, numberReader((number) => arrived(numbers, number))],
    end: (path: string) => {
      for (const { end } of cutters) end(path);
    },
  };
}

/** Reads the numbers of frames in what `metadata` prints. */
function numberReader(onNumber: (number: number) => void): (chunk: Buffer) => void {
  let open = '';
  return (chunk) => {
    const lines = (open + chunk.toString('latin1')).split('\n');
    open = lines.pop() ?? '';
    for (const line of lines) {
      const [, number] = /^frame:\d+\s+pts:(\d+)/.exec(line) ?? [];
      if (number !== undefined) onNumber(Number(number));
    }
  };
}
