import { timingOf } from '../catalog/index.ts';
import { BacklotError, type Mode } from '../contract/index.ts';
import { nearestFrames } from '../dataset/index.ts';
import { checkDecode, parseRate, type VideoFacts } from '../media/index.ts';
import type { ClipShape } from './clip-shape.ts';

/** When each decoded frame is shown, in ticks of `timeBase` seconds, rising. */
interface Times {
  timeBase: string;
  pts: readonly number[];
}

/**
 * When the frames of a video are shown; counted at its declared rate where the file says nonsense. Only extend, which
 * looks from the end, needs all of them: otherwise decoding stops one frame of the model after the last that a take holds.
 */
export async function readTiming(
  path: string,
  mode: Mode,
  { frames, fps }: ClipShape,
  video: VideoFacts,
  signal: AbortSignal,
): Promise<Times> {
  const [base, rate] = [parseRate(video.timeBase), parseRate(fps)];
  const wanted = frames * rate.den * base.den;
  const enough = (pts: readonly number[]) =>
    ((pts.at(-1) ?? 0) - (pts[0] ?? 0)) * base.num * rate.num >= wanted;
  const { pts } = await checkDecode(path, mode === 'extend' ? { signal } : { signal, enough });
  return timingOf(pts, video.timeBase, [video.averageRate, video.baseRate]);
}

/** Frames at the model's rate that a mode cannot do with fewer of. */
function fewest(mode: Mode, { frames, blockFrames }: ClipShape): number {
  if (mode === 'restyle') return frames;
  return mode === 'precede' ? blockFrames : 1;
}

/**
 * The decoded frames that go to the model. extend counts back from the last frame, so that the take goes on from it.
 * @throws BacklotError `video-too-short`; `video-too-slow` where one frame would be shown twice
 */
export function chosenFrames(path: string, mode: Mode, shape: ClipShape, times: Times): number[] {
  const range = { in: 0, out: times.pts.length };
  const forwards = mode !== 'extend';
  const all = range.out === 0 ? [] : nearestFrames(forwards ? times : mirrored(times), range, shape.fps);
  const chosen = all.slice(0, shape.frames);
  const least = fewest(mode, shape);
  if (chosen.length < least) throw tooShort(path, mode, least, chosen.length, shape.fps);
  if (new Set(chosen).size < chosen.length) throw tooSlow(path, shape.fps);
  return forwards ? chosen : chosen.map((frame) => range.out - 1 - frame).reverse();
}

/** The same film seen from its end. */
const mirrored = ({ timeBase, pts }: Times): Times => ({
  timeBase,
  pts: pts.map((at) => -at).reverse(),
});

const tooShort = (path: string, mode: Mode, least: number, found: number, fps: string): BacklotError =>
  new BacklotError('video-too-short', {
    expected: `${least} or more frames at ${fps} a second for mode ${mode}`,
    where: path,
    found: `${found}`,
    remedy: 'Give a longer video, or one of its frames as a picture with mode first.',
  });

const tooSlow = (path: string, fps: string): BacklotError =>
  new BacklotError('video-too-slow', {
    expected: `a new frame for each frame at ${fps} a second`,
    where: path,
    found: 'a frame that would be shown twice',
    remedy:
      "Give a video of the model's rate or faster: videos are never retimed, and this one would stutter.",
  });
