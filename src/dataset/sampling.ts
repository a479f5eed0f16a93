import { parseRate } from '../media/index.ts';

/** Presentation times of a file's decoded frames, in ticks of `timeBase` seconds, ascending. */
export interface FrameTable {
  timeBase: string;
  pts: readonly number[];
  /** Frames that only show the film frame before them again: telecined film. Clips never show them. */
  repeats?: ReadonlySet<number> | undefined;
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
 * The comparison is in whole numbers, in units of 1 / (2 x den of the time base x num of fps) seconds.
 */
export function nearestFrames(table: FrameTable, range: { in: number; out: number }, fps: string): number[] {
  const base = parseRate(table.timeBase);
  const rate = parseRate(fps);
  const tick = base.num * rate.num;
  const step = 2 * rate.den * base.den;
  const { frames, times } = shownIn(table, range);
  const at = (place: number) => ((times[place] ?? 0) - (times[0] ?? 0)) * tick;
  const end = at(frames.length - 1) + 2 * tick;
  const chosen: number[] = [];
  let place = 0;
  for (let time = 0; time <= end; time += step) {
    while (place + 1 < frames.length && Math.abs(at(place + 1) - time) < Math.abs(at(place) - time))
      place += 1;
    chosen.push(frames[place] as number);
  }
  return chosen;
}

/**
 * The frames of a range that show something new, and when, in half ticks. In telecined film that is the middle of the time for
 * which the film frame is shown: those lie evenly, where its beginnings do not.
 */
function shownIn({ pts, repeats }: FrameTable, range: { in: number; out: number }) {
  const all = Array.from({ length: range.out - range.in }, (_, i) => range.in + i);
  if (!repeats) return { frames: all, times: all.map((frame) => 2 * (pts[frame] ?? 0)) };
  const frames = all.filter((frame) => frame === range.in || !repeats.has(frame));
  const last = pts.length - 1;
  const after = (frame: number): number => {
    let next = frame + 1;
    while (repeats.has(next)) next += 1;
    return pts[next] ?? 2 * (pts[last] ?? 0) - (pts[last - 1] ?? 0);
  };
  return { frames, times: frames.map((frame) => (pts[frame] ?? 0) + after(frame)) };
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
