import { bandBits, bandOf, bands, differing, type Hashes, weakBits } from './hash.ts';

/** Grids of a band's value above which it tells nothing: such a picture is everywhere (a studio's logo, a plain sky). */
const commonest = 4000;
/** Bits of 64 in which a grid and its copy may differ to be noticed. */
export const near = 16;
/** Meetings kept of a pair of shots: enough to know where they lie on each other. */
const meetingsKept = 48;

/** Grids of two shots that look alike: `own` of the shot asked about, `other` of the one found. */
export interface Meeting {
  own: number;
  other: number;
}

/** Hashes of all shots, found by any of four bands of 16 bits, so that no pair of shots is compared without a reason. */
export interface BandIndex {
  /** @returns the number of the shot: 0, 1, ... */
  add(hashes: Hashes): number;
  /** Shots that share grids with these, but for number `self`. @param within bits in which they may differ */
  meet(hashes: Hashes, self: number, within?: number): Map<number, Meeting[]>;
  hashes(number: number): Hashes;
}

export function createBandIndex(): BandIndex {
  const shots: Hashes[] = [];
  const postings = new Map<number, number[]>();
  return {
    add: (hashes) => {
      const number = shots.push(hashes) - 1;
      post(postings, hashes, number);
      return number;
    },
    meet: (hashes, self, within = near) => meetings({ postings, shots, within }, hashes, self),
    hashes: (number) => shots[number] as Hashes,
  };
}

/** A grid's place as one number: shots by the million, grids of a shot by the 65,536. */
const gridsMost = 65_536;

function post(postings: Map<number, number[]>, hashes: Hashes, number: number): void {
  for (let band = 0; band < bands; band++) {
    let before = -1;
    for (let i = 0; i < Math.min(hashes.count, gridsMost); i++) {
      const value = hashes.flat[i] ? -1 : bandOf(hashes.words, i, band);
      // A picture that stands is posted once.
      if (value >= 0 && value !== before) listOf(postings, band, value).push(number * gridsMost + i);
      before = value;
    }
  }
}

const keyOf = (band: number, value: number): number => band * 2 ** bandBits + value;

function listOf(postings: Map<number, number[]>, band: number, value: number): number[] {
  const key = keyOf(band, value);
  const found = postings.get(key);
  if (found) return found;
  const list: number[] = [];
  postings.set(key, list);
  return list;
}

interface Among {
  postings: ReadonlyMap<number, number[]>;
  shots: readonly Hashes[];
  within: number;
}

function meetings(among: Among, hashes: Hashes, self: number): Map<number, Meeting[]> {
  const met = new Map<number, Meeting[]>();
  for (let own = 0; own < hashes.count; own++) {
    if (hashes.flat[own] || repeats(hashes, own)) continue;
    for (const list of listsOf(among.postings, hashes, own)) {
      for (const place of list) note(met, among, hashes, own, place, self);
    }
  }
  return met;
}

/** The places that share a band with a grid, or nearly do, but for what is everywhere. */
function* listsOf(postings: ReadonlyMap<number, number[]>, hashes: Hashes, own: number) {
  for (let band = 0; band < bands; band++) {
    for (const value of probes(hashes, own, band)) {
      const list = postings.get(keyOf(band, value)) ?? [];
      if (list.length <= commonest) yield list;
    }
  }
}

const repeats = ({ words }: Hashes, i: number): boolean =>
  i > 0 && words[2 * i] === words[2 * i - 2] && words[2 * i + 1] === words[2 * i - 1];

/** A band's value, and those in which its least sure bits are turned. */
function probes({ words, weak }: Hashes, i: number, band: number): number[] {
  const value = bandOf(words, i, band);
  const first = (i * bands + band) * weakBits;
  return Array.from({ length: 2 ** weakBits }, (_, turned) => {
    let probe = value;
    for (let k = 0; k < weakBits; k++) if (turned & (1 << k)) probe ^= 1 << (weak[first + k] as number);
    return probe;
  });
}

function note(
  met: Map<number, Meeting[]>,
  { shots, within }: Among,
  hashes: Hashes,
  own: number,
  place: number,
  self: number,
): void {
  const number = Math.floor(place / gridsMost);
  const other = place % gridsMost;
  if (number === self || differing(hashes.words, own, (shots[number] as Hashes).words, other) > within)
    return;
  const list = met.get(number);
  if (!list) met.set(number, [{ own, other }]);
  else if (list.length < meetingsKept) list.push({ own, other });
}
