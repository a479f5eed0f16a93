import { checkDecode, type Pulldown, stretchesOf, type VideoFacts } from '../media/index.ts';
import { telecineOf } from './film.ts';
import { timingOf } from './rate.ts';
import { mayBePulledDown } from './telecine.ts';

/** The rate of a film that is in no catalogue, and its 3:2 pulldown, as the catalogue would have them. */
export interface RateFound {
  fps: string;
  /** Absent where none has to be undone. */
  pulldown: Pulldown | undefined;
}

/**
 * Looks for 3:2 pulldown in a film file, for which it is decoded once more, and where there is some twice.
 * @returns null where its rate is none at which film is shown by pulldown, or nothing of it decodes
 */
export async function pulldownIn(
  path: string,
  video: VideoFacts,
  options: { signal: AbortSignal; onFrame: (done: number) => void },
): Promise<RateFound | null> {
  if (!mayBePulledDown(video.averageRate ?? video.baseRate)) return null;
  const check = await checkDecode(path, { ...options, fields: true });
  if (check.pts.length === 0) return null;
  const timing = timingOf(check.pts, video.timeBase, [video.averageRate, video.baseRate]);
  const { telecine, repeats } = await telecineOf(path, video, timing, check, options);
  const first = telecine?.first;
  const stretches = stretchesOf(repeats?.repeats ?? []);
  return { fps: timing.fps, pulldown: first ? { first, stretches } : undefined };
}
