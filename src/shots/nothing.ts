import { kept } from './confidence.ts';
import { isBlank } from './fades.ts';
import type { History } from './history.ts';
import type { FoundTransition } from './schema.ts';
import { isHeld } from './steps.ts';
import { sliverFrames } from './tile.ts';

/**
 * A dissolve into nothing or out of it is a fade, of which the picture went too fast for the rule for fades. It is one with
 * what fades on the other side, unless nothing lasts over a second.
 * @param found in order
 */
export function withFadesToNothing(
  history: History,
  found: readonly FoundTransition[],
  second: number,
): FoundTransition[] {
  const whole: FoundTransition[] = [];
  for (const one of found) {
    const next = isOfNothing(history, one) ? { ...one, type: 'fade' as const } : one;
    const at = whole.findLastIndex(isKept);
    const last = whole[at];
    const isOne =
      last && isSureFade(last) && isSureFade(next) && isNothingBetween(history, last, next, second);
    if (isOne) whole[at] = joined(last, next);
    else whole.push(next);
  }
  return whole;
}

const isKept = ({ confidence }: FoundTransition): boolean => confidence >= kept;

const isSureFade = (one: FoundTransition): boolean => one.type === 'fade' && isKept(one);

const isOfNothing = (history: History, one: FoundTransition): boolean =>
  one.type === 'dissolve' &&
  isKept(one) &&
  [
    ...framesFrom(one.start - 1 - sliverFrames, one.start),
    ...framesFrom(one.end + 1, one.end + 2 + sliverFrames),
  ].some((k) => isNothing(history, k));

const isNothing = (history: History, k: number): boolean => isHeld(history, k) && isBlank(history, k);

const framesFrom = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

/**
 * But for a frame or two at either end, which are no shot. Where the two touch, the second begins with nothing: the rule for fades
 * gives a frame or two of it to a fade.
 */
function isNothingBetween(history: History, a: FoundTransition, b: FoundTransition, second: number): boolean {
  const [from, to] = [a.end + 1, Math.max(b.start, a.end + 2)];
  if (to - from > second) return false;
  const blank = framesFrom(from, to).map((k) => isNothing(history, k));
  const [first, last] = [blank.indexOf(true), blank.lastIndexOf(true)];
  const isWhole = first >= 0 && !blank.slice(first, last).includes(false);
  const isAlike = isWhole && history.distance(from + first, from + last) < otherNothing ** 2;
  return isAlike && first <= sliverFrames && blank.length - 1 - last <= sliverFrames;
}

/** Grey levels between two kinds of nothing, as white and black; the foot of a fade is less from what it ends in. */
const otherNothing = 32;

const joined = (a: FoundTransition, b: FoundTransition): FoundTransition => ({
  ...{ start: a.start, end: Math.max(a.end, b.end), type: 'fade' },
  confidence: Math.min(a.confidence, b.confidence),
});
