import type { Span, Transition } from './schema.ts';

/**
 * The shots between transitions: everything from `first` to `frames` that no gradual transition takes, divided at cuts.
 * @param transitions in order, not overlapping
 */
export function shotsBetween(transitions: readonly Transition[], frames: number, first = 0): Span[] {
  const shots: Span[] = [];
  let from = first;
  const close = (out: number) => {
    if (out > from) shots.push({ in: from, out });
  };
  for (const { start, end, type } of transitions) {
    close(type === 'cut' ? end : start);
    from = type === 'cut' ? end : end + 1;
  }
  close(frames);
  return shots;
}
