/** Size of the frames that the detector sees: small enough to hold seconds of film, large enough for layout. */
export const seenWidth = 64;
export const seenHeight = 36;
export const seenBytes = seenWidth * seenHeight * 3;

/** Pixels of a seen frame averaged into one cell, each way. */
const cellSize = 4;
export const columns = seenWidth / cellSize;
export const rows = seenHeight / cellSize;
const components = columns * rows * 3;

/** Colours that pictures are counted in. */
export const paletteBins = 64;

/** What is kept of one frame, until it is dropped: then another takes its place. Levels are grey levels in 0..255. */
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
  /** Mean luma, and its mean absolute change from the frame before: 0 in the first. */
  level: number;
  change: number;
  /** Mean square distance of the cells from those of the frame `lag` before, at index `lag`; not a number until it is asked for. */
  back: Float32Array;
  /** Its colours, and those of it and the frames after it (`colours.ts`): first not a number until they are asked for. */
  palette: Float32Array;
  paletteOn: Float32Array;
  /** For block matching (`unmatched.ts`), once it is asked for. */
  plane: Plane | null;
  /** For edges that cross (`crossing.ts`), once it is asked for. */
  profile: Profile | null;
}

/** Columns and rows, two pixels thick each, that a profile divides the frame into, and each of these into bands. */
export const profileLines = [seenWidth / 2, seenHeight / 2] as const;
export const profileBands = 6;
/** Mean luma of the bands, column by column, and row by row. */
export type Profile = readonly [Float32Array, Float32Array];

/** Luma and, at the first pixel of each block that fits into the frame, the block's mean and the sum of its first quarter. */
export interface Plane {
  luma: Float32Array;
  means: Float32Array;
  quarters: Float32Array;
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
  /** Takes a copy. */
  add(pixels: Uint8Array): SeenFrame;
  at(index: number): SeenFrame;
  /** Mean square distance in cells of two frames at most `reach` apart. */
  distance(a: number, b: number): number;
  /** Forgets the frames before `index`. */
  drop(index: number): void;
}

/** @param first index of the first frame to come */
export function createHistory(reach: number, first = 0): History {
  let frames: SeenFrame[] = [];
  let last: SeenFrame | null = null;
  let dropped: SeenFrame[] = [];
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
      last = filled(dropped.pop() ?? blankFrame(reach, take), pixels, last);
      frames.push(last);
      return last;
    },
    distance: (a, b) => (a > b ? distanceOf(at(a), at(b), a - b) : distanceOf(at(b), at(a), b - a)),
    drop: (index) => {
      const count = Math.max(0, Math.min(index - first, frames.length));
      dropped = dropped.concat(frames.slice(0, count));
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

/** Its memory is used again and again: new pieces for each frame would keep the collector busy all film long. */
function blankFrame(reach: number, take: Take): SeenFrame {
  const [luma, cells] = [take(seenWidth * seenHeight), take(components)];
  const [palette, paletteOn, back] = [take(paletteBins), take(paletteBins), take(reach + 1)];
  const sums = { contrast: 0, light: 0, detail: 0, level: 0, change: 0 };
  return {
    pixels: new Uint8Array(seenBytes),
    luma,
    cells,
    ...sums,
    back,
    palette,
    paletteOn,
    plane: null,
    profile: null,
  };
}

/** @param last the frame before */
function filled(frame: SeenFrame, pixels: Uint8Array, last: SeenFrame | null): SeenFrame {
  const { luma, cells, palette, paletteOn, back } = frame;
  frame.pixels.set(pixels);
  readPixels(pixels, luma, cells.fill(0));
  back.fill(Number.NaN)[0] = 0;
  [palette[0], paletteOn[0], frame.plane, frame.profile] = [Number.NaN, Number.NaN, null, null];
  return Object.assign(frame, levels(cells), stepsOf(luma, last?.luma ?? luma));
}

/** One walk over the pixels for both: each is looked at once. */
function readPixels(pixels: Uint8Array, luma: Float32Array, cells: Float32Array): void {
  for (let at = 0, i = 0, cell = 0; i < luma.length; cell = rowOfCells(i)) {
    for (const end = i + seenWidth; i < end; cell += 3) {
      let [r, g, b] = [0, 0, 0];
      for (const next = i + cellSize; i < next; i++, at += 3) {
        const red = pixels[at] as number;
        const green = pixels[at + 1] as number;
        const blue = pixels[at + 2] as number;
        luma[i] = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        r += red;
        g += green;
        b += blue;
      }
      addColour(cells, cell, r / pixelsInCell, g / pixelsInCell, b / pixelsInCell);
    }
  }
}

const pixelsInCell = cellSize ** 2;

/** The first component of the cells that the line of the pixel `i` goes into. */
const rowOfCells = (i: number): number => 3 * columns * Math.floor(i / (cellSize * seenWidth));

function addColour(cells: Float32Array, at: number, r: number, g: number, b: number): void {
  cells[at] = (cells[at] as number) + r;
  cells[at + 1] = (cells[at + 1] as number) + g;
  cells[at + 2] = (cells[at + 2] as number) + b;
}

/** One walk over luma for three sums. The last line has none below it. */
function stepsOf(luma: Float32Array, last: Float32Array): Pick<SeenFrame, 'detail' | 'level' | 'change'> {
  let [squares, sum, change] = [0, 0, 0];
  const count = luma.length - seenWidth;
  for (let at = 0; at < luma.length; at++) {
    const here = luma[at] as number;
    sum += here;
    change += Math.abs(here - (last[at] as number));
    if (at >= count) continue;
    const right = (luma[at + 1] as number) - here;
    const below = (luma[at + seenWidth] as number) - here;
    squares += right * right + below * below;
  }
  return { detail: squares / count, level: sum / luma.length, change: change / luma.length };
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

/** Mean square distance of a picture, RGB bytes as frames are seen, from a frame in cells. */
export function distanceFrom(pixels: Uint8Array, { cells }: SeenFrame): number {
  const own = new Float32Array(components);
  readPixels(pixels, new Float32Array(seenWidth * seenHeight), own);
  return squareDistance(own, cells);
}

function squareDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < components; i++) {
    const step = (a[i] as number) - (b[i] as number);
    sum += step * step;
  }
  return sum / components;
}
