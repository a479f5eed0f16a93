/** MT19937 (Matsumoto and Nishimura, 1998) as torch's CPU generator uses it: seeded with the low 32 bits of a seed. */

const size = 624;
const shift = 397;

/** The generator's numbers, each 0 .. 2^32 - 1. */
export function mersenneTwister(seed: number): () => number {
  const state = seeded(seed >>> 0);
  let at = size;
  return () => {
    if (at === size) {
      renew(state);
      at = 0;
    }
    return tempered(state[at++] ?? 0);
  };
}

function seeded(seed: number): Uint32Array {
  const state = new Uint32Array(size);
  state[0] = seed;
  for (let i = 1; i < size; i++) {
    const last = state[i - 1] ?? 0;
    state[i] = Math.imul(1812433253, last ^ (last >>> 30)) + i;
  }
  return state;
}

function renew(state: Uint32Array): void {
  for (let i = 0; i < size; i++) {
    const mixed = ((state[i] ?? 0) & 0x80000000) | ((state[(i + 1) % size] ?? 0) & 0x7fffffff);
    state[i] = (state[(i + shift) % size] ?? 0) ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
  }
}

function tempered(value: number): number {
  let y = value;
  y ^= y >>> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  y ^= y >>> 18;
  return y >>> 0;
}
