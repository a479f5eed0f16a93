import { gridCells, gridHeight, gridWidth } from './prints.ts';

/** A part of a picture, in shares of its sides, seen as it is or in a mirror. */
export interface View {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  mirrored: boolean;
}

/** Sides of what a copy may show of its original: all of it, less all round, less of one side (4:3, wider formats). */
const sides: readonly [number, number][] = [
  [1, 1],
  ...[0.95, 0.9, 0.85, 0.8].map((side): [number, number] => [side, side]),
  ...[0.75, 0.87].flatMap((side): [number, number][] => [
    [side, 1],
    [1, side],
  ]),
];

/** The parts in which a shot is looked at when copies of it are sought, each in a mirror too; the first is the whole. */
export const views: readonly View[] = sides.map(([width, height]) => {
  const [left, top] = [(1 - width) / 2, (1 - height) / 2];
  return { x0: left, x1: 1 - left, y0: top, y1: 1 - top, mirrored: false };
});

/** Parts of a side, by twentieths: how long, and where it begins. */
const partsOfSide = [20, 19, 18, 17, 16, 15].flatMap((size) =>
  Array.from({ length: 21 - size }, (_, from) => ({ size, from })),
);

/** All parts anywhere in the picture of three quarters of its sides and more, that keep about its shape or one of its sides. */
export const parts: readonly View[] = partsOfSide.flatMap((across) =>
  partsOfSide
    .filter(({ size }) => Math.abs(across.size - size) <= 2 || Math.max(across.size, size) === 20)
    .map((down) => ({
      ...{ x0: across.from / 20, x1: (across.from + across.size) / 20 },
      ...{ y0: down.from / 20, y1: (down.from + down.size) / 20, mirrored: false },
    })),
);

/** Where a cell of a side looks: the cell before it and how far towards the next. */
export function lookups(count: number, from: number, to: number, mirrored: boolean) {
  const at = new Int32Array(count);
  const share = new Float32Array(count);
  for (let cell = 0; cell < count; cell++) {
    const place = (from + ((cell + 0.5) / count) * (to - from)) * count - 0.5;
    const inside = Math.max(0, Math.min(count - 1, place));
    const left = Math.min(count - 2, Math.floor(inside));
    const target = mirrored ? count - 1 - cell : cell;
    at[target] = left;
    share[target] = inside - left;
  }
  return { at, share };
}

/** What a view shows of grids, stretched over the grid again (bilinear). */
export function seenThrough({ x0, x1, y0, y1, mirrored }: View) {
  const across = lookups(gridWidth, x0, x1, mirrored);
  const down = lookups(gridHeight, y0, y1, false);
  return (grid: Uint8Array, out = new Float32Array(gridCells)): Float32Array => {
    for (let y = 0, to = 0; y < gridHeight; y++) {
      const row = (down.at[y] as number) * gridWidth;
      const below = down.share[y] as number;
      for (let x = 0; x < gridWidth; x++, to++) {
        const at = row + (across.at[x] as number);
        const right = across.share[x] as number;
        const upper = (grid[at] as number) * (1 - right) + (grid[at + 1] as number) * right;
        const lower =
          (grid[at + gridWidth] as number) * (1 - right) + (grid[at + gridWidth + 1] as number) * right;
        out[to] = upper * (1 - below) + lower * below;
      }
    }
    return out;
  };
}
