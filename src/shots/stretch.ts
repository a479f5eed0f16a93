/** Frames `start..end`, both included. */
export interface Stretch {
  start: number;
  end: number;
}

/**
 * The first of those that overlap, or lie nearer to each other than some frames.
 * @param ranked the likeliest first
 * @param gap frames that must lie between two; 0: they may touch
 */
export function apart<One extends Stretch>(ranked: readonly One[], gap = 1): One[] {
  const first: One[] = [];
  for (const one of ranked) {
    if (!first.some((k) => k.start <= one.end + gap && k.end >= one.start - gap)) first.push(one);
  }
  return first;
}
