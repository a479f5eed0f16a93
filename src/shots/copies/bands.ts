import { growing } from './growing.ts';
import { bandBits, bandOf, bands, differing, type Hashes, hashBits, ones, weakBits } from './hash.ts';

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

/** What is held of a shot's grids: their hashes and waves, not what looks a shot up. */
export type Held = Omit<Hashes, 'weak'>;

/** Hashes of all shots, found by any of four bands of 16 bits, so that no pair of shots is compared without a reason. */
export interface BandIndex {
  /** @returns the number of the shot: 0, 1, ... */
  add(hashes: Hashes): number;
  /** Shots that share grids with these, but for number `self`. @param within bits in which they may differ */
  meet(hashes: Hashes, self: number, within?: number): Map<number, Meeting[]>;
  hashes(number: number): Held;
}

/** Shots are added first, then looked up: 1.6 million grids (100,000 shots of four seconds) take 210 MB. */
export function createBandIndex(): BandIndex {
  const pile = createPile();
  let postings: Postings | null = null;
  return {
    add: (hashes) => {
      postings = null;
      return pile.add(hashes);
    },
    meet: (hashes, self, within = near) => {
      postings ??= posted(pile.all());
      return meetings(postings, hashes, self, within);
    },
    hashes: pile.held,
  };
}

/** The grids of all shots in one row, and with which each shot begins. */
interface Pile {
  starts: Uint32Array;
  words: Uint32Array;
  flat: Uint8Array;
}

function createPile() {
  const starts = growing(Uint32Array);
  const [words, flat, waves] = [growing(Uint32Array), growing(Uint8Array), growing(Int8Array)];
  starts.push([0]);
  return {
    add: (hashes: Hashes): number => {
      words.push(hashes.words);
      flat.push(hashes.flat);
      waves.push(hashes.waves);
      return starts.push([flat.length()]) - 2;
    },
    all: (): Pile => ({ starts: starts.all(), words: words.all(), flat: flat.all() }),
    held: (number: number): Held => {
      const [from, to] = starts.all().subarray(number, number + 2) as unknown as [number, number];
      return {
        count: to - from,
        words: words.all().subarray(2 * from, 2 * to),
        flat: flat.all().subarray(from, to),
        waves: waves.all().subarray(hashBits * from, hashBits * to),
      };
    },
  };
}

/** The grids of each value of each band, one list after the other, with their hashes beside them: they are read in a row. */
interface Postings {
  /** Where the list of a band's value begins; it ends where the next one begins. */
  begins: Uint32Array;
  /** Three numbers for each: the grid's place in the pile, and its hash. */
  grids: Uint32Array;
  /** The shot of each grid of the pile. */
  owners: Uint32Array;
  starts: Uint32Array;
}

const values = bands * 2 ** bandBits;
const keyOf = (band: number, value: number): number => band * 2 ** bandBits + value;

function posted({ starts, words, flat }: Pile): Postings {
  const owners = ownersOf(starts);
  const begins = new Uint32Array(values + 1);
  eachPosting(owners, words, flat, (key) => {
    begins[key + 1] = (begins[key + 1] as number) + 1;
  });
  for (let key = 0; key < values; key++) {
    begins[key + 1] = (begins[key + 1] as number) + (begins[key] as number);
  }
  const [next, grids] = [begins.slice(), new Uint32Array(3 * (begins[values] as number))];
  eachPosting(owners, words, flat, (key, place) => {
    const at = 3 * (next[key] as number);
    next[key] = (next[key] as number) + 1;
    grids[at] = place;
    grids[at + 1] = words[2 * place] as number;
    grids[at + 2] = words[2 * place + 1] as number;
  });
  return { begins, grids, owners, starts };
}

function ownersOf(starts: Uint32Array): Uint32Array {
  const owners = new Uint32Array(starts.at(-1) ?? 0);
  for (let shot = 0; shot + 1 < starts.length; shot++) {
    owners.fill(shot, starts[shot] as number, starts[shot + 1] as number);
  }
  return owners;
}

/** Each grid under each of its bands' values; a picture that stands once. */
function eachPosting(
  owners: Uint32Array,
  words: Uint32Array,
  flat: Uint8Array,
  post: (key: number, place: number) => void,
): void {
  for (let place = 0; place < owners.length; place++) {
    if (flat[place]) continue;
    const isFirst = place === 0 || owners[place] !== owners[place - 1] || flat[place - 1] === 1;
    for (let band = 0; band < bands; band++) {
      const value = bandOf(words, place, band);
      if (isFirst || value !== bandOf(words, place - 1, band)) post(keyOf(band, value), place);
    }
  }
}

function meetings(postings: Postings, hashes: Hashes, self: number, within: number): Map<number, Meeting[]> {
  const met = new Map<number, Meeting[]>();
  for (let own = 0; own < hashes.count; own++) {
    if (hashes.flat[own] || repeats(hashes, own)) continue;
    for (let band = 0; band < bands; band++) {
      for (const value of probes(hashes, own, band)) {
        meetList(postings, keyOf(band, value), hashes, own, within, (shot, other) => {
          if (shot !== self) note(met, shot, { own, other });
        });
      }
    }
  }
  return met;
}

/** Tells of the grids of a list that are near to a grid, but for what is everywhere. */
function meetList(
  { begins, grids, owners, starts }: Postings,
  key: number,
  { words }: Hashes,
  own: number,
  within: number,
  tell: (shot: number, other: number) => void,
): void {
  const [from, to] = [begins[key] as number, begins[key + 1] as number];
  if (to - from > commonest) return;
  const [low, high] = [words[2 * own] as number, words[2 * own + 1] as number];
  for (let at = 3 * from; at < 3 * to; at += 3) {
    const distance = ones(low ^ (grids[at + 1] as number)) + ones(high ^ (grids[at + 2] as number));
    if (distance > within) continue;
    const place = grids[at] as number;
    const shot = owners[place] as number;
    tell(shot, place - (starts[shot] as number));
  }
}

const repeats = ({ words }: Hashes, i: number): boolean => i > 0 && differing(words, i, words, i - 1) === 0;

/** A band's value, and those in which its least sure bits are turned. */
function probes({ words, weak }: Hashes, i: number, band: number): Uint16Array {
  const value = bandOf(words, i, band);
  const first = (i * bands + band) * weakBits;
  for (let turned = 0; turned < probed.length; turned++) {
    let probe = value;
    for (let k = 0; k < weakBits; k++) if (turned & (1 << k)) probe ^= 1 << (weak[first + k] as number);
    probed[turned] = probe;
  }
  return probed;
}

/** Filled anew for each band looked up: it is asked for thousands of times a shot. */
const probed = new Uint16Array(2 ** weakBits);

function note(met: Map<number, Meeting[]>, shot: number, meeting: Meeting): void {
  const list = met.get(shot);
  if (!list) met.set(shot, [meeting]);
  else if (list.length < meetingsKept) list.push(meeting);
}
