import { VIEW } from '../../src/provenance/print/grid.ts';

/**
 * The peer: a perceptual hash of each frame, as video hashing tools commonly keep (signs of the 8 x 8 lowest waves of a
 * 32 x 32 picture against their median), and the mean share of bits that differ. It looks for no crop.
 */
const SIDE = 32;
const WAVES = 8;
const BITS = WAVES * WAVES;

const waves = Float64Array.from({ length: WAVES * SIDE }, (_, i) =>
  Math.cos((Math.PI * Math.floor(i / SIDE) * ((i % SIDE) + 0.5)) / SIDE),
);

/** @param sums `sumsOf` a picture @returns the hash in two halves of 32 bits */
export function hashOf(sums: Int32Array): [number, number] {
  const low = lowWaves(small(sums));
  const median = low.toSorted()[BITS / 2] as number;
  const half = (from: number) => {
    let bits = 0;
    for (let n = 0; n < 32; n++) bits = (bits << 1) | ((low[from + n] as number) > median ? 1 : 0);
    return bits;
  };
  return [half(0), half(32)];
}

/** Means of 3 x 2 pixels: the view as 32 x 32. */
function small(sums: Int32Array): Float64Array {
  const [wide, high] = [VIEW.width / SIDE, VIEW.height / SIDE];
  const at = (x: number, y: number) => sums[y * high * (VIEW.width + 1) + x * wide] as number;
  return Float64Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    return at(x + 1, y + 1) - at(x, y + 1) - at(x + 1, y) + at(x, y);
  });
}

function lowWaves(picture: Float64Array): Float64Array {
  const across = new Float64Array(SIDE * WAVES);
  for (let y = 0; y < SIDE; y++)
    for (let u = 0; u < WAVES; u++) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++)
        sum += (picture[y * SIDE + x] as number) * (waves[u * SIDE + x] as number);
      across[y * WAVES + u] = sum;
    }
  return Float64Array.from({ length: BITS }, (_, i) => {
    let sum = 0;
    for (let y = 0; y < SIDE; y++)
      sum +=
        (across[y * WAVES + (i % WAVES)] as number) * (waves[Math.floor(i / WAVES) * SIDE + y] as number);
    return sum;
  });
}

/** Share of bits that differ, over the moments. */
export function apart(a: readonly [number, number][], b: readonly [number, number][]): number {
  let bits = 0;
  for (let n = 0; n < a.length; n++) {
    const [p, q] = [a[n] as [number, number], b[n] as [number, number]];
    bits += ones(p[0] ^ q[0]) + ones(p[1] ^ q[1]);
  }
  return bits / (BITS * a.length);
}

function ones(bits: number): number {
  let v = bits - ((bits >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
