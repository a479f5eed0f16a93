import type { Alignment } from './align.ts';
import { bitsApart, flat, spread } from './hash.ts';
import { gridCells, type Print } from './prints.ts';
import { seenThrough, type View, views } from './views.ts';

/** How one shot lies on another: through which view it is seen, and when. */
export interface Fit extends Alignment {
  view: View;
  /** Its grids that show the same, from the first to before the last; absent: all that lie on the other. */
  from?: number;
  to?: number;
}

/** How alike two shots are where they lie on each other. */
export interface Likeness {
  /** Bits of 64 in which their hashes differ, mean; fine things count in them as much as large ones. */
  bits: number;
  /** Mean correlation of the pictures, -1..1; brightness and contrast do not count. */
  picture: number;
  /** Correlation of how the pictures change from grid to grid, -1..1; 0 where neither changes. */
  change: number;
  /** How much the livelier one changes from grid to grid, as a share of its contrast. */
  motion: number;
  /** Grids that lie on each other. */
  overlap: number;
  /** Contrast and mean level of the shot to those of the other. */
  gain: number;
  lift: number;
}

/** Pairs of grids looked at: evenly spaced over what lies on each other, so that a long take costs no more. */
const looksMany = 48;

interface Pair {
  own: Float32Array;
  other: Float32Array;
}

