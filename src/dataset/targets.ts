import { BacklotError } from '../contract/index.ts';
import { parseRate } from '../media/index.ts';
import type { ClipShape, ExportFormat, ExportInput } from './export-schema.ts';

/** A format whose clips lie there as they were frozen. */
export type FrozenFormat = 'engine' | 'croissant';

/** A format whose clips are videos that are cut anew from the masters. */
export type VideoFormat = Exclude<ExportFormat, FrozenFormat>;

/** What a target asks of its clips. */
interface Target extends Omit<ClipShape, 'frames'> {
  /** A clip has `step` n + 1 frames: what the codecs of the target's models compress into one step of time. */
  step: number;
  /** Both sides are multiples of this: the codec's block times the transformer's patch. */
  multiple: number;
  /** Frames that a video has beyond those trained on. */
  spare: number;
}

/** Wan's own rate, size and steps; other families that these trainers know take a multiple of the same. */
const wan: Target = { fps: '16', step: 4, multiple: 16, width: 832, height: 480, spare: 0 };

/** LTX: 8n+1 frames and sides of 32 (LTX-2's docs/dataset-preparation.md, "Resolution Buckets"). */
const ltx: Target = { fps: '24', step: 8, multiple: 32, width: 768, height: 512, spare: 0 };

/**
 * diffusion-pipe estimates a video's frames as rate x duration, rounded down from a duration in hundredths of a second,
 * and drops a video that seems a frame short (its issues 349 and 513): one frame more than it trains on keeps them.
 */
const targets: Record<VideoFormat, Target> = {
  finetrainers: wan,
  'diffusion-pipe': { ...wan, spare: 1 },
  'musubi-tuner': wan,
  'ai-toolkit': wan,
  'ltx-trainer': ltx,
  videofolder: wan,
  webdataset: wan,
};

/** Rate and size of an export, and how many frames its videos may have. */
export interface Ask extends Omit<ClipShape, 'frames'> {
  /** Frames that the target trains on; null: as many as all clips hold. */
  frames: number | null;
  step: number;
  spare: number;
}

/** What a person said of the shape. */
type Wish = { [K in keyof ClipShape]?: ClipShape[K] | undefined };

/** What was asked for, with the target's own rate and size in place of what was left open. @throws BacklotError `bad-input` */
export function askOf(format: VideoFormat, input: Wish): Ask {
  const { step, multiple, spare, ...usual } = targets[format];
  const { frames = null, fps = usual.fps, width = usual.width, height = usual.height } = input;
  if (frames !== null && frames % step !== 1) throw unfit(format, 'frames', `${step}n+1`, frames);
  for (const [side, length] of Object.entries({ width, height })) {
    if (length % multiple !== 0) throw unfit(format, side, `a multiple of ${multiple}`, length);
  }
  parseRate(fps);
  return { frames, fps, width, height, step, spare };
}

/** Frozen clips have the shape that they have. @throws BacklotError `bad-input` */
export function refuseShape({ format, frames, fps, width, height }: ExportInput): void {
  const asked = Object.entries({ frames, fps, width, height }).find(([, value]) => value !== undefined);
  if (asked) throw unfit(format, asked[0], 'nothing: the clips lie there as they were frozen', asked[1]);
}

/** The most frames that fit `slots` frames of a video, the spare ones left aside; 0 where none do. */
export function fitting(slots: number, { step, spare }: Pick<Ask, 'step' | 'spare'>): number {
  const steps = Math.floor((slots - spare - 1) / step);
  return steps < 1 ? 0 : steps * step + 1;
}

const unfit = (format: ExportFormat, option: string, expected: string, found: unknown) =>
  new BacklotError('bad-input', {
    expected: `--${option}: ${expected}`,
    where: `dataset export --format ${format}`,
    found: String(found),
    remedy: `Leave --${option} out, or give a value that ${format} takes.`,
  });
