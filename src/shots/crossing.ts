import {
  type History,
  type Profile,
  profileBands,
  profileLines,
  type SeenFrame,
  seenWidth,
} from './history.ts';

/** How frames are told by a straight edge that crosses, with the pictures on either side moving or not. */
export interface Crossing {
  model: CrossingModel;
  /** Mean square of what the model leaves, as a share of the distance of the two pictures. */
  left: number;
  /** Share of the next picture in each frame. */
  positions: number[];
}

/** An edge that crosses to the right (`axis` 0) or down (1), or back; and whether what it takes and brings moves with it. */
export interface CrossingModel {
  axis: 0 | 1;
  isBack: boolean;
  before: 'stands' | 'moves';
  next: 'stands' | 'moves';
}

const ways = ['stands', 'moves'] as const;
const edges = ([0, 1] as const).flatMap((axis) => [false, true].map((isBack) => ({ axis, isBack })));
const models: readonly CrossingModel[] = edges.flatMap((edge) =>
  ways.flatMap((before) => ways.map((next) => ({ ...edge, before, next }))),
);

/** Reads some frames as part the frame `a`, part the frame `b`, by the model that leaves least. */
export function crossingIn(history: History, a: number, b: number, frames: readonly number[]): Crossing {
  const read = frames.map((k) => readAll(history, a, b, k));
  const apart = frames.length * apartOf(history, a, b);
  let best: Crossing | null = null;
  models.forEach((model, m) => {
    const left = read.reduce((sum, one) => sum + (one[m] as Reading).left, 0) / apart;
    if (best && left >= best.left) return;
    best = { model, left, positions: read.map((one) => (one[m] as Reading).share) };
  });
  return best as unknown as Crossing;
}

/** The same by one model, of all frames between the two. */
export function positionsBy(history: History, a: number, b: number, model: CrossingModel): number[] {
  return Array.from({ length: b - a - 1 }, (_, i) => {
    const sums = sumsOf(model, tablesOf(history, a, b, a + 1 + i, model.axis));
    return reading(sums.before[model.before], sums.next[model.next]).share;
  });
}

/** Mean square of what two frames leave of each other, when all has moved the way of an edge by a share of the picture, and as they are. */
export function shiftIn(
  history: History,
  a: number,
  b: number,
  { axis, isBack }: CrossingModel,
  share: number,
): { moving: number; standing: number } {
  const table = scratch[axis].before;
  differences(profileOf(history.at(b))[axis], profileOf(history.at(a))[axis], table);
  const lines = profileLines[axis];
  const shift = Math.max(1, Math.round(share * lines)) * (isBack ? -1 : 1);
  let [moving, standing, count] = [0, 0, 0];
  for (let line = Math.max(0, shift); line < lines + Math.min(0, shift); line++, count++) {
    moving += table[line * lines + line - shift] as number;
    standing += table[line * lines + line] as number;
  }
  return { moving: moving / count, standing: standing / count };
}

function readAll(history: History, a: number, b: number, k: number): Reading[] {
  const tables = ([0, 1] as const).map((axis) => tablesOf(history, a, b, k, axis));
  return edges.flatMap((edge) => {
    const { before, next } = sumsOf(edge, tables[edge.axis] as Tables);
    return ways.flatMap((one) => ways.map((other) => reading(before[one], next[other])));
  });
}

function apartOf(history: History, a: number, b: number): number {
  const [p, q] = [profileOf(history.at(a))[0], profileOf(history.at(b))[0]];
  return Math.max(
    1,
    p.reduce((sum, value, i) => sum + (value - (q[i] as number)) ** 2, 0),
  );
}

/** Pixels of the seen frame that one line is thick. */
const thick = 2;

function profileOf(frame: SeenFrame): Profile {
  frame.profile ??= [profileAlong(frame.luma, 0), profileAlong(frame.luma, 1)];
  return frame.profile;
}

