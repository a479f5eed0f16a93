import { between, type Fit, lying, thinned } from './likeness.ts';
import { gridCells, gridHeight, gridWidth, type Print } from './prints.ts';
import { lookups, type View } from './views.ts';

/** Steps by which a fit is improved: of the view's sides, and of the offset in grids. */
const steps = [
  [0.03, 0.25],
  [0.01, 0.125],
] as const;
const roundsMost = 6;
/** The smallest part of a picture that a copy may show, each way. */
const smallest = 0.6;

/** What a picture that misses all of its sides would lose: a smaller part is more alike only where it is the part shown. */
const lossOfSides = 0.08;

/** How well a fit explains a copy: likeness, less for each part that would have been cut off. */
export function merit(picture: number, { view: { x0, x1, y0, y1 } }: Fit): number {
  return picture - lossOfSides * (1 - (x1 - x0) * (y1 - y0));
}

interface Valued {
  fit: Fit;
  value: number;
}

/** The fit near a given one that explains the copy best. */
export function refined(own: Print, other: Print, fit: Fit): Fit {
  const glance = glancing(own, other);
  const valued = (one: Fit): Valued => ({ fit: one, value: merit(glance(one), one) });
  let best = valued(fit);
  for (const [side, time] of steps) {
    for (let round = 0; round < roundsMost; round++) {
      const next = neighbours(best.fit, side, time).reduce((so, one) => better(so, valued(one)), best);
      const gained = next.value - best.value;
      best = next;
      if (gained < 1e-3) break;
    }
  }
  return best.fit;
}

const better = (a: Valued, b: Valued): Valued => (b.value > a.value + 1e-4 ? b : a);

function neighbours(fit: Fit, side: number, time: number): Fit[] {
  const moved = (change: Partial<View>) => ({ ...fit, view: { ...fit.view, ...change } });
  const { x0, x1, y0, y1 } = fit.view;
  const both = [side, -side];
  const all = [
    ...both.flatMap((by) => [
      moved({ x0: x0 + by }),
      moved({ x1: x1 + by }),
      moved({ y0: y0 + by }),
      moved({ y1: y1 + by }),
    ]),
    ...both.flatMap((by) => [moved({ x0: x0 + by, x1: x1 + by }), moved({ y0: y0 + by, y1: y1 + by })]),
    ...both.map((by) => moved({ x0: x0 + by, x1: x1 - by, y0: y0 + by, y1: y1 - by })),
    ...[time, -time].map((by) => ({ ...fit, offset: fit.offset + by })),
  ];
  return all.filter(({ view }) => isInside(view.x0, view.x1) && isInside(view.y0, view.y1));
}

const isInside = (from: number, to: number): boolean => from >= 0 && to <= 1 && to - from >= smallest;

/** Pairs of grids looked at each time: evenly spaced over what lies on each other, so that a long take costs no more. */
const looks = 8;

/** What the views of one moment are compared with. */
interface There {
  indexes: readonly number[];
  pictures: Float32Array[];
}

/** How alike the pictures are, on a few of them. Asked for thousands of times: what does not depend on the view is kept. */
function glancing(own: Print, other: Print): (fit: Fit) => number {
  const known = new Map<number, There>();
  const at = (fit: Fit): There => {
    const found = known.get(fit.offset) ?? thereAt(own, other, fit);
    known.set(fit.offset, found);
    return found;
  };
  return (fit) => {
    const { indexes, pictures } = at(fit);
    const like = throughView(fit.view);
    const sum = indexes.reduce((all, i, k) => all + like(own.grids, i, pictures[k] as Float32Array), 0);
    return sum / Math.max(1, indexes.length);
  };
}

function thereAt(own: Print, other: Print, fit: Fit): There {
  const indexes = thinned(lying(own, other, fit), looks);
  return { indexes, pictures: indexes.map((i) => unit(between(other.grids, fit.offset + fit.speed * i))) };
}

/** A picture about its mean, of length one; nought where it is flat. */
function unit(picture: Float32Array): Float32Array {
  let [sum, squares] = [0, 0];
  for (const value of picture) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / gridCells;
  const size = Math.sqrt(Math.max(0, squares - sum * mean));
  return picture.map((value) => (size > 0 ? (value - mean) / size : 0));
}

/** Rows of a grid seen through a view's sides, before its top and bottom count. */
const rows = new Float64Array(gridHeight * gridWidth);

/** Correlation of what a view shows of a grid with a picture of length one. */
function throughView({ x0, x1, y0, y1, mirrored }: View) {
  const across = lookups(gridWidth, x0, x1, mirrored);
  const down = lookups(gridHeight, y0, y1, false);
  return (grids: Uint8Array, grid: number, picture: Float32Array): number => {
    for (let y = 0, to = 0, from = grid * gridCells; y < gridHeight; y++, from += gridWidth) {
      for (let x = 0; x < gridWidth; x++, to++) {
        const at = from + (across.at[x] as number);
        const left = grids[at] as number;
        rows[to] = left + ((grids[at + 1] as number) - left) * (across.share[x] as number);
      }
    }
    let [sum, squares, both] = [0, 0, 0];
    for (let y = 0, to = 0; y < gridHeight; y++) {
      const row = (down.at[y] as number) * gridWidth;
      const below = down.share[y] as number;
      for (let x = row; x < row + gridWidth; x++, to++) {
        const upper = rows[x] as number;
        const value = upper + ((rows[x + gridWidth] as number) - upper) * below;
        sum += value;
        squares += value * value;
        both += value * (picture[to] as number);
      }
    }
    const size = Math.sqrt(Math.max(0, squares - (sum * sum) / gridCells));
    return size > 0 ? both / size : 0;
  };
}
