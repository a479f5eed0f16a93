import type { FoundTransition, Span, Transition } from './schema.ts';

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

/** So few frames beside a gradual transition are no shot: its end was read a little too early, or its start too late. */
export const sliverFrames = 2;

/**
 * Gradual transitions take slivers beside them: of two the surer does.
 * @param transitions in order, not overlapping; cuts no closer to a gradual one than a sliver
 */
export function withoutSlivers(transitions: readonly FoundTransition[], frames: number): FoundTransition[] {
  const whole = transitions.map((one) => ({ ...one }));
  for (const span of shotsBetween(whole, frames)) {
    if (span.out - span.in > sliverFrames) continue;
    const beside = whole.filter(
      ({ type, start, end }) => type !== 'cut' && (end + 1 === span.in || start === span.out),
    );
    const surest = beside.toSorted((a, b) => b.confidence - a.confidence)[0];
    if (surest?.start === span.out) surest.start = span.in;
    else if (surest) surest.end = span.out - 1;
  }
  return whole;
}
