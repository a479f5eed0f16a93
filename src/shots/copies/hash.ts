import { gridCells, gridHeight, gridWidth, leastOverlap } from './prints.ts';
import { lookups, type View } from './views.ts';

/** Bits of a hash: signs of the lowest 64 cosine coefficients of a grid but its mean. */
export const hashBits = 64;
const [acrossMost, downMost] = [10, 8];

/** Frequencies, the lowest first; a step down counts for more because the picture is wide. */
const frequencies = Array.from({ length: acrossMost * downMost }, (_, i) => ({
  u: i % acrossMost,
  v: Math.floor(i / acrossMost),
}))
  .filter(({ u, v }) => u + v > 0)
  .sort((a, b) => a.u ** 2 + 1.7 * a.v ** 2 - (b.u ** 2 + 1.7 * b.v ** 2) || a.u - b.u)
  .slice(0, hashBits);

/**
 * Root mean square of a grid about its mean, in grey levels, below which it shows too little to be told apart. Datasets refuse
 * shots of which too little is above it, as no copy of them is found: their own limit for clips that show nothing may be lower.
 */
export const flat = 5;

/**
 * Cosine coefficients of what a view shows of a grid, in the order of the hash's bits; false where it is flat. Looking through a
 * view and taking waves apart are both sums of a side's cells, so that one sum does both.
 */
function wavesThrough(view: View) {
  const across = sidesWaves(gridWidth, acrossMost, view.x0, view.x1);
  const down = sidesWaves(gridHeight, downMost, view.y0, view.y1);
  const [grid, rows] = [new Float64Array(gridCells), new Float64Array(gridHeight * acrossMost)];
  return (picture: Uint8Array | Float32Array, out: Float32Array): boolean => {
    grid.set(picture);
    if (spreadThrough(grid, across, down) < flat) return false;
    for (let y = 0; y < gridHeight; y++) {
      for (let u = 0; u < acrossMost; u++) {
        rows[u * gridHeight + y] = product(across, u * gridWidth, grid, y * gridWidth, gridWidth);
      }
    }
    frequencies.forEach(({ u, v }, bit) => {
      out[bit] = product(down, v * gridHeight, rows, u * gridHeight, gridHeight);
    });
    return true;
  };
}

/** Sum of products of `count` numbers of each, from a place on. */
function product(a: Float64Array, from: number, b: Float64Array, at: number, count: number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += (a[from + k] as number) * (b[at + k] as number);
  return sum;
}

/** What each cell of a side counts for in the side's waves through a view; of length one each, row by row. */
function sidesWaves(cells: number, most: number, from: number, to: number): Float64Array {
  const { at, share } = lookups(cells, from, to, false);
  const waves = new Float64Array(most * cells);
  for (let wave = 0; wave < most; wave++) {
    const size = Math.sqrt((wave === 0 ? 1 : 2) / cells);
    for (let cell = 0; cell < cells; cell++) {
      const value = size * Math.cos((Math.PI * wave * (cell + 0.5)) / cells);
      const [left, right] = [wave * cells + (at[cell] as number), share[cell] as number];
      waves[left] = (waves[left] as number) + value * (1 - right);
      waves[left + 1] = (waves[left + 1] as number) + value * right;
    }
  }
  return waves;
}

/** Root mean square about its mean of what a view shows, the first wave of a side being its sum. */
function spreadThrough(grid: Float64Array, across: Float64Array, down: Float64Array): number {
  let [all, sum, squares] = [0, 0, 0];
  for (let y = 0; y < gridHeight; y++) {
    for (let x = 0; x < gridWidth; x++) {
      const counts = (down[y] as number) * (across[x] as number);
      const value = grid[y * gridWidth + x] as number;
      all += counts;
      sum += counts * value;
      squares += counts * value * value;
    }
  }
  return Math.sqrt(Math.max(0, squares / all - (sum / all) ** 2));
}

/** Root mean square of a grid about its mean, in grey levels. */
export function spread(grid: Float32Array | Uint8Array): number {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < gridCells; i++) {
    const value = grid[i] as number;
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(0, squares / gridCells - (sum / gridCells) ** 2));
}

/** The most that one of a shot's pictures shows; null where it has none. @param grids `gridCells` bytes each; @returns grey levels, as `spread` */
export function contrastIn(grids: Uint8Array): number | null {
  let most: number | null = null;
  for (let at = 0; at < grids.length; at += gridCells)
    most = Math.max(most ?? 0, spread(grids.subarray(at, at + gridCells)));
  return most;
}

/** Whether so much of a shot shows something that copies of it can be found. @param grids `gridCells` bytes each */
export function isComparable(grids: Uint8Array): boolean {
  let solid = 0;
  for (let at = 0; at < grids.length && solid < leastOverlap; at += gridCells) {
    if (spread(grids.subarray(at, at + gridCells)) >= flat) solid++;
  }
  return solid >= leastOverlap;
}

/** Hashes of the grids of a shot through a view. */
export interface Hashes {
  count: number;
  /** Two of 32 bits for each grid. */
  words: Uint32Array;
  /** 1 where a grid is flat and has no hash. */
  flat: Uint8Array;
  /** What the bits are signs of, `hashBits` for each grid, as parts of 127 of their length: the picture, small. */
  waves: Int8Array;
  /** For each grid and band the `weakBits` bits of the band whose coefficients are nearest to nought. */
  weak: Uint8Array;
}

