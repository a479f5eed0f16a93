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
