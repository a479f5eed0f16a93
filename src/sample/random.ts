import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded stream of random values; the same seed gives the same stream on every machine. */
export interface Rng {
  /** Real value in [low, high). */
  range(low: number, high: number): number;
  /** Integer in [low, high], both included. */
  int(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
}

/**
 * 32-bit FNV-1a over the parts joined by '/', finished with murmur3's mixer: neighbouring indexes would
 * otherwise start xoroshiro in neighbouring states, and their first draws would agree.
 */
export function seedOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const char of parts.join('/')) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Draws thrown away first: xoroshiro spreads a 32-bit seed over its state only after some steps. */
const WARM_UP = 12;

export function rngOf(...parts: readonly (string | number)[]): Rng {
  const source = xoroshiro128plus(seedOf(...parts));
  for (let i = 0; i < WARM_UP; i++) source.next();
  const unit = () => uniformFloat64(source);
  const int = (low: number, high: number) => uniformInt(source, low, high);
  return {
    range: (low, high) => low + (high - low) * unit(),
    int,
    pick: (items) => items[int(0, items.length - 1)] as (typeof items)[number],
    chance: (probability) => unit() < probability,
  };
}

/** The items in a seeded order (Fisher-Yates); the input stays as it is. */
export function shuffled<T>(rng: Rng, items: readonly T[]): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = rng.int(0, i);
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}
