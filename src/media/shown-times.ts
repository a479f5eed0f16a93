import { parseRate, rateNumber } from './rate.ts';
import { frameOf, timecodeOf } from './timecode.ts';

/**
 * When each frame of a film of variable rate shows, in seconds from its first frame, and then when the last one ends. Its labels are
 * those of this clock at the nearest whole rate: how many frames came before says nothing of when one shows.
 */
export type ShownTimes = readonly number[];

/** @param pts timestamps in ticks of `timeBase` seconds @param fps the film's rate: the last frame lasts as long as one at it */
export function shownTimes(
  { pts, timeBase }: { pts: readonly number[]; timeBase: string },
  fps: string,
): ShownTimes {
  const tick = rateNumber(parseRate(timeBase));
  const times = pts.map((at) => (at - (pts[0] ?? 0)) * tick);
  return [...times, (times.at(-1) ?? 0) + 1 / rateNumber(parseRate(fps))];
}

/** Timestamps are rounded to a tick, of which the coarsest that containers have is a millisecond. */
const slack = 0.001;

const labelRate = (fps: string): number => Math.max(1, Math.round(rateNumber(parseRate(fps))));

/** The label of a frame, or of the film's end. */
export function shownTimecode(times: ShownTimes, frame: number, fps: string, start: string | null): string {
  const rate = labelRate(fps);
  const seconds = times[Math.min(frame, times.length - 1)] ?? 0;
  return timecodeOf(Math.floor((seconds + slack) * rate), `${rate}/1`, start, false);
}

/** The frame that begins nearest to a label; the number of frames where that is the film's end or later. @throws BacklotError `bad-timecode` */
export const shownFrame = (times: ShownTimes, timecode: string, fps: string, start: string | null): number =>
  frameShownAt(times, frameOf(timecode, `${labelRate(fps)}/1`, start, false) / labelRate(fps));

/** The frame that begins nearest to a time; of two the first. @param seconds from the first frame */
export function frameShownAt(times: ShownTimes, seconds: number): number {
  const after = times.findIndex((time) => time >= seconds);
  if (after <= 0) return after < 0 ? times.length - 1 : 0;
  const [before = 0, next = 0] = [times[after - 1], times[after]];
  return seconds - before <= next - seconds ? after - 1 : after;
}
