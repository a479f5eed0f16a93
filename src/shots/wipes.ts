import { readBlend } from './blends.ts';
import { fitEdge } from './edge.ts';
import type { History, SeenFrame } from './history.ts';
import type { Transition } from './schema.ts';
import { apart, type Stretch } from './stretch.ts';
import { unmatched } from './unmatched.ts';

/** Lengths looked for, seconds, each for edges that cross in about that time: what is found is then measured. */
const lengthsSeconds = [0.25, 0.36, 0.5, 0.72, 1, 1.4, 1.75, 2.1];
/** Frames from one start that is tried to the next, at least and of the length: the edge itself then tells where it began. */
const startStep = 2;
const startShare = 1 / 10;
/** The two pictures differ by at least this, grey levels squared, and by this share of their contrasts squared. */
const leastApart = 64;
const leastShare = 0.25;
/**
 * A frame in the midst is part one picture, part the other: its distances to both add up to theirs to each other. In a
 * dissolve they add up to half of that, in a move of the camera to more.
 */
const leastSum = 0.7;
const mostSum = 1.5;
/** Share of the second picture in the midst. */
const midShares = [0.1, 0.9] as const;
/**
 * The worth of a reading: what the edge explains and how much of the change lies at it, less what is like neither picture
 * and what no small move explains in the midst. A sweep of the camera also enters from one side, but changes everywhere.
 */
const leastWorth = 0.9;
const leastEdge = 0.6;
const leftCost = 1.5;
const wildCost = 3;
const mostWild = 0.45;
/** Beyond these no edge could be worth it, and the reading is given up. */
const mostLeft = 0.2;
const mostInMidst = 0.35;
const mostBack = 0.1;
const leastScatter = 0.15;
/** Frames from its turning within which a cell's change counts as the edge's. */
const edgeFrames = 1.5;
const leastUnmatched = 0.5;
/** Grey levels squared beyond which a cell has no more to say: black against white would speak for all. */
const mostWeight = 3 * 60 ** 2;

/** When each place of the picture turned from the first to the second, and how well an edge explains it. */
interface Reading {
  /** First and last frame in which the edge is in the picture. */
  start: number;
  end: number;
  /** What is like neither picture, as a share of their distance: on average over the frames. */
  left: number;
  /** Share of the picture that turns back after it has turned. */
  back: number;
  /** Share of the scatter of turning times that an edge of the best form explains (R squared). */
  edge: number;
  /** Share of all change from frame to frame that lies at the edge. */
  atEdge: number;
  /** Scatter of the turning times (standard deviation) as a share of the length. */
  scatter: number;
  /** When the edge passes each cell, frames from the first that was read. */
  told: Float32Array;
}

interface Candidate extends Reading {
  worth: number;
}

/** Wipes among the held frames `from..to`, both included: an edge crosses the picture and leaves the next behind it. */
export function findWipes(history: History, from: number, to: number, second: number): Transition[] {
  const candidates: Candidate[] = [];
  for (const seconds of lengthsSeconds) {
    const length = Math.min(Math.round(seconds * second), history.reach - 2);
    const step = Math.max(startStep, Math.floor(length * startShare));
    for (let start = from + 1; start + length <= to; start += step) {
      const candidate = candidateIn(history, start, start + length - 1);
      if (candidate) candidates.push(candidate);
    }
  }
  const best = apart(candidates.toSorted((p, q) => q.worth - p.worth));
  return best
    .toSorted((p, q) => p.start - q.start)
    .map((one) => measured(history, one, { start: from + 1, end: to - 1 }))
    .filter((one) => isRatherWipe(history, one))
    .map((one) => ({ ...one, type: 'wipe' }));
}

/** Whether what is like neither picture is less than what no mixture of them explains, where both can be read. */
function isRatherWipe(history: History, { start, end }: Stretch): boolean {
  const wipe = readWipe(history, start, end);
  return !wipe || wipe.left < readBlend(history, start, end).left;
}

