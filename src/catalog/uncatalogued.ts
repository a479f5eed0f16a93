import {
  checkDecode,
  type ProbeFacts,
  type Pulldown,
  packetTimes,
  stretchesOf,
  type VideoFacts,
} from '../media/index.ts';
import { telecineOf } from './film.ts';
import { timingOf } from './rate.ts';
import { mayBePulledDown } from './telecine.ts';

/** The rate of a film that is in no catalogue, and its 3:2 pulldown, as the catalogue would have them. */
export interface RateFound {
  fps: string;
  /** Absent where none has to be undone. */
  pulldown: Pulldown | undefined;
}

interface LookOptions {
  signal: AbortSignal;
  onFrame: (done: number) => void;
}

/**
 * The rate of a film file by its timestamps, and its 3:2 pulldown, for which it is decoded once more, and where there is some twice.
 * @returns null where what it declares holds, or nothing else can be told
 */
export async function rateIn(
  path: string,
  { format, video }: ProbeFacts,
  options: LookOptions,
): Promise<RateFound | null> {
  if (!video) return null;
  if (mayBePulledDown(video.averageRate ?? video.baseRate)) return pulldownIn(path, video, options);
  // The tables of an MP4 or MOV hold the times of all frames: what declares one rate twice has it.
  if (format.includes('mp4') && video.averageRate === video.baseRate) return null;
  const pts = await packetTimes(path, options.signal).catch(() => []);
  options.signal.throwIfAborted();
  if (pts.length === 0) return null;
  const { fps } = timingOf(pts, video.timeBase, [video.averageRate, video.baseRate]);
  return { fps, pulldown: undefined };
}

async function pulldownIn(path: string, video: VideoFacts, options: LookOptions): Promise<RateFound | null> {
  const check = await checkDecode(path, { ...options, fields: true });
  if (check.pts.length === 0) return null;
  const timing = timingOf(check.pts, video.timeBase, [video.averageRate, video.baseRate]);
  const { telecine, repeats } = await telecineOf(path, video, timing, check, options);
  const first = telecine?.first;
  const stretches = stretchesOf(repeats?.repeats ?? []);
  return { fps: timing.fps, pulldown: first ? { first, stretches } : undefined };
}
