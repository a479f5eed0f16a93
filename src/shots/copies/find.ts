import { alignments } from './align.ts';
import { createBandIndex, type Meeting } from './bands.ts';
import { compared, type Details, type FoundCopy, meritOf, type Way } from './closer.ts';
import { type Hashes, hashesOf, mirrored } from './hash.ts';
import { middleOf, standing } from './likeness.ts';
import { gridCells, type Print } from './prints.ts';
import { parts, type View, views } from './views.ts';

/** Prints of a catalogue, read twice: to know their hashes, and to seek each among them. */
export interface PrintSource {
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
      const found = await compared(print, others[k] as Print, ways, source.detail);
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

function candidatesOf(
  print: Print,
  number: number,
  index: ReturnType<typeof createBandIndex>,
): Map<number, Way[]> {
  const ways = new Map<number, Way[]>();
  const note = ({ view, hashes }: Look, met: Map<number, Meeting[]>) => {
    for (const [other, meetings] of met) {
      const found = waysOf(hashes, index.hashes(other), meetings, view);
      if (found.length > 0) ways.set(other, [...(ways.get(other) ?? []), ...found]);
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

const waysOf = (own: Hashes, other: Hashes, meetings: readonly Meeting[], view: View): Way[] =>
  alignments(own, other, meetings).map((one) => ({ ...one, view }));
