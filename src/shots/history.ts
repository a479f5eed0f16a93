/** Size of the frames that the detector sees: small enough to hold seconds of film, large enough for layout. */
export const seenWidth = 64;
export const seenHeight = 36;
export const seenBytes = seenWidth * seenHeight * 3;

/** Pixels of a seen frame averaged into one cell, each way. */
const cellSize = 4;
export const columns = seenWidth / cellSize;
export const rows = seenHeight / cellSize;
const components = columns * rows * 3;

/** What is kept of one frame. Levels are grey levels in 0..255. */
export interface SeenFrame {
  /** `seenWidth * seenHeight` RGB bytes. */
  pixels: Uint8Array;
  /** BT.709 luma of the pixels, 0..255. */
  luma: Float32Array;
  /** Mean colours of 16 x 9 cells. */
  cells: Float32Array;
  /** Root mean square of the cells about their mean: 0 where the frame is one flat colour. */
  contrast: number;
  /** Root mean square distance of the cells from black. */
  light: number;
  /** Mean square step of luma from pixel to pixel, both ways: halved where two pictures are mixed. */
  detail: number;
  /** Mean square distance of the cells from those of the frame `lag` before, at index `lag`; not a number until it is asked for. */
  back: Float32Array;
}

/**
 * The last frames of a film, and how far each lies from those up to `reach` before it. Frames are addressed by their
 * index in the film; `first` is the oldest held, `end` the next to come.
 */
export interface History {
  readonly first: number;
  readonly end: number;
  /** Largest lag that `distance` answers. */
  readonly reach: number;
  add(pixels: Uint8Array): SeenFrame;
  at(index: number): SeenFrame;
  /** Mean square distance in cells of two frames at most `reach` apart. */
  distance(a: number, b: number): number;
  /** Forgets the frames before `index`. */
  drop(index: number): void;
}

export function createHistory(reach: number): History {
  let frames: SeenFrame[] = [];
  let first = 0;
  const take = floatsInSlabs();
  const at = (index: number): SeenFrame => {
    const frame = frames[index - first];
    if (!frame) throw new RangeError(`frame ${index} is not among ${first}..${first + frames.length - 1}`);
    return frame;
  };
  return {
    reach,
    get first() {
      return first;
    },
    get end() {
      return first + frames.length;
    },
    at,
    add: (pixels) => {
      const frame = seen(pixels, Math.min(reach, frames.length), take);
      frames.push(frame);
      return frame;
    },
    distance: (a, b) => (a > b ? distanceOf(at(a), at(b), a - b) : distanceOf(at(b), at(a), b - a)),
    drop: (index) => {
      const count = Math.max(0, Math.min(index - first, frames.length));
      frames = frames.slice(count);
      first += count;
    },
  };
}

/** Few of all pairs are ever asked for. @returns not a number where they lie further apart than is answered */
function distanceOf(later: SeenFrame, earlier: SeenFrame, lag: number): number {
  const known = later.back[lag] ?? Number.NaN;
  if (!Number.isNaN(known) || lag >= later.back.length) return known;
  const distance = squareDistance(later.cells, earlier.cells);
  later.back[lag] = distance;
  return distance;
}

type Take = (length: number) => Float32Array;

/** Floats of a slab, 2 MB: a piece of memory for each of a frame's arrays would keep the collector busy. */
const slabFloats = 2 ** 19;

/** Gives arrays of zeros that lie in common pieces of memory. */
function floatsInSlabs(): Take {
  let [slab, used] = [new Float32Array(0), 0];
  return (length) => {
    if (used + length > slab.length) [slab, used] = [new Float32Array(slabFloats), 0];
    used += length;
    return slab.subarray(used - length, used);
  };
}

/** @param before how many frames before it are held and within reach */
function seen(pixels: Uint8Array, before: number, take: Take): SeenFrame {
  const cells = meansOfCells(pixels, take(components));
  const luma = lumaOf(pixels, take(seenWidth * seenHeight));
  const back = take(before + 1).fill(Number.NaN);
  back[0] = 0;
  return { pixels, luma, cells, ...levels(cells), detail: detailOf(luma), back };
}

function detailOf(luma: Float32Array): number {
  let sum = 0;
  const count = luma.length - seenWidth;
  for (let at = 0; at < count; at++) {
    const here = luma[at] as number;
    const right = (luma[at + 1] as number) - here;
    const below = (luma[at + seenWidth] as number) - here;
    sum += right * right + below * below;
  }
  return sum / count;
}

function lumaOf(pixels: Uint8Array, plane: Float32Array): Float32Array {
  for (let i = 0, at = 0; i < plane.length; i++, at += 3) {
    plane[i] =
      0.2126 * (pixels[at] as number) +
      0.7152 * (pixels[at + 1] as number) +
      0.0722 * (pixels[at + 2] as number);
  }
  return plane;
}

const rowBytes = 3 * seenWidth;
const cellBytes = 3 * cellSize;

function meansOfCells(pixels: Uint8Array, cells: Float32Array): Float32Array {
  for (let row = 0, cell = 0; row < rows; row++) {
    const top = row * cellSize * rowBytes;
    for (let left = top; left < top + rowBytes; left += cellBytes) {
      for (let at = left; at < left + 3; at++) cells[cell++] = sumOfCell(pixels, at) / cellSize ** 2;
    }
  }
  return cells;
}

/** @param first byte of the channel in the cell's first pixel */
function sumOfCell(pixels: Uint8Array, first: number): number {
  let sum = 0;
  for (let line = first, y = 0; y < cellSize; y++, line += rowBytes) {
    for (let at = line; at < line + cellBytes; at += 3) sum += pixels[at] as number;
  }
  return sum;
}

/** Contrast is taken about the mean of each channel. */
function levels(cells: Float32Array): { contrast: number; light: number } {
  const sums = [0, 0, 0];
  let squares = 0;
  for (let i = 0; i < components; i++) {
    const value = cells[i] as number;
    sums[i % 3] = (sums[i % 3] as number) + value;
    squares += value * value;
  }
  const ofMeans = sums.reduce((total, sum) => total + (sum * sum) / (columns * rows), 0);
  return {
    contrast: Math.sqrt(Math.max(0, squares - ofMeans) / components),
    light: Math.sqrt(squares / components),
  };
}

function squareDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < components; i++) {
    const step = (a[i] as number) - (b[i] as number);
    sum += step * step;
  }
  return sum / components;
}