/** Means of the bands of all lines across an axis, one line after another. */
function profileAlong(luma: Float32Array, axis: 0 | 1): Float32Array {
  const [lines, size] = [profileLines[axis], thick * (profileLines[1 - axis] as number)];
  const [alongStep, acrossStep] = axis === 0 ? [1, seenWidth] : [seenWidth, 1];
  const [sums, counts] = [new Float32Array(lines * profileBands), new Float32Array(profileBands)];
  for (let across = 0; across < size; across++) {
    const band = Math.floor((across * profileBands) / size);
    counts[band] = (counts[band] as number) + thick;
    for (let along = 0; along < lines * thick; along++) {
      const at = Math.floor(along / thick) * profileBands + band;
      sums[at] = (sums[at] as number) + (luma[along * alongStep + across * acrossStep] as number);
    }
  }
  return sums.map((sum, i) => sum / (counts[i % profileBands] as number));
}

/** Square difference of each line of a frame from each line of a picture, at `line * lines + other`. */
type Table = Float32Array;
/** Of a frame from the picture before and from the one after, and what adds them up. */
interface Tables {
  before: Table;
  next: Table;
  sums: Record<'before' | 'next', Sums>;
}

function tablesOf(history: History, a: number, b: number, k: number, axis: 0 | 1): Tables {
  const at = (index: number) => profileOf(history.at(index))[axis];
  const tables = scratch[axis];
  differences(at(k), at(a), tables.before);
  differences(at(k), at(b), tables.next);
  return tables;
}

function differences(frame: Float32Array, picture: Float32Array, table: Table): void {
  const lines = frame.length / profileBands;
  for (let line = 0, at = 0; line < lines; line++) {
    for (let other = 0; other < lines; other++, at++) {
      let sum = 0;
      for (let i = line * profileBands, j = other * profileBands; i < (line + 1) * profileBands; i++, j++) {
        const step = (frame[i] as number) - (picture[j] as number);
        sum += step * step;
      }
      table[at] = sum;
    }
  }
}

/** What is left on either side of the edge, by how many lines it has passed. */
type Sums = Record<'stands' | 'moves', Float32Array>;

function sumsOf({ isBack }: Pick<CrossingModel, 'isBack'>, { before, next, sums }: Tables) {
  const lines = Math.sqrt(before.length);
  const at = (table: Table, line: number, other: number) =>
    table[isBack ? (lines - 1 - line) * lines + lines - 1 - other : line * lines + other] as number;
  for (const one of [sums.before, sums.next]) for (const way of ways) one[way].fill(0);
  for (let gone = 0; gone <= lines; gone++) {
    for (let line = 0; line < gone; line++) {
      add(sums.next.stands, gone, at(next, line, line));
      add(sums.next.moves, gone, at(next, line, line + lines - gone));
    }
    for (let line = gone; line < lines; line++) {
      add(sums.before.stands, gone, at(before, line, line));
      add(sums.before.moves, gone, at(before, line, line - gone));
    }
  }
  return sums;
}

const emptySums = (lines: number): Sums => ({
  stands: new Float32Array(lines + 1),
  moves: new Float32Array(lines + 1),
});

/** By axis; used again for each frame that is read, as new arrays for each would keep the collector busy. */
const scratch = profileLines.map(
  (lines): Tables => ({
    ...{ before: new Float32Array(lines ** 2), next: new Float32Array(lines ** 2) },
    sums: { before: emptySums(lines), next: emptySums(lines) },
  }),
) as [Tables, Tables];

const add = (sums: Float32Array, at: number, value: number): void => {
  sums[at] = (sums[at] as number) + value;
};

/** How far an edge has come, as a share of its way, and what that leaves. */
interface Reading {
  share: number;
  left: number;
}

function reading(before: Float32Array, next: Float32Array): Reading {
  const left = (gone: number) => (before[gone] as number) + (next[gone] as number);
  let at = 0;
  for (let gone = 1; gone < before.length; gone++) if (left(gone) < left(at)) at = gone;
  const lines = before.length - 1;
  const between = at > 0 && at < lines ? vertex(left(at - 1), left(at), left(at + 1)) : 0;
  return { share: (at + between) / lines, left: left(at) };
}

/** Where the least of a parabola through three neighbours lies, -.5 to .5 of the way to the next. */
function vertex(before: number, own: number, after: number): number {
  const curve = before - 2 * own + after;
  return curve > 0 ? (0.5 * (before - after)) / curve : 0;
}
