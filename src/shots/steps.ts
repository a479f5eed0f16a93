import type { History, SeenFrame } from './history.ts';

// How far frames lie apart, as root mean square distances of their cells, in grey levels.

/** From the frame before. */
export const stepAt = (history: History, at: number): number => Math.sqrt(history.distance(at - 1, at));

export const isHeld = (history: History, k: number): boolean => k >= history.first && k < history.end;

/** A frame, or the nearest one that is held. */
export const frameNear = (history: History, k: number): SeenFrame => history.at(heldNear(history, k));

export const heldNear = (history: History, k: number): number =>
  Math.min(history.end - 1, Math.max(history.first, k));

/** The steps between the held frames `from..to`, both included. */
export function stepsIn(history: History, from: number, to: number): number[] {
  const steps: number[] = [];
  for (let k = Math.max(history.first, from) + 1; k <= Math.min(history.end - 1, to); k++)
    steps.push(stepAt(history, k));
  return steps;
}

/** 0 where there are none. */
export const largestOf = (steps: readonly number[]): number => Math.max(0, ...steps);

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** The upper one of two in the midst; 0 where there are none. */
export const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Largest distance of two of the frames `from..to`. */
export function spread(history: History, from: number, to: number): number {
  let most = 0;
  for (let a = from; a <= to; a++) {
    for (let b = a + 1; b <= to; b++) most = Math.max(most, history.distance(a, b));
  }
  return Math.sqrt(most);
}

/** Smallest distance of one of the frames `from..at - 1` from one of `at..to`. */
export function closest(history: History, from: number, at: number, to: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let a = from; a < at; a++) {
    for (let b = at; b <= to; b++) least = Math.min(least, history.distance(a, b));
  }
  return Math.sqrt(least);
}

/** Of the two sides of something the lesser and the greater, so that film run backwards reads the same. */
export const sides = <Name extends string>(name: Name, [a, b]: readonly [number, number]) =>
  ({ [`${name}Least`]: Math.min(a, b), [`${name}Most`]: Math.max(a, b) }) as Record<
    `${Name}Least` | `${Name}Most`,
    number
  >;
