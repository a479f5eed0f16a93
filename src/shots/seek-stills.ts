import { type CatalogFile, frameTable } from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';
import {
  decodeStillsNear,
  type OnStill,
  type PictureFacts,
  type Pulldown,
  parseRate,
  rateNumber,
  type TimedFrame,
} from '../media/index.ts';

/** Seconds between two frames from which on each is sought by itself. */
const far = 4;
/** Seconds that are decoded for each place: from a keyframe some time before it. */
const aPlace = 10;
/** Of the film's seconds, the share from which on it is decoded as a whole. */
const most = 0.5;

export interface SoughtFilm {
  fps: number;
  frames: number;
  /** 3:2 pulldown that is undone. */
  pulldown?: Pulldown | undefined;
  /** What is known of its picture. */
  video: PictureFacts;
  /** Gives when frames show; absent where the file does not say it. */
  timed?: ((frames: readonly number[]) => Promise<TimedFrame[]>) | undefined;
}

/** Timestamps that a file lacks, or that ran backwards, were counted: by those nothing is found in it. */
export function timedIn(context: Pick<Context, 'paths'>, file: CatalogFile): SoughtFilm['timed'] {
  if (file.facts.timestamps !== 'file') return undefined;
  return async (frames) => {
    const { pts, timeBase } = await frameTable(context, file.id);
    const tick = rateNumber(parseRate(timeBase));
    return frames.map((index) => ({ index, pts: pts[index] ?? -1, seconds: (pts[index] ?? 0) * tick }));
  };
}

/**
 * Decodes few frames of a film without the rest of it.
 * @returns whether all came; where not, those that came are not to be believed
 */
export async function seekStills(
  path: string,
  { timed, video, pulldown, frames, fps }: SoughtFilm,
  {
    only,
    ...options
  }: { width: number; height: number; only: readonly number[]; signal?: AbortSignal | undefined },
  onStill: OnStill,
): Promise<boolean> {
  if (only.length === 0) return true;
  if (!timed || pulldown) return false;
  const places = placesOf(await timed(only));
  if (places.length * aPlace > (most * frames) / fps) return false;
  for (const near of places)
    if ((await decodeStillsNear(path, { ...options, video, near }, onStill)) < near.length) return false;
  return true;
}

function placesOf(frames: readonly TimedFrame[]): TimedFrame[][] {
  const places: TimedFrame[][] = [];
  for (const frame of frames) {
    const last = places.at(-1);
    if (last && frame.seconds - (last.at(-1)?.seconds ?? 0) < far) last.push(frame);
    else places.push([frame]);
  }
  return places;
}