/** Correlation of two pictures about their means. */
export function correlation(a: Float32Array, b: Float32Array): number {
  let [sa, sb, aa, bb, ab] = [0, 0, 0, 0, 0];
  for (let i = 0; i < gridCells; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    sa += x;
    sb += y;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  const size = Math.sqrt(Math.max(0, aa - (sa * sa) / gridCells) * Math.max(0, bb - (sb * sb) / gridCells));
  return size > 0 ? (ab - (sa * sb) / gridCells) / size : 0;
}

/** Grids of `own` that lie on `other` in a fit, in order. */
export function lying(
  own: Print,
  other: Print,
  { offset, speed, from = 0, to = Number.POSITIVE_INFINITY }: Fit,
): number[] {
  const [count, last] = [own.grids.length / gridCells, other.grids.length / gridCells - 1];
  const indexes: number[] = [];
  for (let i = from; i < Math.min(count, to); i++) {
    const at = offset + speed * i;
    if (at >= -0.5 && at <= last + 0.5) indexes.push(i);
  }
  return indexes;
}

export function thinned(indexes: readonly number[], most: number): number[] {
  if (indexes.length <= most) return [...indexes];
  return Array.from({ length: most }, (_, i) => indexes[Math.floor((i * indexes.length) / most)] as number);
}

function pairsAt(own: Print, other: Print, { view, offset, speed }: Fit, indexes: readonly number[]): Pair[] {
  const seen = seenThrough(view);
  return indexes.map((i) => ({
    own: seen(own.grids.subarray(i * gridCells, (i + 1) * gridCells)),
    other: between(other.grids, offset + speed * i),
  }));
}

/** The picture between two grids, by how near each is. */
export function between(
  grids: Uint8Array,
  place: number,
  picture = new Float32Array(gridCells),
): Float32Array {
  const last = grids.length / gridCells - 1;
  const at = Math.max(0, Math.min(last, place));
  const before = Math.floor(at);
  const after = Math.min(last, before + 1);
  const share = at - before;
  for (let i = 0; i < gridCells; i++) {
    picture[i] =
      (grids[before * gridCells + i] as number) * (1 - share) +
      (grids[after * gridCells + i] as number) * share;
  }
  return picture;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

const pictureOf = (pairs: readonly Pair[]): number =>
  mean(pairs.map(({ own, other }) => correlation(own, other)));

/** Correlation that the pictures of a stretch have at least on average, and grids that it has: over a second. */
const alikeInStretch = 0.93;
const leastStretch = 5;

/** A fit of the stretch alone in which two shots are alike while they differ before or after it: two shots taken for one. */
export function stretchAlike(own: Print, other: Print, fit: Fit): Fit | null {
  const all = lying(own, other, fit);
  const seen = seenThrough(fit.view);
  let [start, sum, most] = [0, 0, 0];
  let best = { from: 0, to: 0 };
  for (const [k, i] of all.entries()) {
    const picture = seen(own.grids.subarray(i * gridCells, (i + 1) * gridCells));
    const there = between(other.grids, fit.offset + fit.speed * i);
    sum += correlation(picture, there) - alikeInStretch;
    if (sum <= 0) [start, sum] = [k + 1, 0];
    if (sum > most) [most, best] = [sum, { from: all[start] as number, to: i + 1 }];
  }
  const length = best.to - best.from;
  return length >= leastStretch && length < all.length ? { ...fit, ...best } : null;
}

/** The picture of a grid. */
const gridAt = ({ grids }: Print, i: number): Float32Array =>
  Float32Array.from(grids.subarray(i * gridCells, (i + 1) * gridCells));

/** The grid that shows a shot's middle, as its thumbnail does. */
export const middleOf = ({ grids }: Print): number => Math.floor(grids.length / gridCells / 2);

/**
 * How much a shot stands: the least correlation of its grids with the one in its middle, but for those too dark to tell. A
 * picture that only fades in or out stands too.
 */
export function standing(print: Print, indexes: readonly number[]): number {
  const middle = gridAt(print, middleOf(print));
  return indexes
    .map((i) => gridAt(print, i))
    .filter((grid) => spread(grid) >= flat)
    .reduce((least, grid) => Math.min(least, correlation(grid, middle)), 1);
}

/** Grids of both that lie on each other in a fit, those of the other to the nearest. */
function facing(own: Print, other: Print, fit: Fit): [number[], number[]] {
  const indexes = lying(own, other, fit);
  const last = other.grids.length / gridCells - 1;
  return [indexes, indexes.map((i) => Math.max(0, Math.min(last, Math.round(fit.offset + fit.speed * i))))];
}

/** How much both shots stand, where they lie on each other: whether their middles show what is compared. */
export function standingIn(own: Print, other: Print, fit: Fit): number {
  const [here, there] = facing(own, other, fit);
  return Math.min(standing(own, here), standing(other, there));
}

/** How alike a shot's pictures are to the very next ones, where two lie on each other: mean correlation in the one that changes less. */
export function nextAlike(own: Print, other: Print, fit: Fit): number {
  const [here, there] = facing(own, other, fit);
  return Math.max(steadiness(own, here), steadiness(other, there));
}

/** 1 where no picture has a next one. */
function steadiness(print: Print, indexes: readonly number[]): number {
  const last = print.grids.length / gridCells - 1;
  const followed = indexes.filter((i) => i < last);
  return followed.length === 0
    ? 1
    : mean(followed.map((i) => correlation(gridAt(print, i), gridAt(print, i + 1))));
}

/** How alike two shots are in a fit. */
export function likenessOf(own: Print, other: Print, fit: Fit): Likeness {
  const all = lying(own, other, fit);
  const indexes = thinned(all, looksMany);
  const pairs = pairsAt(own, other, fit, indexes);
  // A change is from one grid to the very next.
  const after = pairsAt(
    own,
    other,
    fit,
    indexes.map((i) => i + 1).filter((i) => all.includes(i)),
  );
  const moves = indexes
    .map((i, k) => ({ k, next: all.includes(i + 1) }))
    .filter(({ next }) => next)
    .map(({ k }, n) => changeOf(pairs[k] as Pair, after[n] as Pair));
  const spreads = pairs.map((pair) => ({ own: spread(pair.own), other: spread(pair.other) }));
  return {
    picture: pictureOf(pairs),
    bits: mean(pairs.map((x) => bitsApart(x.own, x.other, views[0] as View)).filter((x) => x !== null)),
    ...changes(moves, spreads),
    overlap: all.length,
    gain: mean(spreads.map((one) => one.own)) / Math.max(1e-6, mean(spreads.map((one) => one.other))),
    lift: mean(pairs.map(({ own: a, other: b }) => level(a) - level(b))),
  };
}

const level = (picture: Float32Array): number => picture.reduce((sum, value) => sum + value, 0) / gridCells;

/** Products of the changes of both, without what is a change of the whole picture's light. */
function changeOf(from: Pair, to: Pair) {
  return productsOf(
    to.own.map((value, i) => value - (from.own[i] as number)),
    to.other.map((value, i) => value - (from.other[i] as number)),
  );
}

function productsOf(a: Float32Array, b: Float32Array) {
  const [meanA, meanB] = [level(a), level(b)];
  let [aa, bb, ab] = [0, 0, 0];
  for (let i = 0; i < gridCells; i++) {
    const [x, y] = [(a[i] as number) - meanA, (b[i] as number) - meanB];
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  return { aa, bb, ab };
}

/**
 * How much something stirs in shots that stand, and whether it does so alike, as `motion` and `change`: what only fades in or out is
 * no stir, so two cards that fade alike say nothing.
 */
export function stirring(own: Print, other: Print, fit: Fit): Pick<Likeness, 'change' | 'motion'> {
  const all = lying(own, other, fit);
  const followed = thinned(all, looksMany).filter((i) => all.includes(i + 1));
  const pairs = pairsAt(own, other, fit, followed);
  const after = pairsAt(
    own,
    other,
    fit,
    followed.map((i) => i + 1),
  );
  const moves = pairs.map((from, k) => {
    const to = after[k] as Pair;
    return productsOf(unfaded(from.own, to.own), unfaded(from.other, to.other));
  });
  return changes(
    moves,
    pairs.map((pair) => ({ own: spread(pair.own), other: spread(pair.other) })),
  );
}

/** What a picture has more than the one before it, of whatever contrast that is. */
function unfaded(from: Float32Array, to: Float32Array): Float32Array {
  const { aa, ab } = productsOf(from, to);
  const gain = aa > 0 ? ab / aa : 0;
  return to.map((value, i) => value - gain * (from[i] as number));
}

function changes(
  moves: readonly ReturnType<typeof changeOf>[],
  spreads: readonly { own: number; other: number }[],
): Pick<Likeness, 'change' | 'motion'> {
  const total = (read: (move: ReturnType<typeof changeOf>) => number) =>
    moves.reduce((sum, one) => sum + read(one), 0);
  const [aa, bb, ab] = [total((m) => m.aa), total((m) => m.bb), total((m) => m.ab)];
  if (moves.length === 0 || aa === 0 || bb === 0) return { change: 0, motion: 0 };
  const share = (squares: number, spreadOf: number) =>
    Math.sqrt(squares / moves.length / gridCells) / Math.max(1, spreadOf);
  const motion = Math.max(
    share(aa, mean(spreads.map((s) => s.own))),
    share(bb, mean(spreads.map((s) => s.other))),
  );
  return { change: ab / Math.sqrt(aa * bb), motion };
}
