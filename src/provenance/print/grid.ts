/** The grids that fingerprints are made on. Pictures are stretched to them, whatever their shape. */

/** Pixels of luminance that a picture is read as. */
export const VIEW = { width: 96, height: 64 } as const;
/** Cells whose means a fingerprint keeps of a picture. */
export const GRID = { columns: 24, rows: 16 } as const;
export const CELLS = GRID.columns * GRID.rows;
/** A file is looked at this often; of what is found there a fingerprint keeps every `STRIDE`th, from the first. */
export const LOOKS_PER_SECOND = 12;
export const STRIDE = 2;

const WIDE = VIEW.width + 1;
/** Share of a cell's side that a picture must show for the cell to count. */
const SHOWN = 0.75;

/** What of a fingerprint's picture another picture shows, in shares of its sides; 0, 1, 0, 1 is all of it. */
export interface Window {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export const WHOLE: Window = { left: 0, right: 1, top: 0, bottom: 1 };

/** Where the lines of a grid fall in a picture, as a whole pixel and a share of the next; cells are cut to the picture. */
export interface Lines {
  at: Int32Array;
  part: Float64Array;
  /** Width of each cell in pixels; 0 where too little of it is shown. */
  span: Float64Array;
}

/**
 * Sums over all pixels above and to the left, so that the mean of any rectangle is four reads.
 * @param pixels VIEW.height x VIEW.width, 0..255
 * @returns (VIEW.height + 1) x (VIEW.width + 1)
 */
export function sumsOf(pixels: Uint8Array): Int32Array {
  const sums = new Int32Array(WIDE * (VIEW.height + 1));
  for (let y = 0; y < VIEW.height; y++) {
    let row = 0;
    for (let x = 0; x < VIEW.width; x++) {
      row += pixels[y * VIEW.width + x] as number;
      sums[(y + 1) * WIDE + x + 1] = row + (sums[y * WIDE + x + 1] as number);
    }
  }
  return sums;
}

export const linesOf = ({ left, right, top, bottom }: Window): { columns: Lines; rows: Lines } => ({
  columns: linesAlong(GRID.columns, VIEW.width, left, right),
  rows: linesAlong(GRID.rows, VIEW.height, top, bottom),
});

function linesAlong(cells: number, pixels: number, from: number, to: number): Lines {
  const at = new Int32Array(cells + 1);
  const part = new Float64Array(cells + 1);
  const span = new Float64Array(cells);
  const whole = pixels / (cells * (to - from));
  let before = 0;
  for (let n = 0; n <= cells; n++) {
    const place = Math.min(pixels, Math.max(0, ((n / cells - from) / (to - from)) * pixels));
    const pixel = Math.min(pixels - 1, Math.floor(place));
    at[n] = pixel;
    part[n] = place - pixel;
    if (n > 0 && place - before >= SHOWN * whole) span[n - 1] = place - before;
    before = place;
  }
  return { at, part, span };
}

/** Which cells lines show: 1 or 0 for each, row by row. */
export function shownOf({ columns, rows }: { columns: Lines; rows: Lines }): Uint8Array {
  return Uint8Array.from({ length: CELLS }, (_, i) => {
    const [row, column] = [Math.floor(i / GRID.columns), i % GRID.columns];
    return (rows.span[row] as number) * (columns.span[column] as number) > 0 ? 1 : 0;
  });
}

/** Writes the cells' means in a picture from `offset` on; those that are not shown are left as they were. */
export function cellsOf(
  sums: Int32Array,
  { columns, rows }: { columns: Lines; rows: Lines },
  out: Float64Array,
  offset: number,
): void {
  let above = sumsAlong(sums, columns, rows, 0);
  for (let row = 0; row < GRID.rows; row++) {
    const below = sumsAlong(sums, columns, rows, row + 1);
    const high = rows.span[row] as number;
    for (let column = 0; column < GRID.columns; column++) {
      const area = high * (columns.span[column] as number);
      const right = (below[column + 1] as number) - (above[column + 1] as number);
      const left = (below[column] as number) - (above[column] as number);
      if (area > 0) out[offset + row * GRID.columns + column] = (right - left) / area;
    }
    above = below;
  }
}

/** The sums along one line of rows, at each line of columns; between pixels in proportion. */
function sumsAlong(sums: Int32Array, columns: Lines, rows: Lines, line: number): Float64Array {
  const out = new Float64Array(GRID.columns + 1);
  const start = (rows.at[line] as number) * WIDE;
  const down = rows.part[line] as number;
  for (let c = 0; c <= GRID.columns; c++) {
    const i = start + (columns.at[c] as number);
    const right = columns.part[c] as number;
    const upper = (sums[i] as number) * (1 - right) + (sums[i + 1] as number) * right;
    const lower = (sums[i + WIDE] as number) * (1 - right) + (sums[i + WIDE + 1] as number) * right;
    out[c] = upper * (1 - down) + lower * down;
  }
  return out;
}