function candidateIn(history: History, start: number, end: number): Candidate | null {
  if (!maybeWipe(history, start - 1, end + 1)) return null;
  const reading = readWipe(history, start, end, leastEdge);
  const worth = reading ? worthOf(history, reading, start, end) : 0;
  return reading && worth >= leastWorth ? { ...reading, worth } : null;
}

/** Room left on each side of an edge's way, share of its length, and frames at least: a soft edge enters before its middle does. */
const roomShare = 0.12;
const leastRoom = 2;
/** Cells that turn first, and last: those within this share of the way. */
const extremeShare = 0.12;
/** Share of the next picture in the first cells from which on it is seen, and up to which the one before is in the last. */
const seenShare = 0.08;

/** From where on the cells that turn first show something of the next picture, and up to where the last show something of the one before. */
function measured(history: History, found: Candidate, bounds: Stretch): Stretch {
  const within = (k: number) => Math.min(bounds.end, Math.max(bounds.start, k));
  const room = Math.max(leastRoom, Math.round(roomShare * (found.end - found.start + 1)));
  const [start, end] = [within(found.start - room), within(found.end + room)];
  const reading = end - start + 3 <= history.reach ? readWipe(history, start, end) : null;
  if (!reading) return { start: within(found.start), end: within(found.end) };
  const { first, last } = extremes(reading.told);
  const shareAt = (cells: readonly number[], k: number) => shareIn(cells, history, { start, end }, k);
  let [a, b] = [within(found.start + 1), within(found.end - 1)];
  while (a > start && shareAt(first, a - 1) > seenShare) a--;
  while (b < end && shareAt(last, b + 1) < 1 - seenShare) b++;
  return { start: a, end: b };
}

function extremes(told: Float32Array): { first: number[]; last: number[] } {
  const [low, high] = [Math.min(...told), Math.max(...told)];
  const reach = extremeShare * (high - low);
  const cells = [...told.keys()];
  return {
    first: cells.filter((i) => (told[i] as number) <= low + reach),
    last: cells.filter((i) => (told[i] as number) >= high - reach),
  };
}

/** Share of the picture after the stretch in some cells of a frame, as a mixture with the picture before it. */
function shareIn(cells: readonly number[], history: History, { start, end }: Stretch, k: number): number {
  const [a, b, f] = [start - 1, end + 1, k].map((at) => history.at(at).cells) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  let [along, whole] = [0, 1];
  for (const cell of cells) {
    for (let i = 3 * cell; i < 3 * cell + 3; i++) {
      const way = (b[i] as number) - (a[i] as number);
      along += ((f[i] as number) - (a[i] as number)) * way;
      whole += way * way;
    }
  }
  return along / whole;
}

function maybeWipe(history: History, a: number, b: number): boolean {
  const apart = history.distance(a, b);
  const contrast = history.at(a).contrast ** 2 + history.at(b).contrast ** 2;
  if (apart < Math.max(leastApart, leastShare * contrast)) return false;
  const middle = (a + b) >> 1;
  const [before, after] = [history.distance(a, middle) / apart, history.distance(middle, b) / apart];
  const share = (1 + before - after) / 2;
  const sum = before + after;
  return sum >= leastSum && sum <= mostSum && share >= midShares[0] && share <= midShares[1];
}

/** Reads the frames `start..end` as an edge between two pictures; null where too much is like neither, or the edge explains less than is wanted. */
export function readWipe(history: History, start: number, end: number, wanted = 0): Reading | null {
  const turned = turnings(history, start, end);
  if (!turned) return null;
  const { times, weights, left, back } = turned;
  const length = end - start + 1;
  const { edge, scatter, first, last, told } = fitEdge(times, weights);
  if (edge < wanted) return null;
  return {
    ...{ start: start + Math.ceil(first - 0.5), end: start + Math.floor(last - 0.5) },
    ...{ left, back, edge, scatter: scatter / length, told },
    atEdge: shareAtEdge(history, start, times),
  };
}