/** A hash is looked up by bands: bit `i` is bit `i / 4` of band `i mod 4`, so that each holds low and high ones. */
export const bands = 4;
export const bandBits = hashBits / bands;
export const weakBits = 2;

/** @param grids `gridCells` bytes each */
export function hashesOf(grids: Uint8Array, view: View): Hashes {
  const count = grids.length / gridCells;
  const read = wavesOf(view);
  const hashes = {
    count,
    words: new Uint32Array(2 * count),
    flat: new Uint8Array(count),
    waves: new Int8Array(hashBits * count),
    weak: new Uint8Array(count * bands * weakBits),
  };
  const found = new Float32Array(hashBits);
  for (let i = 0; i < count; i++) {
    if (read(grids.subarray(i * gridCells, (i + 1) * gridCells), found)) keepHash(hashes, i, found);
    else hashes.flat[i] = 1;
  }
  return hashes;
}

const known = new WeakMap<View, ReturnType<typeof wavesThrough>>();

/** Made once for each of the views in which all shots are looked at. */
function wavesOf(view: View): ReturnType<typeof wavesThrough> {
  const found = known.get(view) ?? wavesThrough(view);
  known.set(view, found);
  return found;
}

function keepHash({ words, weak, waves }: Hashes, i: number, found: Float32Array): void {
  let squares = 0;
  for (let bit = 0; bit < hashBits; bit++) {
    if ((found[bit] as number) > 0) turn(words, i, bit);
    squares += (found[bit] as number) ** 2;
  }
  const part = 127 / Math.max(1e-9, Math.sqrt(squares));
  for (let bit = 0; bit < hashBits; bit++)
    waves[i * hashBits + bit] = Math.round((found[bit] as number) * part);
  for (let band = 0; band < bands; band++) {
    for (let k = 0, above = -1; k < weakBits; k++) {
      const bit = smallestAbove(found, band, above);
      above = Math.abs(found[bit] as number);
      weak[(i * bands + band) * weakBits + k] = (bit - band) / bands;
    }
  }
}

/** Turns a bit of a hash; two bands of 16 bits are in each word. */
function turn(words: Uint32Array, i: number, bit: number): void {
  const band = bit % bands;
  const word = 2 * i + (band >> 1);
  words[word] = ((words[word] as number) ^ (1 << ((band % 2) * bandBits + (bit - band) / bands))) >>> 0;
}

/** The bit of a band whose coefficient is the nearest to nought of those further from it than `above`. */
function smallestAbove(found: Float32Array, band: number, above: number): number {
  let [best, least] = [band, Number.POSITIVE_INFINITY];
  for (let bit = band; bit < hashBits; bit += bands) {
    const size = Math.abs(found[bit] as number);
    if (size > above && size < least) [best, least] = [bit, size];
  }
  return best;
}

const mirror = new Uint32Array(2);
const mirrorSigns = new Int8Array(hashBits).fill(1);
frequencies.forEach(({ u }, bit) => {
  if (u % 2 === 0) return;
  turn(mirror, 0, bit);
  mirrorSigns[bit] = -1;
});

/** The hashes of the same pictures in a mirror: waves that are odd across turn over. */
export function mirrored(hashes: Hashes): Hashes {
  const words = hashes.words.map((word, k) => (word ^ (mirror[k % 2] as number)) >>> 0);
  const waves = hashes.waves.map((wave, k) => wave * (mirrorSigns[k % hashBits] as number));
  return { ...hashes, words, waves };
}

/** The 16 bits of a band. */
export const bandOf = (words: Uint32Array, i: number, band: number): number =>
  ((words[2 * i + (band >> 1)] as number) >>> ((band % 2) * bandBits)) & 0xffff;

/** Bits in which two hashes differ. */
export const differing = (a: Uint32Array, i: number, b: Uint32Array, j: number): number =>
  ones((a[2 * i] as number) ^ (b[2 * j] as number)) +
  ones((a[2 * i + 1] as number) ^ (b[2 * j + 1] as number));

export function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Correlation of two pictures by their waves, -1..1. */
export function wavesAlike(a: Int8Array, i: number, b: Int8Array, j: number): number {
  let sum = 0;
  for (let bit = 0; bit < hashBits; bit++) {
    sum += (a[i * hashBits + bit] as number) * (b[j * hashBits + bit] as number);
  }
  return sum / (127 * 127);
}

const [ownWaves, otherWaves] = [new Float32Array(hashBits), new Float32Array(hashBits)];

/** Bits in which the hashes of two pictures differ; null where one is flat. */
export function bitsApart(own: Float32Array, other: Float32Array, whole: View): number | null {
  const read = wavesOf(whole);
  if (!read(own, ownWaves) || !read(other, otherWaves)) return null;
  let apart = 0;
  for (let bit = 0; bit < hashBits; bit++)
    if ((ownWaves[bit] as number) > 0 !== (otherWaves[bit] as number) > 0) apart++;
  return apart;
}
