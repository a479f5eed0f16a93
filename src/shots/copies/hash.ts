import { gridCells, gridHeight, gridWidth } from './prints.ts';
import { seenThrough, type View } from './views.ts';

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

const cosines = (count: number, most: number) =>
  Array.from({ length: most }, (_, k) =>
    Float32Array.from({ length: count }, (_, x) => Math.cos((Math.PI * k * (x + 0.5)) / count)),
  );
const [across, down] = [cosines(gridWidth, acrossMost), cosines(gridHeight, downMost)];

/** Root mean square of a grid about its mean, in grey levels, below which it shows too little to be told apart. */
export const flat = 5;

/** Cosine coefficients of a grid in the order of the hash's bits, or null where it is flat. */
function coefficients(grid: Float32Array): Float32Array | null {
  if (spread(grid) < flat) return null;
  const rows = new Float32Array(gridHeight * acrossMost);
  for (let y = 0; y < gridHeight; y++) {
    for (let u = 0; u < acrossMost; u++) {
      const wave = across[u] as Float32Array;
      let sum = 0;
      for (let x = 0; x < gridWidth; x++) sum += (wave[x] as number) * (grid[y * gridWidth + x] as number);
      rows[y * acrossMost + u] = sum;
    }
  }
  return Float32Array.from(frequencies, ({ u, v }) => {
    const wave = down[v] as Float32Array;
    let sum = 0;
    for (let y = 0; y < gridHeight; y++) sum += (wave[y] as number) * (rows[y * acrossMost + u] as number);
    return sum;
  });
}

/** Root mean square of a grid about its mean, in grey levels. */
export function spread(grid: Float32Array): number {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < gridCells; i++) {
    const value = grid[i] as number;
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(0, squares / gridCells - (sum / gridCells) ** 2));
}

/** Hashes of the grids of a shot through a view: two words of 32 bits each, and the bits that are the least sure. */
export interface Hashes {
  count: number;
  words: Uint32Array;
  /** 1 where a grid is flat and has no hash. */
  flat: Uint8Array;
  /** For each grid and band the `weakBits` bits of the band whose coefficients are nearest to nought. */
  weak: Uint8Array;
}

/** A hash is looked up by bands: bit `i` is bit `i / 4` of band `i mod 4`, so that each holds low and high ones. */
export const bands = 4;
export const bandBits = hashBits / bands;
export const weakBits = 3;

/** @param grids `gridCells` bytes each */
export function hashesOf(grids: Uint8Array, view: View): Hashes {
  const count = grids.length / gridCells;
  const seen = seenThrough(view);
  const words = new Uint32Array(2 * count);
  const hashes = {
    count,
    words,
    flat: new Uint8Array(count),
    weak: new Uint8Array(count * bands * weakBits),
  };
  const picture = new Float32Array(gridCells);
  for (let i = 0; i < count; i++) {
    const found = coefficients(seen(grids.subarray(i * gridCells, (i + 1) * gridCells), picture));
    if (found) keepHash(hashes, i, found);
    else hashes.flat[i] = 1;
  }
  return hashes;
}

function keepHash({ words, weak }: Hashes, i: number, found: Float32Array): void {
  for (let bit = 0; bit < hashBits; bit++) {
    if ((found[bit] as number) > 0) turn(words, i, bit);
  }
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
frequencies.forEach(({ u }, bit) => {
  if (u % 2 === 1) turn(mirror, 0, bit);
});

/** The hashes of the same pictures in a mirror: waves that are odd across turn over. */
export function mirrored(hashes: Hashes): Hashes {
  const words = hashes.words.map((word, k) => (word ^ (mirror[k % 2] as number)) >>> 0);
  return { ...hashes, words };
}

/** The 16 bits of a band. */
export const bandOf = (words: Uint32Array, i: number, band: number): number =>
  ((words[2 * i + (band >> 1)] as number) >>> ((band % 2) * bandBits)) & 0xffff;

/** Bits in which two hashes differ. */
export const differing = (a: Uint32Array, i: number, b: Uint32Array, j: number): number =>
  ones((a[2 * i] as number) ^ (b[2 * j] as number)) +
  ones((a[2 * i + 1] as number) ^ (b[2 * j + 1] as number));

function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