/** When each cell comes nearer to the second picture than to the first, frames from `start`. */
function turnings(history: History, start: number, end: number) {
  const [a, b] = [history.at(start - 1), history.at(end + 1)];
  const length = end - start + 1;
  const weights = weightsOf(a, b);
  const times = new Float32Array(weights.length).fill(length);
  const whole = 3 * weights.length * history.distance(start - 1, end + 1) * length;
  if (likeNeither(a, b, history.at((start + end) >> 1)) * length > mostInMidst * whole) return null;
  let [left, back] = [0, 0];
  for (let k = start; k <= end; k++) {
    const now = turn(times, weights, k - start, a, b, history.at(k));
    left += now.left;
    back += now.back;
    if (left > mostLeft * whole || back > mostBack * length) return null;
  }
  return { times, weights, left: left / whole, back: back / length };
}

/** Notes the cells that turn with a frame; how far it is from both pictures, and what share has turned back. */
function turn(
  times: Float32Array,
  weights: Float32Array,
  k: number,
  a: SeenFrame,
  b: SeenFrame,
  { cells }: SeenFrame,
) {
  let [left, back] = [0, 0];
  for (let cell = 0, at = 0; cell < times.length; cell++, at += 3) {
    const fromA = squares(cells, a.cells, at);
    const fromB = squares(cells, b.cells, at);
    left += Math.min(fromA, fromB);
    if (fromB < fromA) times[cell] = Math.min(k, times[cell] as number);
    else if ((times[cell] as number) < k) back += weights[cell] as number;
  }
  return { left, back };
}

function likeNeither(a: SeenFrame, b: SeenFrame, { cells }: SeenFrame): number {
  let sum = 0;
  for (let at = 0; at < cells.length; at += 3)
    sum += Math.min(squares(cells, a.cells, at), squares(cells, b.cells, at));
  return sum;
}

/** What each cell says: its share of the square distance of the two pictures. */
function weightsOf(a: SeenFrame, b: SeenFrame): Float32Array {
  const weights = new Float32Array(a.cells.length / 3);
  let sum = 0;
  for (let cell = 0; cell < weights.length; cell++) {
    const weight = Math.min(mostWeight, squares(a.cells, b.cells, 3 * cell));
    weights[cell] = weight;
    sum += weight;
  }
  return weights.map((weight) => weight / Math.max(1e-9, sum));
}

function squares(p: Float32Array, q: Float32Array, at: number): number {
  let sum = 0;
  for (let i = at; i < at + 3; i++) sum += ((p[i] as number) - (q[i] as number)) ** 2;
  return sum;
}

/** @param times of each cell's turning, frames from `start` */
function shareAtEdge(history: History, start: number, times: Float32Array): number {
  let [near, all] = [0, 0];
  const last = Math.max(...times);
  for (let k = 0; k <= last; k++) {
    const [before, now] = [history.at(start + k - 1).cells, history.at(start + k).cells];
    for (let cell = 0; cell < times.length; cell++) {
      const change = squares(before, now, 3 * cell);
      all += change;
      if (Math.abs(k - (times[cell] as number)) <= edgeFrames) near += change;
    }
  }
  return all > 0 ? near / all : 0;
}

/** 0 where it is no wipe at all. */
function worthOf(history: History, r: Reading, start: number, end: number): number {
  const worth = r.edge + r.atEdge - leftCost * r.left;
  if (worth < leastWorth || r.edge - leftCost * r.left < leastEdge) return 0;
  if (r.scatter < leastScatter) return 0;
  const [a, b] = [history.at(start - 1), history.at(end + 1)];
  if (Math.min(unmatched(a, b), unmatched(b, a)) < leastUnmatched) return 0;
  const middle = (start + end) >> 1;
  const wild = unmatched(history.at(middle - 1), history.at(middle + 1));
  return worth - wildCost * Math.max(0, wild - mostWild);
}
