import { isDoubtful } from './confidence.ts';
import type { OnSettled } from './detector.ts';
import type { GrownFile } from './grown-file.ts';
import { seenBytes } from './history.ts';
import type { FoundTransition } from './schema.ts';

/** Frames on each side of what is doubtful that the network sees too. */
const aroundFrames = 20;

/** A window of film that the network is to look at. */
export interface Doubt {
  found: FoundTransition;
  /** Its first frame, and how many. */
  from: number;
  frames: number;
}

/**
 * How many frames lie in windows, each counted once. The network sees each window by itself all the same: what else it saw would
 * move its answers (by up to .025 in a film of twelve windows), and what reads them learned from windows of this length.
 */
export function framesIn(doubts: readonly Doubt[]): number {
  let [count, to] = [0, 0];
  for (const { from, frames } of doubts.toSorted((a, b) => a.from - b.from)) {
    count += Math.max(0, from + frames - Math.max(from, to));
    to = Math.max(to, from + frames);
  }
  return count;
}

/** Keeps the doubtful windows of a film in one file, so that memory does not grow with their number. */
export interface DoubtBook {
  onSettled: OnSettled;
  doubts: readonly Doubt[];
}

/** @param known those whose frames the file holds already */
export function createDoubtBook(file: GrownFile, known: readonly Doubt[] = []): DoubtBook {
  const doubts = [...known];
  const onSettled: OnSettled = (found, history) => {
    if (!isDoubtful(found)) return;
    const from = Math.max(history.first, found.start - aroundFrames);
    const frames = Math.min(history.end, found.end + 1 + aroundFrames) - from;
    const bytes = Buffer.allocUnsafe(frames * seenBytes);
    for (let k = 0; k < frames; k++) bytes.set(history.at(from + k).pixels, k * seenBytes);
    doubts.push({ found, from, frames });
    file.add(bytes);
  };
  return { onSettled, doubts };
}
