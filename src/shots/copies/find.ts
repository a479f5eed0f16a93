import { alignments, pictureAlike } from './align.ts';
import { type BandIndex, createBandIndex, type Meeting } from './bands.ts';
import { compared, type Details, type FoundCopy, meritOf, promising, type Way } from './closer.ts';
import { type Hashes, hashesOf, mirrored } from './hash.ts';
import { middleOf, standing } from './likeness.ts';
import { gridCells, type Print } from './prints.ts';
import { parts, type View, views } from './views.ts';

/** Prints of a catalogue, read twice: to know their hashes, and to seek each among them. */
export interface PrintSource {
  /** False for those that were compared with each other before. */
  isNew(number: number): boolean;
  /** All prints, each time in the same order. */
  all(): AsyncIterable<Print>;
  /** Some of them, by their numbers in that order. */
  some(numbers: readonly number[]): Promise<Print[]>;
  detail: Details;
}

/** Bits of 64 in which a still picture and a part may differ to be noticed: parts are many. */
const nearInPart = 10;
/** Correlation of a shot's pictures with that in its middle, from which on it hardly moves. */
const hardlyMoves = 0.95;

/**
 * Pairs of shots that are copies of each other, in whole or in part: re-encoded, cropped, mirrored, graded anew, shown
 * faster or slower by 4 %. Each shot is sought in all views among the whole pictures of the others, by bands of hashes;
 * what meets is laid on each other in time, and then compared picture by picture. Of two shots at least one is new.
 */
export async function* findCopies(
  source: PrintSource,
  onShot?: (done: number) => void,
): AsyncGenerator<FoundCopy> {
  const { all, fresh } = await indexed(source);
  const best = new Map<string, FoundCopy>();
  let number = 0;
  for await (const print of source.all()) {
    const among = source.isNew(number) ? all : fresh;
    const candidates = [...candidatesOf(print, among === all ? number : -1, among.index)];
    const numbers = candidates.map(([other]) => among.numbers[other] as number);
    const others = await source.some(numbers);
    for (const [k, [, ways]] of candidates.entries()) {
      const found = await compared(print, others[k] as Print, ways, source.detail);
      if (found) keepBetter(best, found, [number, numbers[k] as number]);
    }
    number++;
    onShot?.(number);
  }
  yield* best.values();
}

/** Shots in an index, and their numbers in the source. */
interface Among {
  index: BandIndex;
  numbers: number[];
}

/** All shots, among which the new ones are sought, and the new ones, among which the others are. */
async function indexed(source: PrintSource): Promise<{ all: Among; fresh: Among }> {
  const none = (): Among => ({ index: createBandIndex(), numbers: [] });
  const [all, fresh] = [none(), none()];
  let number = 0;
  for await (const print of source.all()) {
    const hashes = hashesOf(print.grids, views[0] as View);
    for (const { index, numbers } of source.isNew(number) ? [all, fresh] : [all]) {
      index.add(hashes);
      numbers.push(number);
    }
    number++;
  }
  return { all, fresh };
}

/** Each pair is met from both sides; the side from which it is more alike is kept. */
function keepBetter(best: Map<string, FoundCopy>, found: FoundCopy, numbers: [number, number]): void {
  const key = numbers.toSorted((a, b) => a - b).join();
  const known = best.get(key);
  if (!known || meritOf(found) > meritOf(known)) best.set(key, found);
}

/** The shots that may show what a shot shows, and how they may lie on it: those whose waves are alike there. */
function candidatesOf(print: Print, number: number, index: BandIndex): Map<number, Way[]> {
  const ways = new Map<number, Way[]>();
  const note = ({ view, hashes }: Look, met: Map<number, Meeting[]>) => {
    for (const [other, meetings] of met) {
      const held = index.hashes(other);
      for (const one of alignments(hashes, held, meetings)) {
        const picture = pictureAlike(hashes, held, one);
        if (picture > promising) listOf(ways, other).push({ ...one, view, picture });
      }
    }
  };
  for (const look of looksAt(print)) note(look, index.meet(look.hashes, number));
  if (isStill(print)) {
    for (const { view, hashes } of looksClosely(print)) {
      const met = index.meet(hashes, number, nearInPart);
      if (met.size > 0) note({ view, hashes: hashesThrough(print, view) }, met);
    }
  }
  return ways;
}

function listOf<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const found = lists.get(key) ?? [];
  lists.set(key, found);
  return found;
}

/** A shot that hardly moves meets others by one grid alone, and letters fit only where they are cut alike. */
function isStill(print: Print): boolean {
  const count = print.grids.length / gridCells;
  return count > 0 && standing(print, [...Array(count).keys()]) >= hardlyMoves;
}

/** The middle of a shot in all parts. */
function* looksClosely(print: Print): Generator<Look> {
  const at = middleOf(print);
  const grid = print.grids.subarray(at * gridCells, (at + 1) * gridCells);
  for (const view of parts) yield* bothWays(view, hashesOf(grid, view));
}

const hashesThrough = ({ grids }: Print, view: View): Hashes =>
  view.mirrored ? mirrored(hashesOf(grids, view)) : hashesOf(grids, view);

/** The hashes of a shot in all views. */
function* looksAt(print: Print): Generator<Look> {
  for (const view of views) yield* bothWays(view, hashesOf(print.grids, view));
}

interface Look {
  view: View;
  hashes: Hashes;
}

function* bothWays(view: View, hashes: Hashes): Generator<Look> {
  yield { view, hashes };
  yield { view: { ...view, mirrored: true }, hashes: mirrored(hashes) };
}
