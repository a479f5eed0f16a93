import type { Transition } from '../../src/shots/index.ts';
import { round, wilson } from './score.ts';

/** Frames by which a cut may be off. */
const tolerance = 1;

interface Count {
  wanted: number;
  found: number;
  hits: number;
}

/** How what was found meets what is there, over any number of films. Each true transition is met by at most one. */
export interface Judgement {
  cuts: Count;
  gradual: Count;
  /** The same for a detector that names no kinds: what it finds in a gradual transition is right, and no false cut. */
  kindless: { cuts: Count; gradual: Count };
  /** Met by nothing of either kind, and found where nothing is. */
  missed: number;
  extra: number;
  /** Found at a flash or strobe. */
  atBursts: number;
  /** Frames by which the ends of gradual transitions are off. */
  edges: number[];
}

const isCut = ({ type }: Transition): boolean => type === 'cut';

export function judge(
  truth: readonly Transition[],
  found: readonly Transition[],
  bursts: readonly (readonly [number, number])[] = [],
): Judgement {
  const free = new Set(found);
  const pairs = truth.flatMap((want) => {
    const one = nearest(want, [...free]);
    if (one) free.delete(one);
    return one ? [[want, one] as const] : [];
  });
  const same = pairs.filter(([want, one]) => isCut(want) === isCut(one));
  const soft = same.filter(([want]) => !isCut(want));
  const count = (list: readonly Transition[], cut: boolean) => list.filter((t) => isCut(t) === cut).length;
  const met = pairs.filter(([want]) => !isCut(want)).length;
  const [sharp, smooth] = [count(truth, true), count(truth, false)];
  return {
    cuts: { wanted: sharp, found: count(found, true), hits: same.length - soft.length },
    gradual: { wanted: smooth, found: count(found, false), hits: soft.length },
    kindless: {
      cuts: { wanted: sharp, found: found.length - met, hits: pairs.length - met },
      gradual: { wanted: smooth, found: met, hits: met },
    },
    missed: truth.length - pairs.length,
    extra: free.size,
    atBursts: [...free].filter((one) =>
      bursts.some(([from, to]) => one.start <= to + 2 && one.end >= from - 2),
    ).length,
    edges: soft.flatMap(([want, one]) => [Math.abs(want.start - one.start), Math.abs(want.end - one.end)]),
  };
}

function nearest(want: Transition, free: readonly Transition[]): Transition | undefined {
  const off = (one: Transition) => Math.abs(one.start + one.end - want.start - want.end);
  return free.filter((one) => meets(want, one)).toSorted((a, b) => off(a) - off(b))[0];
}

function meets(want: Transition, one: Transition): boolean {
  if (isCut(want) && isCut(one)) return Math.abs(one.end - want.end) <= tolerance;
  return one.start <= want.end && one.end >= want.start;
}

export function together(all: readonly Judgement[]): Judgement {
  const sum = (read: (one: Judgement) => number) => all.reduce((total, one) => total + read(one), 0);
  const of = (read: (one: Judgement) => Count): Count => ({
    wanted: sum((one) => read(one).wanted),
    found: sum((one) => read(one).found),
    hits: sum((one) => read(one).hits),
  });
  return {
    ...{ cuts: of((one) => one.cuts), gradual: of((one) => one.gradual) },
    kindless: { cuts: of((one) => one.kindless.cuts), gradual: of((one) => one.kindless.gradual) },
    ...{ missed: sum((one) => one.missed), extra: sum((one) => one.extra) },
    ...{ atBursts: sum((one) => one.atBursts), edges: all.flatMap(({ edges }) => edges) },
  };
}

export const f1Of = ({ wanted, found, hits }: Count): number => round((2 * hits) / (wanted + found));
export const recallOf = ({ wanted, hits }: Count) => share(hits, wanted);
export const precisionOf = ({ found, hits }: Count) => share(hits, found);
export const errorsOf = ({ missed, extra }: Judgement): number => missed + extra;

const share = (hits: number, count: number) => ({
  value: count === 0 ? null : round(hits / count),
  unit: '',
  n: count,
  ...wilson(hits, count),
});
