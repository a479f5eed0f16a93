import { parseRate } from '../media/index.ts';

/** Presentation times of a file's decoded frames, in ticks of `timeBase` seconds, ascending. */
export interface FrameTable {
  timeBase: string;
  pts: readonly number[];
}

/** What a clip looks like in time. `fps` is a rational such as `12` or `24000/1001`. */
export interface WindowOptions {
  frames: number;
  fps: string;
  /** Output frames between the starts of neighbouring windows. */
  stride: number;
  clipsPerShot: number;
}

/** Windows are lists of decoded frame indexes; `tooFewFrames` counts those the film has no frames for. */
export interface ShotWindows {
  windows: number[][];
  tooShort: boolean;
  tooFewFrames: number;
}

/**
 * For output times 0, 1/fps, 2/fps ... after the frame `range.in`, the frame of the shot whose presentation time is
 * nearest (of two equally near the earlier). Nothing is retimed: speed and order stay those of the film. The last
 * output time is the last that is not past the shot's last frame, give or take a tick for rounded time bases.
 * The comparison is in whole numbers, in units of 1 / (den of the time base x num of fps) seconds.
 */
export function nearestFrames(table: FrameTable, range: { in: number; out: number }, fps: string): number[] {
  const base = parseRate(table.timeBase);
  const rate = parseRate(fps);
  const tick = base.num * rate.num;
  const step = rate.den * base.den;
  const first = table.pts[range.in] ?? 0;
  const at = (frame: number) => ((table.pts[frame] ?? 0) - first) * tick;
  const end = at(range.out - 1) + tick;
  const chosen: number[] = [];
  let frame = range.in;
  for (let time = 0; time <= end; time += step) {
    while (frame + 1 < range.out && Math.abs(at(frame + 1) - time) < Math.abs(at(frame) - time)) frame += 1;
    chosen.push(frame);
  }
  return chosen;
}

/**
 * The clips of a shot: windows of `frames` nearest frames, starts at least `stride` apart and spread evenly, so that
 * the first and last reach the shot's ends (a single one lies in the middle).
 * A window in which the film shows one frame for two output times is refused: it would stutter.
 */
export function windowsOf(
  table: FrameTable,
  shot: { in: number; out: number },
  options: WindowOptions,
): ShotWindows {
  const slots = nearestFrames(table, shot, options.fps);
  const spare = slots.length - options.frames;
  if (spare < 0) return { windows: [], tooShort: true, tooFewFrames: 0 };
  const count = Math.min(options.clipsPerShot, Math.floor(spare / options.stride) + 1);
  const startOf = (i: number) => Math.round(count === 1 ? spare / 2 : (i * spare) / (count - 1));
  const all = Array.from({ length: count }, (_, i) => slots.slice(startOf(i), startOf(i) + options.frames));
  const windows = all.filter((frames) => new Set(frames).size === frames.length);
  return { windows, tooShort: false, tooFewFrames: all.length - windows.length };
}
