import { readBlend } from './blends.ts';
import { meanLevel, recoloured, uncorrelated } from './colours.ts';
import type { History } from './history.ts';
import { reunited, sketch } from './sketch.ts';
import { readSlide } from './slides.ts';
import { frameNear, sides } from './steps.ts';
import type { Features } from './trees.ts';
import { unlike, unmatched } from './unmatched.ts';
import { readWipe } from './wipes.ts';

/** Frames by which those beside a stretch lie from it. */
const beside = 5;
/** Grey levels by which a cell changes, at least. */
const changeLevel = 8;

/** What tells a dissolve or wipe over the frames `start..end` from a moving camera, a burst and a change of light. */
export function gradualFeatures(history: History, start: number, end: number): Features {
  return {
    ...sketch(history, start, end),
    ...explained(history, start, end),
    ...pictures(history, start, end),
    ...levels(history, start, end),
  };
}

/** How well a mixture explains it, and how well an edge that crosses the picture does. */
function explained(history: History, start: number, end: number): Features {
  const blend = readBlend(history, start, end);
  const wipe = readWipe(history, start, end) ?? { edge: -1, atEdge: -1, back: 1, left: 1, scatter: 0 };
  const slide = readSlide(history, start, end);
  return {
    ...{ blendLeft: blend.left, uneven: blend.uneven, unrest: blend.unrest, blendDip: blend.dip },
    ...{ edge: wipe.edge, atEdge: wipe.atEdge, back: wipe.back, wipeLeft: wipe.left, scatter: wipe.scatter },
    ...{ slideLeft: slide.left, slideOff: slide.off },
  };
}

/** Whether the pictures before and after show the same, and how they themselves move. */
function pictures(history: History, start: number, end: number): Features {
  const [a, b, middle] = [start - 1, end + 1, (start + end) >> 1];
  const [p, q] = [history.at(a), history.at(b)];
  const [before, after] = [frameNear(history, start - beside), frameNear(history, end + beside)];
  const again = reunited(history, a, b);
  const [one, other] = [history.at(again.p), history.at(again.q)];
  return {
    ...sides('fresh', [unmatched(p, q), unmatched(q, p)]),
    ...sides('freshBeside', [unmatched(before, p), unmatched(q, after)]),
    wild: unmatched(frameNear(history, middle - 1), frameNear(history, middle + 1)),
    uncorrelated: uncorrelated(p, q),
    ...sides('uncorrelatedBeside', [uncorrelated(before, p), uncorrelated(q, after)]),
    reunionFresh: unlike(one, other),
    reunionUncorrelated: uncorrelated(one, other),
    reunionPalette: recoloured(one, other),
  };
}

function levels(history: History, start: number, end: number): Features {
  const [p, q] = [history.at(start - 1), history.at(end + 1)];
  const inside = Array.from({ length: end - start + 1 }, (_, i) => meanLevel(history.at(start + i)));
  const ends = [meanLevel(p), meanLevel(q)];
  return {
    changed: changedShare(p.cells, q.cells),
    oneSided: Math.abs(p.detail - q.detail) / (p.detail + q.detail + 1),
    lighter: Math.max(...inside) - Math.max(...ends),
    darker: Math.min(...ends) - Math.min(...inside),
  };
}

/** Share of the cells that change. */
function changedShare(a: Float32Array, b: Float32Array): number {
  let changed = 0;
  for (let i = 0; i < a.length; i += 3) {
    const step = (at: number) => Math.abs((a[at] as number) - (b[at] as number));
    if (Math.max(step(i), step(i + 1), step(i + 2)) > changeLevel) changed++;
  }
  return (3 * changed) / a.length;
}
