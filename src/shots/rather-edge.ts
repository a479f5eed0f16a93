import { readBlend } from './blends.ts';
import { type CrossingModel, positionsBy } from './crossing.ts';
import { distanceFrom, type History, seenBytes, seenHeight, seenWidth } from './history.ts';
import type { Stretch } from './stretch.ts';

/**
 * Whether an edge that crosses leaves less of the frames `start..end` than a mixture of those before and after them does, in cells of
 * the picture. The few bands by which edges are found do not tell: there an edge leaves .05 to .08 of a dissolve between two places
 * of one layout, sky over ground, and up to .2 of a true edge over shots that move (ADR 0129).
 */
export function isRatherEdge(history: History, { start, end }: Stretch, model: CrossingModel): boolean {
  const [a, b] = [history.at(start - 1), history.at(end + 1)];
  const { left, apart } = readBlend(history, start, end);
  const positions = positionsBy(history, start - 1, end + 1, model);
  const offs = positions.map((share, i) =>
    distanceFrom(picture(a.pixels, b.pixels, share, model), history.at(start + i)),
  );
  return offs.reduce((sum, off) => sum + off, 0) / offs.length < left * apart;
}

/** The picture that an edge shows which has come `share` of its way. */
function picture(before: Uint8Array, next: Uint8Array, share: number, model: CrossingModel): Uint8Array {
  const out = new Uint8Array(seenBytes);
  const lines = model.axis === 0 ? seenWidth : seenHeight;
  const gone = Math.round(share * lines);
  const at = (line: number) => (model.isBack ? lines - 1 - line : line);
  for (let line = 0; line < lines; line++) {
    const isNext = line < gone;
    const moved = isNext ? lines - gone : -gone;
    const seen = model[isNext ? 'next' : 'before'] === 'moves' ? line + moved : line;
    copyLine(isNext ? next : before, at(seen), out, at(line), model.axis);
  }
  return out;
}

/** Copies one column (`axis` 0) or row (1) of a picture to where it is in another. */
function copyLine(from: Uint8Array, seen: number, to: Uint8Array, line: number, axis: 0 | 1): void {
  const [along, across, count] = axis === 0 ? [3, 3 * seenWidth, seenHeight] : [3 * seenWidth, 3, seenWidth];
  // A view of each pixel would be most of what is done here, and of what the collector has to clear.
  for (let i = 0, source = seen * along, target = line * along; i < count; i++) {
    for (let channel = 0; channel < 3; channel++) to[target + channel] = from[source + channel] as number;
    source += across;
    target += across;
  }
}
