import type { History } from './history.ts';
import { fitRamp, type Ramp } from './ramp.ts';
import type { Transition } from './schema.ts';

/** Contrast below which a frame shows nothing, grey levels; text alone on black has 4 and more. */
const blankContrast = 1.5;
/** Light that a blank frame has over the emptiest beside it where a fade is not quite over, grey levels. */
const footLight = 0.3;
/** Darkest frame of a fade that never reaches black, as a share of the light on its darker side. */
const dimShare = 0.34;
/** A fade comes from at least this much, grey levels. */
const leastLevel = 3;
/** Worst fit of a straight ramp that still counts; eased fades reach .08. */
const worstError = 0.1;
/** Least cosine between a mixed frame and the picture that it fades from or to. */
const leastLikeness = 0.85;
/** Blank frames that a fade from or to a cut takes with it; more are a shot of nothing. */
const fewBlank = 2;
/** Where nothing may be reached, in steps from the dark frame: around a blank one, beyond one that is merely dim. */
const blankZeros = [-0.5, 0, 0.5];
const dimZeros = [-2, -1.5, -1, -0.5, 0];

/** Frames that show nothing; or one frame, the darkest between two pictures; or none, at either end of the film. */
interface Bottom {
  from: number;
  to: number;
  kind: 'blank' | 'dim' | 'end';
}

/** What is known of the film around the held frames. `second`: frames in a second. */
export interface Surroundings {
  second: number;
  /** The first held frame is the film's first. */
  isStart: boolean;
  /** The last held frame is the film's last. */
  isEnd: boolean;
}

/**
 * Fades from and to a flat colour (usually black) among the held frames. A picture, nothing, the next picture are one
 * transition unless nothing lasts over a second.
 */
export function findFades(history: History, around: Surroundings): Transition[] {
  return bottoms(history, around).flatMap((bottom) => {
    const out = rampBeside(history, bottom, -1, around.second);
    const back = rampBeside(history, bottom, 1, around.second);
    return isFlash(history, bottom, out, back) ? [] : joined(bottom, out, back, around.second);
  });
}

function joined({ from, to }: Bottom, out: Ramp | null, back: Ramp | null, second: number): Transition[] {
  if (!out && !back) return [];
  const start = from - (out?.length ?? 0);
  const end = to + (back?.length ?? 0);
  const blank = to - from + 1;
  if (out && back ? blank <= second : blank <= fewBlank) return [{ start, end, type: 'fade' }];
  const first: Transition[] = out ? [{ start, end: from - 1, type: 'fade' }] : [];
  return back ? [...first, { start: to + 1, end, type: 'fade' }] : first;
}

function bottoms(history: History, { second, isStart, isEnd }: Surroundings): Bottom[] {
  const { first, end } = history;
  const found: Bottom[] = [];
  if (isStart && !isBlank(history, first)) found.push({ from: first, to: first - 1, kind: 'end' });
  for (let k = first; k < end; k++) {
    const blank = blankFrom(history, k);
    if (blank > k) found.push(core(history, k, blank - 1));
    else if (isDim(history, k, second)) found.push({ from: k, to: k, kind: 'dim' });
    k = Math.max(k, blank);
  }
  if (isEnd && !isBlank(history, end - 1)) found.push({ from: end, to: end - 1, kind: 'end' });
  return found;
}

/** The first frame from `k` on that is not blank. */
function blankFrom(history: History, k: number): number {
  let end = k;
  while (end < history.end && isBlank(history, end)) end++;
  return end;
}

/** The frames of a blank run that are as empty as its emptiest: the rest are the feet of fades. */
function core(history: History, from: number, to: number): Bottom {
  let emptiest = from;
  for (let k = from; k <= to; k++) {
    if (history.at(k).contrast < history.at(emptiest).contrast) emptiest = k;
  }
  const { light } = history.at(emptiest);
  const isFoot = (k: number) => k !== emptiest && Math.abs(history.at(k).light - light) > footLight;
  let [first, last] = [from, to];
  while (isFoot(first)) first++;
  while (isFoot(last)) last--;
  return { from: first, to: last, kind: 'blank' };
}

