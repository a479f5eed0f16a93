import type { Forests } from '../../../src/shots/forests.ts';
import type { Forest } from '../../../src/shots/trees.ts';
import { type BoostOptions, boost } from './boost.ts';
import type { Question } from './examples.ts';

export type LessonName = keyof Forests;

interface Lesson {
  /** Seeds of the composed films that it is taught with; that of the bench and of the demo is not among them. */
  seeds: readonly number[];
  /** Overlap over union from which on a stretch is the transition, and up to which it is none: between, nothing is learned. */
  yes: number;
  no: number;
  options: BoostOptions;
}

const seeds = Array.from({ length: 10 }, (_, i) => 11 + i);
const common = { rate: 0.12, leastWeight: 1, ridge: 1 };

export const lessons: Record<LessonName, Lesson> = {
  cuts: { seeds, yes: 1, no: 0, options: { ...common, trees: 100, depth: 4, trueWeight: 3 } },
  // Every stretch of every length is a question: of fewer seeds there are enough.
  sketch: {
    ...{ seeds: seeds.slice(0, 6), yes: 0.6, no: 0.25 },
    options: { ...common, trees: 50, depth: 3, trueWeight: 1 },
  },
  gradual: { seeds, yes: 0.5, no: 0.2, options: { ...common, trees: 200, depth: 3, trueWeight: 0.5 } },
};

export const lessonNames = Object.keys(lessons) as LessonName[];

/** Drawn studios that all are taught with. */
export const studios = [
  ...[101, 102, 103, 104].map((seed) => [seed, 'tiny'] as const),
  [201, 'demo'] as const,
];

/** What is clearly one or clearly none. */
export function clearOnes(name: LessonName, questions: readonly Question[]): Question[] {
  const { yes, no } = lessons[name];
  return questions.filter(({ alike }) => alike >= yes || alike <= no);
}

export function taught(name: LessonName, questions: readonly Question[]): Forest {
  const { yes, options } = lessons[name];
  const clear = clearOnes(name, questions);
  const names = Object.keys((clear[0] as Question).features);
  const examples = clear.map(({ features, alike }) => ({
    features: Object.values(features),
    isTrue: alike >= yes,
  }));
  return boost(names, examples, options);
}
