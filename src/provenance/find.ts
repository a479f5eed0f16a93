import { resolve } from 'node:path';
import { type Context, fileHash } from '../jobs/index.ts';
import { withdrawalsOn } from '../train/index.ts';
import type { Found, FoundTake } from './find-schema.ts';
import { foundWords } from './find-words.ts';
import { LOOKS_PER_SECOND, STRIDE } from './print/grid.ts';
import { keepPrints } from './print/keep.ts';
import { type Candidate, compared, likelier, type Match, type Print } from './print/match.ts';
import type { Looks } from './print/print.ts';
import { readLooks, tooShort } from './print/read.ts';
import { comparedMoments, likelierMoments, type Moment } from './print/still.ts';
import { printPages, reasonsWithout } from './print/store.ts';
import { type Limit, STILLS, VIDEOS } from './print/threshold.ts';
import { siblingsAmong } from './sibling.ts';
import { readRecord, readTake } from './store.ts';

/**
 * Finds the takes of which a file is a copy, of which it holds copies, or of which it is a picture, by what it shows: without a signature,
 * encoded again, scaled, cropped or made brighter. Takes made before fingerprints were kept get theirs first.
 * @throws BacklotError `no-such-file`, `no-video`, `video-too-short`, `video-too-long`
 */
export async function findTakes(context: Context, path: string): Promise<Found> {
  const file = resolve(path);
  const looks = await readLooks(file, context.signal);
  const failed = await keepPrints(context);
  const { count, matches, near } = await search(context, looks);
  const [nearest] = near.length > 0 ? [] : matches;
  const still = isStill(looks);
  const facts = {
    ...{ file, sha256: await fileHash(file), still, compared: count },
    seconds: still ? 0 : looks.sums.length / LOOKS_PER_SECOND,
    unprinted: [...failed, ...(await reasonsWithout(context.db))],
    matches: await described(context, near, still),
    nearest: nearest ? { take: nearest.take, distance: nearest.distance } : null,
    ...limitOf(looks),
  };
  return { ...facts, words: foundWords(facts) };
}

const isStill = ({ sums }: Looks): boolean => sums.length === 1;

const limitOf = (looks: Looks): Limit => (isStill(looks) ? STILLS : VIDEOS);

/** The takes that a video is a copy of, by the fingerprints that are kept; one of a single frame is too short. @throws BacklotError as `findTakes` */
export async function takesShownBy(context: Context, path: string): Promise<string[]> {
  const looks = await readLooks(path, context.signal);
  if (isStill(looks)) throw tooShort(path, 1);
  const { near } = await search(context, looks);
  return near.map(({ take }) => take);
}

/**
 * Of the takes that a video is a copy of, or holds copies of, those that are none of `named` and lie where none of these is as near, nor one of the
 * same origin: takes that are nearly alike lie in the same moments, and which of them is nearer is chance. A single picture is of a named one
 * wherever it, or another take of its origin, can be: takes that were given the same picture begin alike, whatever drew them. @throws BacklotError as `findTakes`
 */
export async function takesShownBeside(
  context: Context,
  path: string,
  named: ReadonlySet<string>,
): Promise<{ takes: string[]; still: boolean }> {
  const looks = await readLooks(path, context.signal);
  const { near } = await search(context, looks);
  const areSiblings = await siblingsAmong(context.db, [...named, ...near.map(({ take }) => take)]);
  if (isStill(looks)) return { takes: ofNone(near, named, areSiblings), still: true };
  const found = near.filter(({ take }) => named.has(take));
  const isSibling = (match: Match) =>
    found.some((one) => areSiblings(one.take, match.take) && isBesides(one, match));
  const own = near.filter((match) => named.has(match.take) || isSibling(match));
  const explained = (match: Match) =>
    own.some((one) => one.distance <= match.distance && isBesides(one, match));
  return { takes: near.flatMap((match) => (explained(match) ? [] : [match.take])), still: false };
}

function ofNone(
  near: readonly Match[],
  named: ReadonlySet<string>,
  areSiblings: (one: string, other: string) => boolean,
): string[] {
  const own = ({ take }: Match) => named.has(take) || [...named].some((one) => areSiblings(one, take));
  return near.some(own) ? [] : near.map(({ take }) => take);
}

/** Whether all moments of the file in which the other lies are also those of the one. */
function isBesides(one: Match, other: Match): boolean {
  const [from, to] = spanOf(one);
  const [first, last] = spanOf(other);
  return from <= first + STRIDE && last <= to + STRIDE;
}

/** The looks of a file at which a take's moments lie. */
const spanOf = ({ at, moments }: Match): [from: number, to: number] => [
  Math.max(0, at),
  Math.max(0, at) + moments * STRIDE,
];

interface Searched {
  /** Fingerprints that were compared. */
  count: number;
  /** The nearest first. */
  matches: Match[];
  /** Those within the limit. */
  near: Match[];
}

async function search(context: Context, looks: Looks): Promise<Searched> {
  const { count, matches } = isStill(looks)
    ? await searched<Moment>(context, looks, likelierMoments, comparedMoments)
    : await searched<Candidate>(context, looks, likelier, compared);
  const { threshold } = limitOf(looks);
  return { count, matches, near: matches.filter(({ distance }) => distance <= threshold) };
}

async function searched<T>(
  { db, signal }: Context,
  looks: Looks,
  likeliest: (looks: Looks, prints: readonly Print[], kept: readonly T[]) => T[],
  closely: (looks: Looks, candidates: readonly T[]) => Match[],
) {
  let candidates: T[] = [];
  let count = 0;
  for await (const page of printPages(db)) {
    signal.throwIfAborted();
    candidates = likeliest(looks, page, candidates);
    count += page.length;
  }
  return { count, matches: closely(looks, candidates) };
}

async function described(context: Context, matches: readonly Match[], still: boolean): Promise<FoundTake[]> {
  const ids = matches.map(({ take }) => take);
  const withdrawn = await withdrawalsOn(context.db, 'take', ids);
  return Promise.all(
    matches.map(async (match) => ({
      ...(await recordOf(context, match.take)),
      ...placeOf(match, still),
      withdrawn: withdrawn.get(match.take) ?? [],
    })),
  );
}

async function recordOf({ db }: Context, id: string) {
  const take = await readTake(db, id);
  const record = await readRecord(db, id);
  const text = String((take.brief as { text?: unknown }).text ?? '');
  return {
    ...{ take: id, brief: take.briefId, text, seed: take.seed, madeAt: take.madeAt.toISOString() },
    ...{ recordDigest: record?.recordDigest ?? null, signedSha256: record?.signedSha256 ?? null },
  };
}

function placeOf({ distance, window, at, moments }: Match, still: boolean) {
  const { left, right, top, bottom } = window;
  const sides = { left, right: 1 - right, top, bottom: 1 - bottom };
  const cropped = Object.fromEntries(
    Object.entries(sides).map(([side, share]) => [side, Math.round(share * 1000) / 1000]),
  ) as FoundTake['cropped'];
  const place = { distance: Math.max(0, distance), cropped };
  if (still) return { ...place, from: 0, seconds: 0, moment: -at / LOOKS_PER_SECOND };
  const seconds = (moments * STRIDE) / LOOKS_PER_SECOND;
  return { ...place, from: Math.max(0, at) / LOOKS_PER_SECOND, seconds, moment: null };
}
