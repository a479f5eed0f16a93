import type { Transition } from '../../src/shots/index.ts';
import { round, wilson } from './score.ts';

/** Frames by which a cut may be off. */
const tolerance = 1;

/** How what was found meets what is there, over any number of films. Each true transition is met by at most one. */
export interface Judgement {
  cuts: { wanted: number; found: number; hits: number };
  gradual: { wanted: number; found: number; hits: number };
  /** Met by something of the other kind: a cut in a dissolve, a dissolve over a cut. */
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
  return {
    cuts: { wanted: count(truth, true), found: count(found, true), hits: same.length - soft.length },
    gradual: { wanted: count(truth, false), found: count(found, false), hits: soft.length },
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
  const of = (kind: 'cuts' | 'gradual') => ({
    wanted: sum((one) => one[kind].wanted),
    found: sum((one) => one[kind].found),
    hits: sum((one) => one[kind].hits),
  });
  return {
    ...{ cuts: of('cuts'), gradual: of('gradual') },
    ...{ missed: sum((one) => one.missed), extra: sum((one) => one.extra) },
    ...{ atBursts: sum((one) => one.atBursts), edges: all.flatMap(({ edges }) => edges) },
  };
}

export const f1Of = ({ wanted, found, hits }: Judgement['cuts']): number =>
  round((2 * hits) / (wanted + found));
export const recallOf = ({ wanted, hits }: Judgement['cuts']) => share(hits, wanted);
export const precisionOf = ({ found, hits }: Judgement['cuts']) => share(hits, found);
export const errorsOf = ({ missed, extra }: Judgement): number => missed + extra;

const share = (hits: number, count: number) => ({
  value: count === 0 ? null : round(hits / count),
  unit: '',
  n: count,
  ...wilson(hits, count),
});
