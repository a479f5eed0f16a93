import { closeSync, existsSync, openSync, readSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { BacklotError } from '../contract/index.ts';
import { byOneEncoder } from './frames.ts';
import { planarBytes } from './planar.ts';
import { fileUrl } from './run.ts';
import { withScratch } from './scratch.ts';

/** One of few frames of a film that are looked at more closely than the others. */
export interface Still {
  /** 0-based frame of the film. */
  index: number;
  /** The whole picture scaled, as `rgbOf` reads it. */
  picture: Buffer;
  /** Luma of the decoded picture, black 16 and white 235: all its lines with few pixels of each, and few lines with all pixels of each. */
  rows: Buffer;
  columns: Buffer;
}

/** The bytes are lent: the next still takes their place. */
export type OnStill = (still: Still) => void;

interface Size {
  width: number;
  height: number;
}

/** Most pixels that are taken of a line, and lines of a picture: enough to know a line's brightest hundredth. */
const mostAcross = 320;
const mostDown = 180;

export const sampled = ({ width, height }: Size) => ({
  rows: { width: Math.min(mostAcross, width), height },
  columns: { width, height: Math.min(mostDown, height) },
});

/** Frames are counted in place of timed, in these ticks: in a film's own, ffmpeg complains that many have the time of another. */
const tick = '1/1000';
export const countedFrom = (first: number): string => `settb=${tick},setpts=N+${first}`;
export const inTicks = ['-enc_time_base', tick];

/** What comes of a still, each by an output of its own. */
const planes = { picture: 'yuv420p', rows: 'gray', columns: 'gray' } as const;
type Plane = keyof typeof planes;
const planeNames = Object.keys(planes) as Plane[];

/** Where ffmpeg puts stills, and who reads them there. */
export interface StillFiles {
  /** Outputs of what the filters call `[picture]`, `[rows]` and `[columns]`. @param most stills, after which ffmpeg ends */
  arguments: (most?: number) => string[];
  /** Takes what `metadata` prints of each still: its frame's number. */
  takeNumbers: (chunk: Buffer) => void;
  /** After the last. @throws BacklotError `frame-torn` */
  end: (path: string) => void;
}

/**
 * Stills go by files that are gone as soon as they are read. A pipe hands them over in thousands of pieces, for each of which Node
 * takes new memory: to clear that away took longer than all that is done with them.
 */
export async function withStillFiles<T>(
  film: Size,
  picture: Size,
  onStill: OnStill,
  work: (files: StillFiles) => Promise<T>,
): Promise<T> {
  return withScratch('stills', async (folder) => {
    return await work(stillFiles(folder, { picture, ...sampled(film) }, onStill));
  });
}

function stillFiles(folder: string, sizes: Record<Plane, Size>, onStill: OnStill): StillFiles {
  const bytes = (plane: Plane) =>
    planes[plane] === 'gray' ? sizes[plane].width * sizes[plane].height : planarBytes(sizes[plane]);
  const [picture, rows, columns] = planeNames.map((plane) => Buffer.alloc(bytes(plane))) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  const lent = { picture, rows, columns };
  const numbers: number[] = [];
  let done = 0;
  const isThere = () => planeNames.every((plane) => existsSync(join(folder, `${plane}-${done + 1}`)));
  const readThose = () => {
    while (numbers.length > 0 && isThere()) {
      done++;
      for (const plane of planeNames) takeFile(join(folder, `${plane}-${done}`), lent[plane]);
      onStill({ index: numbers.shift() as number, ...lent });
    }
  };
  return {
    arguments: (most) => planeNames.flatMap((plane) => planeOutput(plane, join(folder, `${plane}-%d`), most)),
    takeNumbers: numberReader((number) => {
      numbers.push(number);
      readThose();
    }),
    end: (path) => {
      readThose();
      if (numbers.length > 0) throw missing(path, numbers);
    },
  };
}

/** A file appears whole. */
const planeOutput = (plane: Plane, pattern: string, most?: number): string[] => [
  ...[
    '-map',
    `[${plane}]`,
    ...(most === undefined ? [] : ['-frames:v', String(most)]),
    '-fps_mode',
    'passthrough',
    ...inTicks,
    '-c:v',
    'rawvideo',
    ...byOneEncoder,
  ],
  ...['-pix_fmt', planes[plane], '-f', 'image2', '-atomic_writing', '1', fileUrl(pattern)],
];

function takeFile(path: string, into: Buffer): void {
  const file = openSync(path, 'r');
  try {
    const bytes = readSync(file, into);
    if (bytes !== into.length) throw torn(path, `${into.length} bytes`, String(bytes));
  } finally {
    closeSync(file);
    unlinkSync(path);
  }
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

const missing = (path: string, numbers: readonly number[]): BacklotError =>
  torn(path, `the picture of frame ${numbers[0]}`, 'none when decoding had ended');

const torn = (where: string, expected: string, found: string): BacklotError =>
  new BacklotError('frame-torn', {
    ...{ expected, where, found },
    remedy:
      'See that the folder for temporary files has room, and run it again; if it happens again, report it with the file.',
  });
