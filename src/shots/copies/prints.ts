import type { Rectangle, Span } from '../schema.ts';

/** Size of a print's grids: the active picture as small as it can be while its parts still show how they move. */
export const gridWidth = 24;
export const gridHeight = 14;
export const gridCells = gridWidth * gridHeight;
/** Grids a second of film: a copy that begins between two of them lies an eighth of a second off at most. */
export const gridsASecond = 4;
/** Fewest grids of copies that lie on each other: half a second and more. */
export const leastOverlap = 3;

/** Frames from which on copies of a shot can be found: three quarters of a second. @param fps frames a second of its film */
export const framesToCompare = (fps: number): number => (leastOverlap * fps) / gridsASecond;

/** What is kept of a shot so that copies of it are known again: luma of its active picture, four times a second. */
export interface Print {
  shot: string;
  file: string;
  /** Which grid of the film the first is: grid k shows frame round(k x fps / 4). */
  first: number;
  /** `gridCells` luma bytes a grid, row by row; none where the shot is shorter than the time between two. */
  grids: Uint8Array;
}

/** Size of the frames that come in, and of what is kept until the bars are known. */
const seen = { width: 64, height: 36 };
const kept = { width: 32, height: 18 };

/** Keeps a small picture of every quarter second in the pass that finds the shots: 8.3 MB an hour. */
export interface PrintTaker {
  /** @param luma `64 x 36` levels in 0..255 of the next frame */
  add(luma: Float32Array): void;
  /** The grids of a shot, inside `active`, of a picture of `width x height`. */
  over(
    span: Span,
    picture: { width: number; height: number; active: Rectangle },
  ): Pick<Print, 'first' | 'grids'>;
  /** The small pictures kept, from the n-th on. */
  since(n: number): Uint8Array[];
}

/**
 * @param fps frames a second of the film
 * @param from pictures that are known already, and the next frame to come
 */
export function createPrints(
  fps: number,
  from: { frame: number; pictures: readonly Uint8Array[] } = { frame: 0, pictures: [] },
): PrintTaker {
  const pictures = [...from.pictures];
  let { frame } = from;
  return {
    add: (luma) => {
      while (frameOfGrid(pictures.length, fps) === frame) pictures.push(halved(luma));
      frame++;
    },
    over: (span, { width, height, active }) => {
      const first = gridFrom(span.in, fps);
      const count = Math.max(0, Math.min(pictures.length, gridFrom(span.out, fps)) - first);
      const across = cellWeights(kept.width, gridWidth, active.x / width, (active.x + active.width) / width);
      const down = cellWeights(
        kept.height,
        gridHeight,
        active.y / height,
        (active.y + active.height) / height,
      );
      const grids = new Uint8Array(count * gridCells);
      for (let i = 0; i < count; i++) {
        gridOf(
          pictures[first + i] as Uint8Array,
          across,
          down,
          grids.subarray(i * gridCells, (i + 1) * gridCells),
        );
      }
      return { first, grids };
    },
    since: (n) => pictures.slice(n),
  };
}

/** The frame that a grid of a film shows. */
export const frameOfGrid = (grid: number, fps: number): number => Math.round((grid * fps) / gridsASecond);

/** The first grid at or after a frame. */
function gridFrom(frame: number, fps: number): number {
  let grid = Math.max(0, Math.floor((frame * gridsASecond) / fps) - 1);
  while (frameOfGrid(grid, fps) < frame) grid++;
  return grid;
}

function halved(luma: Float32Array): Uint8Array {
  const picture = new Uint8Array(kept.width * kept.height);
  for (let y = 0, to = 0; y < kept.height; y++) {
    for (let x = 0; x < kept.width; x++, to++) {
      const at = 2 * (y * seen.width + x);
      const above = (luma[at] as number) + (luma[at + 1] as number);
      const below = (luma[at + seen.width] as number) + (luma[at + seen.width + 1] as number);
      picture[to] = Math.round((above + below) / 4);
    }
  }
  return picture;
}

/**
 * By how much each of `count` pixels goes into each of `cells` that divide `from..to` (shares of the side) evenly; row
 * by row. A pixel that bar and picture share is dimmed by the bar, which is black: it counts for more.
 */
function cellWeights(count: number, cells: number, from: number, to: number): Float32Array {
  const weights = new Float32Array(cells * count);
  const size = ((to - from) * count) / cells;
  for (let cell = 0; cell < cells; cell++) {
    const [start, end] = [from * count + cell * size, from * count + (cell + 1) * size];
    for (let pixel = Math.floor(start); pixel < Math.min(count, Math.ceil(end)); pixel++) {
      const covered = Math.min(pixel + 1, end) - Math.max(pixel, start);
      const lit = Math.min(pixel + 1, to * count) - Math.max(pixel, from * count);
      weights[cell * count + pixel] = covered / size / Math.max(lit, 0.25);
    }
  }
  return weights;
}

function gridOf(picture: Uint8Array, across: Float32Array, down: Float32Array, grid: Uint8Array): void {
  const narrow = new Float32Array(kept.height * gridWidth);
  for (let y = 0; y < kept.height; y++) {
    const row = picture.subarray(y * kept.width, (y + 1) * kept.width);
    for (let cell = 0; cell < gridWidth; cell++) narrow[y * gridWidth + cell] = weighted(row, across, cell);
  }
  for (let cell = 0; cell < gridHeight; cell++) {
    for (let x = 0; x < gridWidth; x++) {
      let sum = 0;
      for (let y = 0; y < kept.height; y++) {
        sum += (down[cell * kept.height + y] as number) * (narrow[y * gridWidth + x] as number);
      }
      grid[cell * gridWidth + x] = Math.min(255, Math.round(sum));
    }
  }
}

function weighted(row: Uint8Array, weights: Float32Array, cell: number): number {
  let sum = 0;
  for (let x = 0; x < row.length; x++) sum += (weights[cell * row.length + x] as number) * (row[x] as number);
  return sum;
}