export const isBlank = (history: History, k: number): boolean => history.at(k).contrast < blankContrast;

/** Darkest for a third of a second each way, and much darker than the lightest frames within a second and a half. */
function isDim(history: History, k: number, second: number): boolean {
  const { light } = history.at(k);
  const near = Math.ceil(second / 3);
  for (let i = Math.max(history.first, k - near); i <= Math.min(history.end - 1, k + near); i++) {
    if (history.at(i).light < light) return false;
  }
  const far = Math.ceil(1.5 * second);
  return light < dimShare * Math.min(lightest(history, k - far, k), lightest(history, k, k + far));
}

function lightest(history: History, from: number, to: number): number {
  let most = 0;
  for (let i = Math.max(history.first, from); i <= Math.min(history.end - 1, to); i++) {
    most = Math.max(most, history.at(i).light);
  }
  return most;
}

/** The fade on one side of a bottom: `way` -1 looks back in time (a fade out), 1 ahead (a fade in). */
function rampBeside(history: History, bottom: Bottom, way: -1 | 1, second: number): Ramp | null {
  const longest = Math.round(2.5 * second);
  const edge = way < 0 ? bottom.from : bottom.to;
  const fromEdge = (step: number) => levelAt(history, bottom, edge, edge + way * step);
  const levels: number[] = bottom.kind === 'end' ? [0] : [fromEdge(0)];
  for (let step = 1; step <= longest + 8 && isHeld(history, edge + way * step); step++)
    levels.push(fromEdge(step));
  const ramp = fitRamp(levels, longest, bottom.kind === 'blank' ? blankZeros : dimZeros);
  if (!ramp || ramp.level < leastLevel || ramp.error > worstError) return null;
  return isSamePicture(history, bottom, edge, way, ramp) ? ramp : null;
}

const isHeld = (history: History, k: number): boolean => k >= history.first && k < history.end;

/** Distance from the flat colour: that of the blank frame, or black. */
function levelAt(history: History, bottom: Bottom, edge: number, k: number): number {
  return bottom.kind === 'blank' ? Math.sqrt(history.distance(k, edge)) : history.at(k).light;
}

function isSamePicture(history: History, bottom: Bottom, edge: number, way: number, ramp: Ramp): boolean {
  const whole = edge + way * (ramp.length + 1);
  for (let step = Math.ceil(ramp.length / 3); step <= ramp.length; step++) {
    const k = edge + way * step;
    const [a, b] = [levelAt(history, bottom, edge, k), levelAt(history, bottom, edge, whole)];
    const cosine = (a * a + b * b - history.distance(k, whole)) / (2 * a * b);
    if (!(cosine > leastLikeness)) return false;
  }
  return true;
}

/** A light that bursts and dies away inside one shot: the picture before and after is the same. */
function isFlash(history: History, bottom: Bottom, out: Ramp | null, back: Ramp | null): boolean {
  const before = bottom.from - (out?.length ?? 0) - 1;
  const after = bottom.to + (back?.length ?? 0) + 1;
  if (bottom.kind !== 'blank' || !isHeld(history, before) || !isHeld(history, after)) return false;
  if (after - before > history.reach) return false;
  const lighter = Math.max(history.at(before).light, history.at(after).light);
  const apart = Math.sqrt(history.distance(before, after));
  return history.at(bottom.from).light > lighter && apart < 0.4 * history.at(before).contrast;
}

/** Fades that overlap are one. */
export function withoutOverlap(fades: readonly Transition[]): Transition[] {
  const kept: Transition[] = [];
  for (const fade of [...fades].sort((a, b) => a.start - b.start)) {
    const last = kept.at(-1);
    if (last && fade.start <= last.end) last.end = Math.max(last.end, fade.end);
    else kept.push({ ...fade });
  }
  return kept;
}
