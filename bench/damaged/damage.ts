import { type Rng, rngOf } from '../../src/sample/random.ts';
import type { Source } from './sources.ts';

/** How many files of each kind of damage. */
export const KINDS = {
  'cut off': 300,
  'bytes flipped': 300,
  'header gone': 250,
  'wrong suffix': 120,
  'zero length': 30,
} as const;

export type Kind = keyof typeof KINDS;

export interface Damaged {
  kind: Kind;
  name: string;
  bytes: Buffer;
}

/** Suffixes that say something else: other films, sound, text, pictures, sidecars, nothing. */
const SUFFIXES = [
  '.mp4',
  '.mkv',
  '.avi',
  '.mp3',
  '.txt',
  '.png',
  '.srt',
  '.csv',
  '.json',
  '.xml',
  '.exe',
  '',
];

/** The n-th damaged file of a kind: the same seed gives the same bytes. @param share of the counts above */
export function* damagedFiles(sources: readonly Source[], seed: number, share = 1): Generator<Damaged> {
  for (const [kind, count] of Object.entries(KINDS) as [Kind, number][]) {
    for (let n = 0; n < Math.ceil(count * share); n++) {
      const source = sources[n % sources.length] as Source;
      yield damaged(kind, n, source, rngOf('damaged', kind, n, seed));
    }
  }
}

function damaged(kind: Kind, n: number, { name, extension, bytes }: Source, rng: Rng): Damaged {
  const stem = `${kind.replace(' ', '-')}-${String(n).padStart(3, '0')}-${name}`;
  const suffix = kind === 'wrong suffix' ? rng.pick(SUFFIXES.filter((one) => one !== extension)) : extension;
  return { kind, name: stem + suffix, bytes: DAMAGES[kind](bytes, rng) };
}

const DAMAGES: Record<Kind, (bytes: Buffer, rng: Rng) => Buffer> = {
  'cut off': (bytes, rng) => bytes.subarray(0, Math.max(1, Math.floor(bytes.length * rng.range(0, 1)))),
  'bytes flipped': (bytes, rng) => flipped(bytes, rng),
  'header gone': (bytes, rng) => headless(bytes, rng),
  'wrong suffix': (bytes) => bytes,
  'zero length': () => Buffer.alloc(0),
};

/** From a single byte to one in a hundred, anywhere, the header too. */
function flipped(bytes: Buffer, rng: Rng): Buffer {
  const copy = Buffer.from(bytes);
  const most = Math.max(1, Math.floor(bytes.length / 100));
  const count = Math.ceil(most ** rng.range(0, 1));
  for (let i = 0; i < count; i++) {
    const at = rng.int(0, copy.length - 1);
    copy[at] = (copy[at] as number) ^ rng.int(1, 255);
  }
  return copy;
}

/** The first 16 bytes to 4 KiB are missing, or overwritten with zeros. */
function headless(bytes: Buffer, rng: Rng): Buffer {
  const gone = Math.min(bytes.length - 1, Math.floor(2 ** rng.range(4, 12)));
  return rng.chance(0.5) ? bytes.subarray(gone) : Buffer.concat([Buffer.alloc(gone), bytes.subarray(gone)]);
}
