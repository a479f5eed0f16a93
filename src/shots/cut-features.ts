import { meanLevel, recoloured, recolouredOver, uncorrelated } from './colours.ts';
import type { History, SeenFrame } from './history.ts';
import {
  closest,
  frameNear,
  heldNear,
  isHeld,
  largestOf,
  medianOf,
  sides,
  spread,
  stepAt,
  stepsIn,
} from './steps.ts';
import type { Features } from './trees.ts';
import { unlike, unmatched } from './unmatched.ts';

/** Frames on each side that a step is compared with: two drawings when animated on twos. */
const beside = 4;
/** Frames within which a burst of light is over. */
const burst = 8;
/** Frames on each side that tell how lively the film is there, and what colours it has. */
const wide = 10;
/** Frames on each side that are compared each with each. */
const [likeFrames, colourFrames] = [4, 3];

/** A step to the frame `at`, of `size` grey levels, from `p` to `q`. */
interface Step {
  history: History;
  at: number;
  size: number;
  p: SeenFrame;
  q: SeenFrame;
}

/** What tells a cut before the frame `at` from a burst of light, a fast move and a flicker. Grey levels, shares and ratios. */
export function cutFeatures(history: History, at: number): Features {
  return { ...quickCutFeatures(history, at), ...matchedCutFeatures(history, at) };
}

/** Those that match no blocks, which most of the time goes into. */
export function quickCutFeatures(history: History, at: number): Features {
  const step = stepTo(history, at);
  return { ...sizes(step), ...pictures(step), ...colours(step), ...bursts(step) };
}

/** What is found nowhere near: the rest of them. */
export function matchedCutFeatures(history: History, at: number): Features {
  const { p, q } = stepTo(history, at);
  const [before, after] = [frameNear(history, at - 2), frameNear(history, at + 1)];
  return {
    ...sides('fresh', [unmatched(p, q), unmatched(q, p)]),
    ...sides('freshBeside', [unmatched(p, before), unmatched(q, after)]),
    fresh2: Math.min(unmatched(before, after), unmatched(after, before)),
    backFresh: Math.min(backFresh(history, at - 1, 1), backFresh(history, at, -1)),
  };
}

const stepTo = (history: History, at: number): Step => ({
  ...{ history, at, size: stepAt(history, at) },
  ...{ p: history.at(at - 1), q: history.at(at) },
});

/** The largest steps of the frames before a step and of those after. */
export const stepsBeside = (history: History, at: number): [number, number] => [
  largestOf(stepsIn(history, at - beside, at - 1)),
  largestOf(stepsIn(history, at, at + beside - 1)),
];

/** The first and the last frame that a step is compared with. */
export const framesBeside = (history: History, at: number): [number, number] => [
  heldNear(history, at - beside),
  heldNear(history, at + beside - 1),
];

/** Distance of the closest frames across a step, over how far the frames of either side spread: the livelier side's first. */
export function acrossSpreads(
  history: History,
  at: number,
  [first, last] = framesBeside(history, at),
): [number, number] {
  const across = closest(history, first, at, last);
  const ratios = [spread(history, first, at - 1), spread(history, at, last)].map((one) => across / (one + 1));
  return [Math.min(...ratios), Math.max(...ratios)];
}

function sizes({ history, at, size, p, q }: Step): Features {
  const [before, after] = framesBeside(history, at);
  const [calmer, livelier] = stepsBeside(history, at);
  const next = (k: number) => (k > history.first && k < history.end ? stepAt(history, k) : 0);
  const around = [...stepsIn(history, at - wide - 1, at - 1), ...stepsIn(history, at, at + wide)];
  return {
    ...{ size, share: size / Math.hypot(p.contrast, q.contrast, 1) },
    across: closest(history, before, at, after) / size,
    ...sides('over', [size / (calmer + 1), size / (livelier + 1)]),
    ...sides('beside', [next(at - 1) / size, next(at + 1) / size]),
    ...sides('acrossSpread', acrossSpreads(history, at)),
    usual: medianOf(around) / size,
  };
}

/** How alike the pictures are under any light. */
function pictures({ history, at, p, q }: Step): Features {
  const [before, after] = [frameNear(history, at - 2), frameNear(history, at + 1)];
  return {
    uncorrelated: uncorrelated(p, q),
    ...sides('uncorrelatedBeside', [uncorrelated(before, p), uncorrelated(q, after)]),
    uncorrelatedAcross: leastAcross(history, at, likeFrames, uncorrelated),
    ...sides('detail', [Math.sqrt(p.detail), Math.sqrt(q.detail)]),
    contrast: Math.abs(Math.log((p.contrast + 1) / (q.contrast + 1))),
  };
}

function colours({ history, at, p, q }: Step): Features {
  return {
    palette: recoloured(p, q),
    ...sides('paletteBeside', [
      recoloured(frameNear(history, at - 2), p),
      recoloured(q, frameNear(history, at + 1)),
    ]),
    paletteAcross: leastAcross(history, at, colourFrames, recoloured),
    paletteWide: recolouredOver(history, wide, at - wide, at),
  };
}

/** A burst of light or a blink comes and goes: before long the picture from before it is back, as light as it was. */
function bursts({ history, at, size, p, q }: Step): Features {
  const light = Math.abs(meanLevel(q) - meanLevel(p));
  const lightBack = Math.min(lightOff(history, at - 1, 1), lightOff(history, at, -1));
  const back = Math.min(backDistance(history, at - 1, 1), backDistance(history, at, -1));
  return { light: light / size, lightBack: lightBack / (light + 1), back: back / size };
}

/** Grey levels by which the light of frames beyond a step, looked at one `way`, is off that of a frame, at least. */
function lightOff(history: History, of: number, way: 1 | -1): number {
  const own = meanLevel(history.at(of));
  let least = 255;
  for (let k = of + 2 * way; Math.abs(k - of) <= burst + 1 && isHeld(history, k); k += way)
    least = Math.min(least, Math.abs(meanLevel(history.at(k)) - own));
  return least;
}

/** The frame most like one, among those beyond a step from it; that frame itself where none is held. */
function mostLike(history: History, of: number, way: 1 | -1): number {
  let [least, nearest] = [Number.POSITIVE_INFINITY, of];
  for (let k = of + 2 * way; Math.abs(k - of) <= burst + 1 && isHeld(history, k); k += way) {
    const distance = history.distance(of, k);
    if (distance < least) [least, nearest] = [distance, k];
  }
  return nearest;
}

function backDistance(history: History, of: number, way: 1 | -1): number {
  const nearest = mostLike(history, of, way);
  return nearest === of ? 255 : Math.sqrt(history.distance(of, nearest));
}

/** What of the two is found nowhere near. */
function backFresh(history: History, of: number, way: 1 | -1): number {
  const nearest = mostLike(history, of, way);
  return nearest === of ? 1 : unlike(history.at(of), history.at(nearest));
}

type Compare = (a: SeenFrame, b: SeenFrame) => number;

/** The least that any of so many frames before a step gives with any after it. */
function leastAcross(history: History, at: number, frames: number, compare: Compare): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i <= frames; i++) {
    const before = frameNear(history, at - i);
    for (let k = 0; k < frames; k++) least = Math.min(least, compare(before, frameNear(history, at + k)));
  }
  return least;
}
