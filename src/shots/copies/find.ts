import { type Aligned, alignments } from './align.ts';
import { createBandIndex, type Meeting } from './bands.ts';
import { type Hashes, hashesOf, mirrored } from './hash.ts';
import { isSecondTake } from './kinds.ts';
import { type Fit, glance, type Likeness, likenessOf, merit, refined } from './likeness.ts';
import type { Print } from './prints.ts';
import { type View, views } from './views.ts';

/** Two shots of which one shows what the other shows. `fit` looks at `a` and lays it on `b`. */
export interface FoundCopy {
  a: Print;
  b: Print;
  fit: Fit;
  likeness: Likeness;
}

/** Prints of a catalogue, read twice: to know their hashes, and to seek each among them. */
export interface PrintSource {
  /** All prints, each time in the same order. */
  all(): AsyncIterable<Print>;
  /** Some of them, by their numbers in that order. */
  some(numbers: readonly number[]): Promise<Print[]>;
}

/** Ways of lying on each other that are looked at closely, of a pair of shots. */
const closelyMost = 3;
/** Correlation of a few pictures before the fit is improved, below which it is not tried. */
const promising = 0.6;

/**
 * Pairs of shots that are copies of each other, in whole or in part: re-encoded, cropped, mirrored, graded anew, shown
 * faster or slower by 4 %. Each shot is sought in all views among the whole pictures of the others, by bands of hashes;
 * what meets is laid on each other in time, and then compared picture by picture.
 */
export async function* findCopies(
  source: PrintSource,
  onShot?: (done: number) => void,
): AsyncGenerator<FoundCopy> {
  const index = createBandIndex();
  for await (const print of source.all()) index.add(hashesOf(print.grids, views[0] as View));
  const best = new Map<string, FoundCopy>();
  let number = 0;
  for await (const print of source.all()) {
    const candidates = candidatesOf(print, number, index);
    const others = await source.some([...candidates.keys()]);
    for (const [k, [other, ways]] of [...candidates].entries()) {
      const found = compared(print, others[k] as Print, ways);
      if (found) keepBetter(best, found, [number, other]);
    }
    number++;
    onShot?.(number);
  }
  yield* best.values();
}

/** Each pair is met from both sides; the side from which it is more alike is kept. */
function keepBetter(best: Map<string, FoundCopy>, found: FoundCopy, numbers: [number, number]): void {
  const key = numbers.toSorted((a, b) => a - b).join();
  const known = best.get(key);
  if (!known || meritOf(found) > meritOf(known)) best.set(key, found);
}

const meritOf = ({ likeness, fit }: FoundCopy): number => merit(likeness.picture, fit);

interface Way extends Aligned {
  view: View;
}

function candidatesOf(
  print: Print,
  number: number,
  index: ReturnType<typeof createBandIndex>,
): Map<number, Way[]> {
  const ways = new Map<number, Way[]>();
  for (const [view, hashes] of looksAt(print)) {
    for (const [other, meetings] of index.meet(hashes, number)) {
      const found = waysOf(hashes, index.hashes(other), meetings, view);
      if (found.length > 0) ways.set(other, [...(ways.get(other) ?? []), ...found]);
    }
  }
  return ways;
}

/** The hashes of a shot in all views. */
function* looksAt(print: Print): Generator<[View, Hashes]> {
  for (const view of views) {
    const hashes = hashesOf(print.grids, view);
    yield [view, hashes];
    // A part in the middle is the same part of a mirrored picture.
    yield [{ ...view, mirrored: true }, mirrored(hashes)];
  }
}

const waysOf = (own: Hashes, other: Hashes, meetings: readonly Meeting[], view: View): Way[] =>
  alignments(own, other, meetings).map((one) => ({ ...one, view }));

function compared(a: Print, b: Print, ways: readonly Way[]): FoundCopy | null {
  const likely = ways
    .toSorted((x, y) => y.score - x.score)
    .slice(0, 2 * closelyMost)
    .map((fit) => ({ fit, picture: glance(a, b, fit) }))
    .filter(({ picture }) => picture > promising)
    .sort((x, y) => merit(y.picture, y.fit) - merit(x.picture, x.fit))
    .slice(0, closelyMost);
  let best: FoundCopy | null = null;
  for (const { fit } of likely) {
    const closer = refined(a, b, fit);
    const found = { a, b, fit: closer, likeness: likenessOf(a, b, closer) };
    if (isCopy(found.likeness) && !isSecondTake(found) && (!best || meritOf(found) > meritOf(best)))
      best = found;
  }
  return best;
}

/** Change of a picture from grid to grid, as a share of its contrast, from which on it must be the same change. */
const moving = 0.05;
/** The faster a picture moves, the less alike are moments an eighth of a second apart, and the surer is the same change. */
const alike = [
  { picture: 0.85, change: 0.5 },
  { picture: 0.78, change: 0.75 },
];
const stillAlike = 0.96;

/**
 * What moves must move alike: one place seen twice by one camera looks alike without being a copy. What stands must be
 * the very picture.
 */
export function isCopy({ picture, change, motion }: Likeness): boolean {
  if (motion < moving) return picture >= stillAlike;
  return alike.some((least) => picture >= least.picture && change >= least.change);
}
