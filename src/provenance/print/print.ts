import { blocksOf, LEAST_MOMENTS } from './coarse.ts';
import { CELLS, cellsOf, linesOf, STRIDE, sumsOf, WHOLE } from './grid.ts';

/** What is compared with fingerprints: a file, looked at `LOOKS_PER_SECOND` times a second. */
export interface Looks {
  /** `sumsOf` the picture at each look. */
  sums: readonly Int32Array[];
  /** looks x BLOCKS */
  blocks: Float32Array;
}

/** Changes whenever fingerprints made before cannot be compared with those made now. */
export const PRINT_VERSION = 1;

/** Standard deviation of the cells, in grey levels, under which a picture shows too little to be told from others. */
const FLAT = 3;

/** @param pictures VIEW.height x VIEW.width each, at `LOOKS_PER_SECOND` */
export function looksOf(pictures: readonly Uint8Array[]): Looks {
  const sums = pictures.map(sumsOf);
  return { sums, blocks: blocksOf(cellsAt(sums)) };
}

/** A fingerprint: every `STRIDE`th look as the means of its cells, moments x CELLS, 0..255; or why there is none. */
export function printOf({ sums }: Looks): { cells: Uint8Array } | { reason: string } {
  const cells = Uint8Array.from(cellsAt(sums.filter((_, n) => n % STRIDE === 0)), Math.round);
  if (cells.length < LEAST_MOMENTS * CELLS) return { reason: 'too short' };
  return deviation(cells) < FLAT ? { reason: 'too little to see' } : { cells };
}

function cellsAt(sums: readonly Int32Array[]): Float64Array {
  const out = new Float64Array(sums.length * CELLS);
  const lines = linesOf(WHOLE);
  sums.forEach((picture, n) => void cellsOf(picture, lines, out, n * CELLS));
  return out;
}

function deviation(values: Uint8Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
